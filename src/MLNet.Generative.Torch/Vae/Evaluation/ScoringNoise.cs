using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace MLNet.Generative;

/// <summary>The noise ε of the latent samples of scores: the same for every row, so that a score depends on its row alone. Sample after sample, L numbers each.</summary>
/// <param name="Elbo">
/// For the evidence lower bound. Samples come in pairs ε, −ε, and their second moments are those of N(0, I) exactly (with at least 2 L samples; with fewer, those of each
/// dimension): an expectation of a quadratic function, as in a linear decoder with Gaussian noise, has no sampling error.
/// </param>
/// <param name="Importance">For the importance-weighted bound: independent draws, without which it would be no bound. Empty if scores are the evidence lower bound.</param>
internal sealed record ScoringNoise(float[] Elbo, float[] Importance)
{
    /// <summary>Draws the noise.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="elboSamples">The number of samples of the evidence lower bound: even, at least 2.</param>
    /// <param name="scoringSamples">K, that of the importance-weighted bound; 1 for none.</param>
    /// <param name="latentDimension">L, the number of latent dimensions.</param>
    public static ScoringNoise Create(int seed, int elboSamples, int scoringSamples, int latentDimension)
    {
        var random = new Random(seed);
        float[] elbo = DrawMatched(random, elboSamples, latentDimension);
        // From the same sequence, after the others.
        var normal = new Normal(0, 1, random);
        var importance = new float[scoringSamples > 1 ? scoringSamples * latentDimension : 0];
        for (int i = 0; i < importance.Length; i++)
            importance[i] = (float)normal.Sample();
        return new ScoringNoise(elbo, importance);
    }

    private static float[] DrawMatched(Random random, int samples, int latentDimension)
    {
        int pairs = samples / 2;
        Matrix<double> matched = MatchSecondMoments(Matrix<double>.Build.Random(pairs, latentDimension, new Normal(0, 1, random)));
        var noise = new float[samples * latentDimension];
        for (int pair = 0; pair < pairs; pair++)
        {
            for (int l = 0; l < latentDimension; l++)
            {
                noise[2 * pair * latentDimension + l] = (float)matched[pair, l];
                noise[(2 * pair + 1) * latentDimension + l] = (float)-matched[pair, l];
            }
        }
        return noise;
    }

    // The mean outer product of the rows becomes the identity if there are enough of them, and otherwise gets ones on its diagonal.
    private static Matrix<double> MatchSecondMoments(Matrix<double> drawn)
    {
        int pairs = drawn.RowCount;
        if (pairs >= drawn.ColumnCount)
            return drawn.QR(QRMethod.Thin).Q * Math.Sqrt(pairs);
        Matrix<double> matched = drawn.Clone();
        for (int l = 0; l < drawn.ColumnCount; l++)
            matched.SetColumn(l, drawn.Column(l) * Math.Sqrt(pairs / drawn.Column(l).DotProduct(drawn.Column(l))));
        return matched;
    }
}
