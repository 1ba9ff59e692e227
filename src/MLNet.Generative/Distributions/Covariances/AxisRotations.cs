namespace MLNet.Generative;

/// <summary>
/// Turns axes D that all components share until the variances along them fit best: minimises Σ_k N_k log t_k1 … t_kD, or with equal volumes Σ_k N_k (t_k1 … t_kD)^(1/D),
/// where t_kj is the j-th diagonal entry of DᵀS_k D.
/// </summary>
/// <remarks>
/// Rotations of two axes at a time, as in the algorithm of Flury and Gautschi (1986) for common principal components, but for both objectives and with a search of the whole
/// angle: two axes turned by θ have t = m ± (δ cos 2θ + o sin 2θ) with m and δ half the sum and difference of their variances and o their covariance.
/// </remarks>
internal sealed class AxisRotations
{
    private const int MaximumNumberOfSweeps = 200;
    private const int NumberOfAngles = 16;
    private const int LargestNumberOfHalvings = 8;
    private const double SmallestAngle = 1e-9;
    private const double SmallestGain = 1e-12;

    private readonly int _dimension;
    private readonly bool _hasEqualVolumes;
    private readonly double _floor;
    private readonly double[] _shares;
    private readonly double[][] _rotated;
    private readonly double[] _restOfVolume;

    /// <param name="scatters">N_k and S_k.</param>
    /// <param name="axes">The axes to start from, in columns.</param>
    /// <param name="floor">Smaller variances count as this.</param>
    /// <param name="hasEqualVolumes">Which objective.</param>
    public AxisRotations(ComponentScatters scatters, double[] axes, double floor, bool hasEqualVolumes)
    {
        _dimension = scatters.Dimension;
        _hasEqualVolumes = hasEqualVolumes;
        _floor = floor;
        _shares = Array.ConvertAll(scatters.Weights, weight => weight / scatters.TotalWeight);
        _rotated = Array.ConvertAll(scatters.Matrices, matrix => Rotate(matrix, axes));
        _restOfVolume = new double[_shares.Length];
        Axes = (double[])axes.Clone();
    }

    /// <summary>D.</summary>
    public double[] Axes { get; }

    /// <summary>t_kj.</summary>
    public double[][] Squares() =>
        Array.ConvertAll(_rotated, matrix => (double[])[.. Enumerable.Range(0, _dimension).Select(j => Math.Max(0, matrix[j * _dimension + j]))]);

    /// <summary>Turns pairs of axes until none gains anything, first by a search over the whole angle, then by Newton's method, at last by a search again.</summary>
    public void Minimize()
    {
        bool searches = true;
        for (int sweep = 0; sweep < MaximumNumberOfSweeps; sweep++)
        {
            double largest = 0;
            for (int p = 0; p < _dimension - 1; p++)
            {
                for (int q = p + 1; q < _dimension; q++)
                    largest = Math.Max(largest, Improve(p, q, searches));
            }
            if (largest > SmallestAngle)
                searches = false;
            else if (searches)
                break;
            else
                searches = true;
        }
    }

    /// <summary>Turns two axes.</summary>
    /// <returns>The angle.</returns>
    private double Improve(int p, int q, bool searches)
    {
        for (int k = 0; k < _restOfVolume.Length && _hasEqualVolumes; k++)
        {
            double sum = 0;
            for (int j = 0; j < _dimension; j++)
                sum += j == p || j == q ? 0 : Math.Log(Math.Max(_floor, _rotated[k][j * _dimension + j]));
            _restOfVolume[k] = Math.Exp(sum / _dimension);
        }

        double before = Objective(p, q, 0);
        double angle = NewtonStep(p, q, before);
        if (angle == 0 && searches)
            angle = Search(p, q, before);
        if (angle != 0)
            Turn(p, q, angle);
        return Math.Abs(angle);
    }

    private double Search(int p, int q, double before)
    {
        double best = 0;
        double lowest = before - SmallestGain * Math.Max(1, Math.Abs(before));
        for (int i = 1; i < NumberOfAngles; i++)
        {
            double angle = i * (Math.PI / 2) / NumberOfAngles;
            double objective = Objective(p, q, angle);
            if (objective < lowest)
                (best, lowest) = (angle, objective);
        }
        return best;
    }

