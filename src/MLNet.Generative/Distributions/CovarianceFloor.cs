namespace MLNet.Generative;

/// <summary>
/// The smallest covariance that a component may have. In units in which feature j has standard deviation √f_j, no eigenvalue falls below 1, where
/// f_j = max(<see cref="Relative"/> · variance of the data, resolution² of the input type at the component's mean).
/// </summary>
/// <remarks>
/// Without a floor the likelihood of a Gaussian mixture has no maximum: a component on a single row has infinite density (Bishop 2006, section 9.2.1).
/// With it, raising the small eigenvalues to 1 is the maximum under the constraint (Ingrassia 2004), so that the objective still never falls.
/// A covariance that meets the constraint is returned bit by bit as it was.
/// </remarks>
internal sealed class CovarianceFloor(double[] dataMean, double[] dataVariances, InputPrecision precision)
{
    // In units of the floor: far below 1, and far above what vanishing responsibilities leave behind.
    private const double Negligible = 1e-30;

    // So that square roots and quotients of floors stay normal numbers.
    private const double Smallest = 1e-290;

    /// <summary>The floor as a share of the data's variance in each feature.</summary>
    public const double Relative = 1e-6;

    /// <summary>The features that are not constant in the data.</summary>
    public int[] VaryingFeatures { get; } = [.. Enumerable.Range(0, dataVariances.Length).Where(j => dataVariances[j] > 0)];

    /// <summary>The same floor for some of the features.</summary>
    public CovarianceFloor Of(int[] features) =>
        new(Array.ConvertAll(features, j => dataMean[j]), Array.ConvertAll(features, j => dataVariances[j]), precision);

    /// <summary>f of every feature for a component with this mean.</summary>
    public double[] At(ReadOnlySpan<double> mean)
    {
        var floors = new double[dataVariances.Length];
        for (int j = 0; j < floors.Length; j++)
        {
            // A constant feature says nothing of a scale but by its value; if that is 0, one is taken as the unit.
            bool isConstant = dataVariances[j] == 0;
            double location = !isConstant ? mean[j] : dataMean[j] == 0 ? 1 : dataMean[j];
            double resolution = precision.ResolutionAt(location);
            floors[j] = Math.Max(Math.Max(Relative * dataVariances[j], resolution * resolution), Smallest);
        }
        return floors;
    }

    /// <summary>f of every feature for several components that share a covariance: the largest of theirs.</summary>
    public double[] At(IEnumerable<double[]> means)
    {
        var floors = new double[dataVariances.Length];
        foreach (double[] mean in means)
        {
            double[] own = At(mean);
            for (int j = 0; j < floors.Length; j++)
                floors[j] = Math.Max(floors[j], own[j]);
        }
        return floors;
    }

    /// <summary>
    /// The floor of variances along axes that are not the features, D times the same: the smallest of the features', so that no direction loses spread that the data have in it.
    /// </summary>
    public double[] AlongAnyAxis(IEnumerable<double[]> means)
    {
        double[] floors = At(means);
        Array.Fill(floors, floors.Min());
        return floors;
    }

    /// <summary>Raises variances to their floors, in place.</summary>
    /// <returns>Whether any was below.</returns>
    public static bool RaiseDiagonal(Span<double> variances, ReadOnlySpan<double> floors)
    {
        bool raised = false;
        for (int j = 0; j < variances.Length; j++)
        {
            if (variances[j] >= floors[j])
                continue;
            variances[j] = floors[j];
            raised = true;
        }
        return raised;
    }

    /// <summary>Raises the eigenvalues of a full covariance matrix, in place.</summary>
    /// <returns>Whether any was below its floor.</returns>
    public static bool RaiseFull(double[] covariance, ReadOnlySpan<double> floors)
    {
        int dimension = floors.Length;
        double[] units = [.. floors.ToArray().Select(Math.Sqrt)];
        double[] scaled = InUnits(covariance, units);
        if (AllEigenvaluesExceedOne(scaled, dimension))
            return false;

        double[] vectors = JacobiEigenvalues.Diagonalize(scaled, dimension, Negligible);
        bool raised = false;
        for (int e = 0; e < dimension; e++)
            raised |= scaled[e * dimension + e] < 1;
        if (!raised)
            return false;

        for (int i = 0; i < dimension; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int e = 0; e < dimension; e++)
                    sum += Math.Max(1, scaled[e * dimension + e]) * vectors[i * dimension + e] * vectors[j * dimension + e];
                covariance[i * dimension + j] = covariance[j * dimension + i] = sum * units[i] * units[j];
            }
        }
        return true;
    }

    /// <summary>Whether a full covariance is above its floor in every direction.</summary>
    public static bool IsAbove(double[] covariance, double[] floors) =>
        AllEigenvaluesExceedOne(InUnits(covariance, Array.ConvertAll(floors, Math.Sqrt)), floors.Length);

    /// <summary>The smallest eigenvalue of a full covariance in units of the floor.</summary>
    public static double SmallestEigenvalue(double[] covariance, double[] floors)
    {
        double[] scaled = InUnits(covariance, Array.ConvertAll(floors, Math.Sqrt));
        JacobiEigenvalues.Diagonalize(scaled, floors.Length, Negligible);
        return Enumerable.Range(0, floors.Length).Min(j => scaled[j * floors.Length + j]);
    }

    /// <summary>A matrix whose features are measured in these units.</summary>
    public static double[] InUnits(double[] matrix, double[] units)
    {
        var scaled = new double[matrix.Length];
        for (int i = 0; i < units.Length; i++)
        {
            for (int j = 0; j < units.Length; j++)
                scaled[i * units.Length + j] = matrix[i * units.Length + j] / units[i] / units[j];
        }
        return scaled;
    }

    /// <summary>The inverse of <see cref="InUnits"/>.</summary>
    public static double[] OfUnits(double[] scaled, double[] units) => InUnits(scaled, Array.ConvertAll(units, unit => 1 / unit));

    // Cheap where the floor is inactive, which is nearly always: A − I has a Cholesky factor exactly if every eigenvalue of A exceeds 1.
    private static bool AllEigenvaluesExceedOne(ReadOnlySpan<double> matrix, int dimension)
    {
        double[] shifted = matrix.ToArray();
        for (int j = 0; j < dimension; j++)
            shifted[j * dimension + j] -= 1;
        return CholeskyFactor.TryFactor(shifted, dimension);
    }
}
