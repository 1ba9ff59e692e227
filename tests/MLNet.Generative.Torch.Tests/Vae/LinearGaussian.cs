using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;
using TorchSharp;

namespace MLNet.Generative.Tests;

/// <summary>
/// x = W z + μ + noise with z ~ N(0, I) and noise ~ N(0, diag Ψ), exactly and in double: what a linear autoencoder is. Its posterior is N(V (x − μ), M⁻¹) with
/// M = I + Wᵀ Ψ⁻¹ W and V = M⁻¹ Wᵀ Ψ⁻¹ (Tipping and Bishop 1999); the loadings here make M diagonal, so that the encoder can be exact.
/// </summary>
/// <param name="Loadings">W, D × L.</param>
/// <param name="Mean">μ.</param>
/// <param name="NoiseVariances">The diagonal of Ψ.</param>
internal sealed record LinearGaussian(Matrix<double> Loadings, Vector<double> Mean, Vector<double> NoiseVariances)
{
    public int Dimension => Loadings.RowCount;

    public int LatentDimension => Loadings.ColumnCount;

    /// <summary>M⁻¹, which is diagonal.</summary>
    public Vector<double> PosteriorVariances => (1 + WeightedLoadings.TransposeThisAndMultiply(WeightedLoadings).Diagonal()).DivideByThis(1);

    /// <summary>V, L × D.</summary>
    public Matrix<double> Encoder =>
        Matrix<double>.Build.DenseOfDiagonalVector(PosteriorVariances) * WeightedLoadings.Transpose() * Matrix<double>.Build.DenseOfDiagonalVector(Deviations.DivideByThis(1));

    private Vector<double> Deviations => NoiseVariances.PointwiseSqrt();

    // Ψ^−½ W: its columns are orthogonal.
    private Matrix<double> WeightedLoadings => Matrix<double>.Build.DenseOfDiagonalVector(Deviations.DivideByThis(1)) * Loadings;

    /// <summary>A model with random directions; <paramref name="ratios"/> are signal to noise, the diagonal of Wᵀ Ψ⁻¹ W.</summary>
    public static LinearGaussian Random(int seed, Vector<double> mean, Vector<double> noiseVariances, params double[] ratios)
    {
        Matrix<double> directions = Matrix<double>.Build.Random(mean.Count, ratios.Length, new Normal(0, 1, new Random(seed))).QR(QRMethod.Thin).Q;
        Matrix<double> weighted = directions * Matrix<double>.Build.DenseOfDiagonalArray([.. ratios.Select(Math.Sqrt)]);
        return new LinearGaussian(Matrix<double>.Build.DenseOfDiagonalVector(noiseVariances.PointwiseSqrt()) * weighted, mean, noiseVariances);
    }

    /// <summary>log N(x; μ, W Wᵀ + Ψ), with everything divided by the noise first, so that features of any scale do.</summary>
    public double LogDensity(ReadOnlySpan<double> row)
    {
        Vector<double> distance = (Vector<double>.Build.Dense(row.ToArray()) - Mean).PointwiseDivide(Deviations);
        Matrix<double> covariance = WeightedLoadings * WeightedLoadings.Transpose() + Matrix<double>.Build.DenseIdentity(Dimension);
        Cholesky<double> cholesky = covariance.Cholesky();
        return -0.5 * (Dimension * Math.Log(2 * Math.PI) + cholesky.DeterminantLn + distance * cholesky.Solve(distance)) - Deviations.PointwiseLog().Sum();
    }

    /// <summary>The distribution of an autoencoder whose decoder is linear, from the model's own weights.</summary>
    public static LinearGaussian Of(VaeModel model)
    {
        int latents = model.LatentDimension;
        var mean = Vector<double>.Build.Dense(model.Decode(new double[latents]));
        // Codes far out: the loadings keep all the digits that 32 bits have.
        const double Far = 16;
        var loadings = Matrix<double>.Build.Dense(model.Dimension, latents);
        for (int l = 0; l < latents; l++)
        {
            var code = new double[latents];
            code[l] = Far;
            loadings.SetColumn(l, (Vector<double>.Build.Dense(model.Decode(code)) - mean) / Far);
        }
        return new LinearGaussian(loadings, mean, Vector<double>.Build.DenseOfEnumerable(model.NoiseVariances));
    }

