using MathNet.Numerics.LinearAlgebra;

namespace MLNet.Generative.Tests;

/// <summary>The plain twin of the kernels: textbook formulas with MathNet matrices, one row at a time. Slow and obviously right.</summary>
internal static class ReferenceMixture
{
    /// <summary>log N(x | μ, Σ) by determinant and inverse.</summary>
    public static double LogDensity(Vector<double> x, Vector<double> mean, Matrix<double> covariance)
    {
        Vector<double> d = x - mean;
        return -0.5 * (x.Count * Math.Log(2 * Math.PI) + Math.Log(covariance.Determinant()) + d * (covariance.Inverse() * d));
    }

    /// <summary>log Σ π_k N_k(x).</summary>
    public static double LogDensity(Vector<double> x, GaussianMixtureModel model)
    {
        double density = 0;
        for (int k = 0; k < model.NumberOfComponents; k++)
            density += model.Weights[k] * Math.Exp(LogDensity(x, model.Means[k], model.Covariances[k]));
        return Math.Log(density);
    }

    /// <summary>One EM step with full covariances (Bishop 2006, eq. 9.23 to 9.28), and the log-likelihood before it.</summary>
    public static (GaussianMixtureModel Model, double LogLikelihood) Step(IReadOnlyList<Vector<double>> rows, IReadOnlyList<double> weights, GaussianMixtureModel model)
    {
        int components = model.NumberOfComponents;
        var responsibilities = new double[rows.Count, components];
        double logLikelihood = 0;
        for (int n = 0; n < rows.Count; n++)
        {
            double total = LogDensity(rows[n], model);
            logLikelihood += weights[n] * total;
            for (int k = 0; k < components; k++)
                responsibilities[n, k] = weights[n] * model.Weights[k] * Math.Exp(LogDensity(rows[n], model.Means[k], model.Covariances[k]) - total);
        }

        var newWeights = new double[components];
        var means = new Vector<double>[components];
        var covariances = new Matrix<double>[components];
        for (int k = 0; k < components; k++)
        {
            Vector<double> sum = Vector<double>.Build.Dense(rows[0].Count);
            for (int n = 0; n < rows.Count; n++)
            {
                newWeights[k] += responsibilities[n, k];
                sum += responsibilities[n, k] * rows[n];
            }
            means[k] = sum / newWeights[k];
            covariances[k] = Matrix<double>.Build.Dense(rows[0].Count, rows[0].Count);
            for (int n = 0; n < rows.Count; n++)
            {
                Vector<double> d = rows[n] - means[k];
                covariances[k] += responsibilities[n, k] / newWeights[k] * d.OuterProduct(d);
            }
        }
        double all = newWeights.Sum();
        return (new GaussianMixtureModel(Array.ConvertAll(newWeights, weight => weight / all), means, covariances), logLikelihood);
    }
}