    /// <summary>The step of Newton's method, shortened until it gains; 0 if there is none.</summary>
    private double NewtonStep(int p, int q, double before)
    {
        double first = 0, second = 0;
        for (int k = 0; k < _shares.Length; k++)
        {
            (double tp, double tq, double covariance) = Pair(k, p, q);
            // d/dθ and d²/dθ² of log t_p + log t_q at θ = 0; a variance below the floor does not change.
            double slopeP = tp > _floor ? 2 * covariance / tp : 0;
            double slopeQ = tq > _floor ? -2 * covariance / tq : 0;
            double bend = (tp > _floor ? 2 * (tq / tp - 1) : 0) + (tq > _floor ? 2 * (tp / tq - 1) : 0) - slopeP * slopeP - slopeQ * slopeQ;
            double slope = slopeP + slopeQ;
            double weight = _shares[k];
            if (_hasEqualVolumes)
            {
                weight *= Volume(k, tp, tq) / _dimension;
                bend += slope * slope / _dimension;
            }
            first += weight * slope;
            second += weight * bend;
        }

        double step = second > 0 ? -first / second : 0;
        if (!double.IsFinite(step) || Math.Abs(step) < SmallestAngle)
            return 0;
        step = Math.Clamp(step, -Math.PI / 8, Math.PI / 8);
        for (int i = 0; i < LargestNumberOfHalvings; i++, step /= 2)
        {
            if (Objective(p, q, step) < before)
                return step;
        }
        return 0;
    }

    /// <summary>What the objective has of two axes once they are turned by an angle.</summary>
    private double Objective(int p, int q, double angle)
    {
        (double sine, double cosine) = Math.SinCos(angle);
        double sum = 0;
        for (int k = 0; k < _shares.Length; k++)
        {
            (double hp, double hq, double covariance) = Pair(k, p, q);
            double cross = 2 * sine * cosine * covariance;
            double tp = cosine * cosine * hp + cross + sine * sine * hq;
            double tq = sine * sine * hp - cross + cosine * cosine * hq;
            sum += _shares[k] * (_hasEqualVolumes ? Volume(k, tp, tq) : Math.Log(Math.Max(_floor, tp)) + Math.Log(Math.Max(_floor, tq)));
        }
        return sum;
    }

    private double Volume(int k, double tp, double tq) =>
        _restOfVolume[k] * Math.Exp((Math.Log(Math.Max(_floor, tp)) + Math.Log(Math.Max(_floor, tq))) / _dimension);

    private (double Hp, double Hq, double Covariance) Pair(int k, int p, int q) =>
        (_rotated[k][p * _dimension + p], _rotated[k][q * _dimension + q], _rotated[k][p * _dimension + q]);

    private void Turn(int p, int q, double angle)
    {
        (double sine, double cosine) = Math.SinCos(angle);
        TurnColumns(Axes, p, q, cosine, sine);
        foreach (double[] matrix in _rotated)
        {
            TurnColumns(matrix, p, q, cosine, sine);
            Span<double> rowP = matrix.AsSpan(p * _dimension, _dimension), rowQ = matrix.AsSpan(q * _dimension, _dimension);
            for (int j = 0; j < _dimension; j++)
                (rowP[j], rowQ[j]) = (cosine * rowP[j] + sine * rowQ[j], cosine * rowQ[j] - sine * rowP[j]);
            // Equal but for rounding.
            matrix[q * _dimension + p] = matrix[p * _dimension + q];
        }
    }

    private void TurnColumns(double[] matrix, int p, int q, double cosine, double sine)
    {
        for (int i = 0; i < matrix.Length; i += _dimension)
            (matrix[i + p], matrix[i + q]) = (cosine * matrix[i + p] + sine * matrix[i + q], cosine * matrix[i + q] - sine * matrix[i + p]);
    }

    private double[] Rotate(double[] matrix, double[] axes)
    {
        var half = new double[matrix.Length];
        var whole = new double[matrix.Length];
        for (int i = 0; i < _dimension; i++)
        {
            for (int j = 0; j < _dimension; j++)
            {
                double sum = 0;
                for (int t = 0; t < _dimension; t++)
                    sum += matrix[i * _dimension + t] * axes[t * _dimension + j];
                half[i * _dimension + j] = sum;
            }
        }
        for (int i = 0; i < _dimension; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int t = 0; t < _dimension; t++)
                    sum += axes[t * _dimension + i] * half[t * _dimension + j];
                whole[i * _dimension + j] = whole[j * _dimension + i] = sum;
            }
        }
        return whole;
    }
}
