using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace MLNet.Generative;

/// <summary>
/// The noise ε of the latent samples that scores average over: the same for every row, so that a score depends on its row alone. Samples come in pairs ε, −ε, and
/// their second moments are those of N(0, I) exactly (with at least 2 L samples; with fewer, those of each dimension): an expectation of a quadratic function, as in a linear decoder with Gaussian noise, has no sampling error.
/// </summary>
internal static class ScoringNoise
{
    /// <summary>Draws the noise.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="samples">S, the number of samples: even, at least 2.</param>
    /// <param name="latentDimension">L, the number of latent dimensions.</param>
    /// <returns>S × L numbers, sample after sample.</returns>
    public static float[] Create(int seed, int samples, int latentDimension)
    {
        int pairs = samples / 2;
        Matrix<double> matched = MatchSecondMoments(Matrix<double>.Build.Random(pairs, latentDimension, new Normal(0, 1, new Random(seed))));
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
