namespace MLNet.Generative;

/// <summary>
/// The expected scatters of a mixture's components as a vector without constraints, in which every point stands for scatters that an M-step can take: for each component
/// log N, the mean, and the Cholesky factor of the covariance W / N plus the floor, with logarithms on its diagonal.
/// </summary>
/// <remarks>
/// Coordinates are scaled so that a unit is about one standard error of what they stand for, for the scatters that the object is made with: the deviations of an average of
/// N rows. Features then count alike, whatever their units, and components by their rows.
/// </remarks>
internal sealed class ScatterCoordinates
{
    // An extrapolation that takes away nine tenths of a component's rows or of its width at once goes too far.
    private const double SmallestShare = 0.1;

    private readonly double[] _floors;
    private readonly int _perComponent;
    private readonly double[] _scales;

    /// <summary>Coordinates near these scatters.</summary>
    /// <param name="scatters">The scatters, full or diagonal.</param>
    /// <param name="floors">For each feature the smallest variance.</param>
    public ScatterCoordinates(WeightedScatter[] scatters, double[] floors)
    {
        _floors = floors;
        bool isDiagonal = IsDiagonal(scatters[0]);
        int dimension = floors.Length;
        _perComponent = 1 + dimension + (isDiagonal ? dimension : dimension * (dimension + 1) / 2);
        _scales = new double[scatters.Length * _perComponent];

        int next = 0;
        foreach (WeightedScatter scatter in scatters)
        {
            double[] factor = Factor(scatter);
            double precision = Math.Sqrt(scatter.Weight);
            double Deviation(int feature) => factor[isDiagonal ? feature : feature * dimension + feature];

            _scales[next++] = precision;
            for (int j = 0; j < dimension; j++)
                _scales[next++] = precision / Deviation(j);
            for (int i = 0; i < dimension; i++)
            {
                for (int j = isDiagonal ? i : 0; j <= i; j++)
                    _scales[next++] = i == j ? precision * Math.Sqrt(2) : precision / Deviation(i);
            }
        }
    }

    /// <summary>The coordinates of scatters.</summary>
    public double[] Of(WeightedScatter[] scatters)
    {
        int dimension = _floors.Length;
        var coordinates = new double[_scales.Length];
        int next = 0;
        foreach (WeightedScatter scatter in scatters)
        {
            bool isDiagonal = IsDiagonal(scatter);
            double[] factor = Factor(scatter);
            coordinates[next++] = Math.Log(scatter.Weight);
            scatter.Mean.CopyTo(coordinates.AsSpan(next));
            next += dimension;
            for (int i = 0; i < dimension; i++)
            {
                for (int j = isDiagonal ? i : 0; j <= i; j++)
                {
                    double entry = factor[isDiagonal ? i : i * dimension + j];
                    coordinates[next++] = i == j ? Math.Log(entry) : entry;
                }
            }
        }
        for (int i = 0; i < coordinates.Length; i++)
            coordinates[i] *= _scales[i];
        return coordinates;
    }

    /// <summary>The scatters at a point, of the same total weight as <paramref name="current"/>.</summary>
    /// <returns><see langword="null"/> if the point is too far from <paramref name="current"/>, or not finite.</returns>
    public WeightedScatter[]? At(double[] point, WeightedScatter[] current)
    {
        double[] coordinates = (double[])point.Clone();
        for (int i = 0; i < coordinates.Length; i++)
            coordinates[i] /= _scales[i];

        double total = 0, sum = 0;
        for (int k = 0; k < current.Length; k++)
        {
            total += current[k].Weight;
            sum += Math.Exp(coordinates[k * _perComponent]);
        }

        var scatters = new WeightedScatter[current.Length];
        for (int k = 0; k < scatters.Length; k++)
        {
            ReadOnlySpan<double> own = coordinates.AsSpan(k * _perComponent, _perComponent);
            double weight = Math.Exp(own[0]) / sum * total;
            // Written so that it holds for NaN too.
            if (!(weight >= SmallestShare * current[k].Weight) || At(own[1..], weight, current[k]) is not { } scatter)
                return null;
            scatters[k] = scatter;
        }
        return scatters;
    }

    private WeightedScatter? At(ReadOnlySpan<double> coordinates, double weight, WeightedScatter current)
    {
        int dimension = _floors.Length;
        bool isDiagonal = IsDiagonal(current);
        double[] factor = Factor(current);
        int next = dimension;
        for (int i = 0; i < dimension; i++)
        {
            for (int j = isDiagonal ? i : 0; j <= i; j++)
            {
                ref double entry = ref factor[isDiagonal ? i : i * dimension + j];
                double value = i == j ? Math.Exp(coordinates[next]) : coordinates[next];
                if (!double.IsFinite(value) || (i == j && value < SmallestShare * entry))
                    return null;
                entry = value;
                next++;
            }
        }

        double[] mean = coordinates[..dimension].ToArray();
        double[] matrix = isDiagonal ? Array.ConvertAll(factor, deviation => deviation * deviation) : CholeskyFactor.Square(factor, dimension);
        for (int j = 0; j < dimension; j++)
        {
            ref double variance = ref matrix[isDiagonal ? j : j * dimension + j];
            variance = Math.Max(0, variance - _floors[j]);
        }
        for (int i = 0; i < matrix.Length; i++)
            matrix[i] *= weight;
        return Array.TrueForAll(mean, double.IsFinite) && Array.TrueForAll(matrix, double.IsFinite) ? new WeightedScatter(weight, mean, matrix) : null;
    }

    // With the floor: a scatter alone may be flat.
    private double[] Factor(WeightedScatter scatter)
    {
        int dimension = _floors.Length;
        double[] factor = Array.ConvertAll(scatter.Matrix, value => value / scatter.Weight);
        bool isDiagonal = IsDiagonal(scatter);
        for (int j = 0; j < dimension; j++)
            factor[isDiagonal ? j : j * dimension + j] += _floors[j];
        if (isDiagonal)
            return Array.ConvertAll(factor, Math.Sqrt);
        CholeskyFactor.FactorRaised(factor, dimension);
        return factor;
    }

    private static bool IsDiagonal(WeightedScatter scatter) => scatter.Matrix.Length == scatter.Mean.Length;
}
