using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace MLNet.Generative;

/// <summary>The M-step of the structures with common axes: searches the axes by rotations from several starts, then fits the variances along them.</summary>
/// <remarks>The objective has several local minima over the axes. A fresh search takes the best of many starts; one that goes on from a step before stays with its axes.</remarks>
internal static class CommonAxes
{
    private const int RandomStarts = 24;
    private const int RandomStartsOfManyFeatures = 8;
    private const int ManyFeatures = 5;

    // With many features a search is dear: it ends when as many starts have found the same best.
    private const int SufficientAgreement = 3;
    private const double SameOptimum = 1e-9;

    // Of starts that end alike the first is kept, which with one component is exact; a search that goes on is nearer than where it comes from even if no digit shows it.
    private const double Rounding = 1e-14;

    // What rounding leaves of a variance along one axis beside that along another.
    private const double SmallestShare = 1e-12;

    // Beyond, one start must do.
    private const int LargestDimensionWithStarts = 32;

    /// <summary>Finds axes and variances.</summary>
    /// <param name="scatters">N_k and S_k.</param>
    /// <param name="floor">What no variance falls below.</param>
    /// <param name="floored">Set for each component with a variance at the floor.</param>
    /// <param name="current">The covariances so far.</param>
    /// <param name="hasEqualVolumes">Whether all components have the same volume.</param>
    public static CovarianceFactorization[] Maximize(
        ComponentScatters scatters, CovarianceFloor floor, Span<bool> floored, IReadOnlyList<CovarianceFactorization>? current, bool hasEqualVolumes)
    {
        double[] floors = floor.AlongAnyAxis(scatters.Means);
        double[] bestAxes = [];
        double[][] best = [];
        double lowest = double.PositiveInfinity;

        double Try(double[] axes, double[][] squares, double margin)
        {
            double[][] variances = hasEqualVolumes
                ? EqualVolumeVariances.Solve(scatters.Weights, squares, floors, SmallestShare)
                : Array.ConvertAll(squares, own => (double[])[.. own.Zip(floors, Math.Max)]);
            double objective = Objective(scatters, squares, variances);
            if (best.Length == 0 || objective < lowest + margin * Math.Max(1, Math.Abs(lowest)))
                (lowest, bestAxes, best) = (objective, axes, variances);
            return objective;
        }

        double[]? known = current is null ? null : AxesOf(scatters, current);
        if (known is not null)
            Try(known, new AxisRotations(scatters, known, floors[0], hasEqualVolumes).Squares(), margin: 0);
        bool goesOn = current?[0].Axes is not null;
        int agreement = 0;
        foreach (double[] start in goesOn ? [known!] : Starts(scatters, known))
        {
            var rotations = new AxisRotations(scatters, start, floors[0], hasEqualVolumes);
            rotations.Minimize(everywhere: !goesOn);
            double before = lowest;
            double found = Try(rotations.Axes, rotations.Squares(), goesOn ? Rounding : -Rounding);
            double same = SameOptimum * Math.Max(1, Math.Abs(lowest));
            agreement = found < before - same ? 1 : found <= lowest + same ? agreement + 1 : agreement;
            if (scatters.Dimension >= ManyFeatures && agreement >= SufficientAgreement)
                break;
        }

        StructuredCovariance.MarkAtFloor(best, floors, floored);
        return Array.ConvertAll(best, variances => StructuredCovariance.Full(PrincipalAxes.Compose(bestAxes, variances), scatters.Dimension).WithAxes(bestAxes));
    }

    /// <summary>Σ_k N_k Σ_j (log v_kj + s_kj / v_kj) / N.</summary>
    private static double Objective(ComponentScatters scatters, double[][] squares, double[][] variances)
    {
        double sum = 0;
        for (int k = 0; k < squares.Length; k++)
        {
            double share = scatters.Weights[k] / scatters.TotalWeight;
            for (int j = 0; j < squares[k].Length; j++)
                sum += share * (Math.Log(variances[k][j]) + squares[k][j] / variances[k][j]);
        }
        return sum;
    }

    /// <summary>The axes that covariances have in common, if they have any.</summary>
    private static double[] AxesOf(ComponentScatters scatters, IReadOnlyList<CovarianceFactorization> covariances)
    {
        int dimension = scatters.Dimension;
        if (covariances[0].Axes is { } axes)
            return axes;
        if (covariances.All(covariance => covariance.IsDiagonal))
            return DenseMatrix.CreateIdentity(dimension).ToRowMajorArray();

        var pooled = new double[dimension * dimension];
        for (int k = 0; k < covariances.Count; k++)
        {
            for (int i = 0; i < pooled.Length; i++)
                pooled[i] += scatters.Weights[k] / scatters.TotalWeight * covariances[k][i / dimension, i % dimension];
        }
        return PrincipalAxes.Of(pooled, dimension).Axes;
    }

    private static IEnumerable<double[]> Starts(ComponentScatters scatters, double[]? known)
    {
        int dimension = scatters.Dimension;
        if (known is not null)
            yield return known;
        yield return PrincipalAxes.Of(scatters.Pooled(), dimension).Axes;
        if (dimension > LargestDimensionWithStarts)
            yield break;

        yield return DenseMatrix.CreateIdentity(dimension).ToRowMajorArray();
        foreach (double[] matrix in scatters.Matrices)
            yield return PrincipalAxes.Of(matrix, dimension).Axes;

        // With two features every rotation is tried in any case. The same seed every time: an M-step is a function of its statistics.
        var random = new Random(1);
        int starts = dimension <= 2 ? 0 : dimension < ManyFeatures ? RandomStarts : RandomStartsOfManyFeatures;
        for (int i = 0; i < starts; i++)
            yield return Matrix<double>.Build.Random(dimension, dimension, new Normal(0, 1, random)).QR().Q.ToRowMajorArray();
    }
}
