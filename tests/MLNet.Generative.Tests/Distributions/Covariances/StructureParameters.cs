using MathNet.Numerics.LinearAlgebra;

namespace MLNet.Generative.Tests.Covariances;

/// <summary>
/// Any of the fourteen structures by its letters alone: Σ_k = λ_k D_k A_k D_kᵀ with λ_k = exp(a_k), A_k = diag exp(b_k) of determinant 1, and D_k a product of plane
/// rotations, each of the three shared by all components (E), one of each component (V), or the identity (I) (Banfield and Raftery 1993; Celeux and Govaert 1995).
/// </summary>
/// <param name="letters">Volume, shape and orientation.</param>
/// <param name="components">K.</param>
/// <param name="dimension">D.</param>
internal sealed class StructureParameters(string letters, int components, int dimension)
{
    private readonly int _volumes = letters[0] == 'V' ? components : 1;
    private readonly int _shapes = Copies(letters[1], components);
    private readonly int _orientations = Copies(letters[2], components);
    private readonly int _angles = dimension * (dimension - 1) / 2;

    /// <summary>The number of numbers: one more than is free for each shape, whose logarithms are centred.</summary>
    public int Count => _volumes + _shapes * dimension + _orientations * _angles;

    /// <summary>The number of free parameters of the covariances.</summary>
    public int CountFree => _volumes + _shapes * (dimension - 1) + _orientations * _angles;

    /// <summary>Random numbers for a start: volumes about a value, shapes of any kind, angles 0, since the orientations that they turn are random.</summary>
    public double[] RandomPoint(Random random, double logVolume, double spread)
    {
        var point = new double[Count];
        for (int i = 0; i < _volumes; i++)
            point[i] = logVolume + spread * (random.NextDouble() - 0.5);
        for (int i = _volumes; i < _volumes + _shapes * dimension; i++)
            point[i] = 2 * spread * (random.NextDouble() - 0.5);
        return point;
    }

    /// <summary>The orientations from which angles count: random, one for all components where it is shared, or the identity.</summary>
    public Matrix<double>[] RandomOrientations(Random random)
    {
        Matrix<double> Draw() => letters[2] == 'I'
            ? Matrix<double>.Build.DenseIdentity(dimension)
            : Matrix<double>.Build.Dense(dimension, dimension, (_, _) => random.NextDouble() - 0.5).QR().Q;
        Matrix<double> first = Draw();
        return [.. Enumerable.Range(0, components).Select(k => k > 0 && letters[2] == 'V' ? Draw() : first)];
    }

    /// <summary>Reads the numbers and orientations back from covariances of this structure: what is shared is taken from all of them.</summary>
    public (double[] Point, Matrix<double>[] Orientations) Read(IReadOnlyList<Matrix<double>> covariances)
    {
        // Covariances with common axes have those of almost every sum of them.
        Matrix<double> sum = covariances.Select((covariance, k) => covariance * ((1 + 0.37 * k) / covariance.Trace())).Aggregate((a, b) => a + b);
        Matrix<double>[] orientations = [.. covariances.Select(covariance => letters[2] switch
        {
            'I' => Matrix<double>.Build.DenseIdentity(dimension),
            'E' => sum.Evd(Symmetricity.Symmetric).EigenVectors,
            _ => covariance.Evd(Symmetricity.Symmetric).EigenVectors,
        })];
        var point = new double[Count];
        for (int k = 0; k < components; k++)
        {
            double[] logs = [.. (orientations[k].Transpose() * covariances[k] * orientations[k]).Diagonal().Select(variance => Math.Log(variance))];
            point[_volumes == 1 ? 0 : k] += logs.Average() / (components / _volumes);
            for (int j = 0; j < dimension && _shapes > 0; j++)
                point[_volumes + (_shapes == 1 ? 0 : k) * dimension + j] += (logs[j] - logs.Average()) / (components / _shapes);
        }
        return (point, orientations);
    }

    /// <summary>Σ_k of every component.</summary>
    public Matrix<double>[] Covariances(double[] point, Matrix<double>[] orientations) =>
        [.. Enumerable.Range(0, components).Select(k =>
        {
            Matrix<double> axes = Orientation(point, orientations, k);
            Matrix<double> covariance = axes * Matrix<double>.Build.DenseOfDiagonalArray(Array.ConvertAll(LogVariances(point, k), Math.Exp)) * axes.Transpose();
            return (covariance + covariance.Transpose()) / 2;
        })];

    /// <summary>Q = −½ Σ_k (n_k log|Σ_k| + tr(W_k Σ_k⁻¹)), the expected complete log-likelihood but for constants.</summary>
    public double Objective(double[] point, Matrix<double>[] orientations, double[] weights, Matrix<double>[] scatters)
    {
        double sum = 0;
        for (int k = 0; k < components; k++)
        {
            Matrix<double> axes = Orientation(point, orientations, k);
            double[] logVariances = LogVariances(point, k);
            for (int j = 0; j < dimension; j++)
            {
                double along = 0;
                for (int i = 0; i < dimension; i++)
                {
                    for (int l = 0; l < dimension; l++)
                        along += axes[i, j] * scatters[k][i, l] * axes[l, j];
                }
                sum += weights[k] * logVariances[j] + along * Math.Exp(-logVariances[j]);
            }
        }
        return -0.5 * sum;
    }

    private double[] LogVariances(double[] point, int component)
    {
        double volume = point[_volumes == 1 ? 0 : component];
        var logs = new double[dimension];
        if (_shapes > 0)
            Array.Copy(point, _volumes + (_shapes == 1 ? 0 : component) * dimension, logs, 0, dimension);
        double mean = logs.Average();
        return Array.ConvertAll(logs, b => volume + b - mean);
    }

    private Matrix<double> Orientation(double[] point, Matrix<double>[] orientations, int component)
    {
        if (_orientations == 0)
            return orientations[component];
        Matrix<double> axes = orientations[component].Clone();
        int next = _volumes + _shapes * dimension + (_orientations == 1 ? 0 : component) * _angles;
        for (int p = 0; p < dimension; p++)
        {
            for (int q = p + 1; q < dimension; q++)
            {
                (double sine, double cosine) = Math.SinCos(point[next++]);
                for (int i = 0; i < dimension; i++)
                    (axes[i, p], axes[i, q]) = (cosine * axes[i, p] - sine * axes[i, q], sine * axes[i, p] + cosine * axes[i, q]);
            }
        }
        return axes;
    }

    private static int Copies(char letter, int components) => letter switch
    {
        'I' => 0,
        'E' => 1,
        _ => components,
    };
}