    /// <summary>The expectation and the standard deviation of each missing feature (NaN) of a row given the others, by the formula for a joint Gaussian; known values have deviation 0.</summary>
    public (Vector<double> Means, Vector<double> Deviations) Complete(ReadOnlySpan<double> row)
    {
        var means = Vector<double>.Build.Dense(row.ToArray());
        var deviations = Vector<double>.Build.Dense(Dimension);
        int[] missing = [.. Enumerable.Range(0, Dimension).Where(j => double.IsNaN(means[j]))];
        int[] known = [.. Enumerable.Range(0, Dimension).Except(missing)];
        Matrix<double> covariance = Loadings * Loadings.Transpose() + Matrix<double>.Build.DenseOfDiagonalVector(NoiseVariances);
        Cholesky<double>? cholesky = known.Length == 0 ? null : Matrix<double>.Build.Dense(known.Length, known.Length, (i, j) => covariance[known[i], known[j]]).Cholesky();
        Vector<double>? residuals = known.Length == 0 ? null : Vector<double>.Build.Dense(known.Length, i => means[known[i]] - Mean[known[i]]);
        foreach (int j in missing)
        {
            Vector<double>? regression = cholesky?.Solve(Vector<double>.Build.Dense(known.Length, i => covariance[known[i], j]));
            means[j] = Mean[j] + (regression is null ? 0 : regression * residuals!);
            deviations[j] = Math.Sqrt(covariance[j, j] - (regression is null ? 0 : regression * Vector<double>.Build.Dense(known.Length, i => covariance[known[i], j])));
        }
        return (means, deviations);
    }

    /// <summary>Rows drawn from it, one after another.</summary>
    public double[] Draw(int count, int seed)
    {
        var normal = new Normal(0, 1, new Random(seed));
        return [.. Enumerable.Range(0, count).SelectMany(_ =>
            Loadings * Vector<double>.Build.Random(LatentDimension, normal) + Vector<double>.Build.Random(Dimension, normal).PointwiseMultiply(Deviations) + Mean)];
    }

    /// <summary>The same as an autoencoder whose encoder is the exact posterior.</summary>
    /// <param name="likelihood">A Gaussian one that has these variances.</param>
    /// <param name="scaling">The network's units, which change nothing.</param>
    /// <param name="scoringSamples">K of the importance-weighted bound that scores are; 1 for the evidence lower bound.</param>
    public VaeModel ToModel(VaeLikelihood likelihood, FeatureScaling scaling, int scoringSamples = 1) =>
        ToModel(likelihood, scaling, Encoder, PosteriorVariances, scoringSamples);

    /// <summary>The same as an autoencoder with another encoder N(V (x − μ), diag d).</summary>
    public VaeModel ToModel(VaeLikelihood likelihood, FeatureScaling scaling, Matrix<double> encoder, Vector<double> posteriorVariances, int scoringSamples = 1, int seed = 3)
    {
        LibTorch.EnsureLoaded();
        var means = Vector<double>.Build.Dense(scaling.Means);
        Vector<double> scales = Vector<double>.Build.Dense(scaling.Scales);
        Matrix<double> scaledEncoder = encoder * Matrix<double>.Build.DenseOfDiagonalVector(scales);
        Matrix<double> scaledLoadings = Matrix<double>.Build.DenseOfDiagonalVector(scales.DivideByThis(1)) * Loadings;
        var weights = new List<float[]>
        {
            ToSingles(scaledEncoder.ToRowMajorArray()),
            ToSingles(encoder * (means - Mean)),
            new float[Dimension * LatentDimension],
            ToSingles(posteriorVariances.PointwiseLog()),
            ToSingles(scaledLoadings.ToRowMajorArray()),
            ToSingles((Mean - means).PointwiseDivide(scales)),
        };
        double unit = FeatureScaling.RootMeanSquare(scaling.Scales);
        if (likelihood == VaeLikelihood.Gaussian)
            weights.Add(ToSingles(NoiseVariances.PointwiseDivide(scales.PointwisePower(2)).Subtract(GaussianDensity.VarianceFloor).PointwiseLog()));
        if (likelihood == VaeLikelihood.GaussianSharedVariance)
            weights.Add([(float)Math.Log((NoiseVariances[0] - GaussianDensity.VarianceFloor * Math.Pow(scales.Min(), 2)) / (unit * unit))]);
        var architecture = new VaeArchitecture(Dimension, LatentDimension, [], [], VaeActivation.Relu, likelihood, Math.Sqrt(NoiseVariances[0]));
        return new VaeModel(architecture, scaling, weights, ScoringNoise.Create(seed, elboSamples: 16, scoringSamples, LatentDimension), torch.CPU);
    }

    private static float[] ToSingles(IEnumerable<double> values) => [.. values.Select(value => (float)value)];
}
