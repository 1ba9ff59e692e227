using MathNet.Numerics.Distributions;

namespace MLNet.Generative;

/// <summary>
/// Where the search for the modes of p(z|x_obs) starts: at the encoder's mean, at the middle of the prior, and at the best of some draws from the prior on either side, which are the same
/// for every row. A mode that the encoder does not know of is found by these.
/// </summary>
/// <param name="inference">The networks.</param>
/// <param name="latentDimension">L.</param>
internal sealed class StartCodes(CodeInference inference, int latentDimension)
{
    private const int NumberOfDraws = 128;
    private const int Seed = 1;

    private readonly float[] _draws = Draw(latentDimension);

    /// <summary>The codes for a row: always the same number.</summary>
    /// <param name="row">x, of which some is known.</param>
    /// <param name="mean">The mean of q(z|x).</param>
    public IReadOnlyList<double[]> For(IncompleteRow row, double[] mean)
    {
        double[] logJoint = inference.LogJoint(row, _draws);
        double[] best = Best(logJoint, _ => true);
        double[] other = Best(logJoint, code => Product(code, best) < 0);
        double[] origin = new double[latentDimension];
        return [Array.TrueForAll(mean, double.IsFinite) ? mean : origin, origin, best, other];
    }

    private double[] Best(double[] logJoint, Func<double[], bool> isAllowed) => Enumerable.Range(0, NumberOfDraws)
        .Select(k => (Code: Array.ConvertAll(_draws[(k * latentDimension)..((k + 1) * latentDimension)], value => (double)value), LogJoint: logJoint[k]))
        .Where(draw => isAllowed(draw.Code))
        .MaxBy(draw => draw.LogJoint).Code;

    private static double Product(double[] left, double[] right) => left.Zip(right, (a, b) => a * b).Sum();

    // In pairs that lie opposite each other: there are codes on either side of any.
    private static float[] Draw(int latentDimension)
    {
        var half = new double[NumberOfDraws / 2 * latentDimension];
        Normal.Samples(new Random(Seed), half, 0, 1);
        return [.. half.Select(value => (float)value), .. half.Select(value => (float)-value)];
    }
}
