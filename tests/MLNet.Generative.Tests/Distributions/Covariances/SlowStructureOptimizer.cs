using MathNet.Numerics.LinearAlgebra;

namespace MLNet.Generative.Tests.Covariances;

/// <summary>The plain twin of the M-steps: climbs the expected complete log-likelihood under any structure from many random starts. Slow and obviously right.</summary>
internal static class SlowStructureOptimizer
{
    /// <summary>Q = −½ Σ_k (n_k log|Σ_k| + tr(W_k Σ_k⁻¹)), by determinant and inverse.</summary>
    public static double Objective(double[] weights, Matrix<double>[] scatters, IReadOnlyList<Matrix<double>> covariances)
    {
        double sum = 0;
        for (int k = 0; k < weights.Length; k++)
        {
            // By eigenvalues: the determinant of a tiny matrix underflows, and its inverse may lose its symmetry.
            var eigen = covariances[k].Evd(Symmetricity.Symmetric);
            Matrix<double> turned = eigen.EigenVectors.Transpose() * scatters[k] * eigen.EigenVectors;
            for (int j = 0; j < covariances[k].RowCount; j++)
                sum += weights[k] * Math.Log(eigen.EigenValues[j].Real) + turned[j, j] / eigen.EigenValues[j].Real;
        }
        return -0.5 * sum;
    }

    /// <summary>The highest Q found.</summary>
    /// <param name="letters">Volume, shape and orientation.</param>
    /// <param name="weights">n_k.</param>
    /// <param name="scatters">W_k.</param>
    /// <param name="random">Where the starts come from.</param>
    /// <param name="starts">How many.</param>
    public static (double Objective, Matrix<double>[] Covariances) Maximize(string letters, double[] weights, Matrix<double>[] scatters, Random random, int starts)
    {
        int dimension = scatters[0].RowCount;
        var parameters = new StructureParameters(letters, weights.Length, dimension);
        double logVolume = Math.Log(scatters.Sum(scatter => scatter.Trace()) / (dimension * weights.Sum()));
        double best = double.NegativeInfinity;
        Matrix<double>[] covariances = [];
        for (int start = 0; start < starts; start++)
        {
            Matrix<double>[] orientations = parameters.RandomOrientations(random);
            (double[] point, double value) = QuasiNewton.Minimize(
                x => -parameters.Objective(x, orientations, weights, scatters), parameters.RandomPoint(random, logVolume, spread: 2));
            if (-value > best)
                (best, covariances) = (-value, parameters.Covariances(point, orientations));
        }
        return (best, covariances);
    }

    /// <summary>How far Q can be climbed from covariances that have the structure; the first number is Q at what was read back from them.</summary>
    public static (double Start, double End) Climb(string letters, double[] weights, Matrix<double>[] scatters, IReadOnlyList<Matrix<double>> covariances)
    {
        var parameters = new StructureParameters(letters, weights.Length, scatters[0].RowCount);
        (double[] start, Matrix<double>[] orientations) = parameters.Read(covariances);
        double Cost(double[] point) => -parameters.Objective(point, orientations, weights, scatters);
        return (-Cost(start), -QuasiNewton.Minimize(Cost, start).Value);
    }
}
