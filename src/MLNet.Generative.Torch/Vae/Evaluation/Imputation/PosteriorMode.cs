using MathNet.Numerics.LinearAlgebra;

namespace MLNet.Generative;

/// <summary>
/// A maximum of log p(x_obs, z) over codes z, with the expected curvature I + Jᵀ F J there: the mean and the precision of a Gaussian that is near p(z|x_obs), and exactly that where the decoder is
/// linear and the noise Gaussian (Laplace's method; Tierney and Kadane 1986).
/// </summary>
/// <param name="Code">The maximum.</param>
/// <param name="Precision">I + Jᵀ F J.</param>
/// <param name="LogJoint">log p(x_obs, z), up to the constant of the prior.</param>
internal sealed record PosteriorMode(double[] Code, Matrix<double> Precision, double LogJoint)
{
    private const int MaximumNumberOfSteps = 20;

    // A proposal some hundredths of a standard deviation off the mode is as good as one at the mode.
    private const double LargestDecrement = 1e-3;

    // What is left to gain is then of no account either, in nats.
    private const double SmallestGain = 1e-3;

    // So much is added to the curvature that it has a Cholesky factor whatever was rounded.
    private const double Ridge = 1e-12;

    // What share of a step is tried, by powers of ½.
    private const int NumberOfShares = 10;

    /// <summary>Finds the maxima that scoring steps (I + Jᵀ F J)⁻¹ ∇ lead to, each with the best of several lengths (Osborne 1992).</summary>
    /// <param name="inference">The networks.</param>
    /// <param name="row">x, of which some is known.</param>
    /// <param name="starts">Codes to start from.</param>
    /// <returns>A maximum for each start from which there is a way; several may be the same.</returns>
    public static IReadOnlyList<PosteriorMode> Find(CodeInference inference, IncompleteRow row, IReadOnlyList<double[]> starts)
    {
        int latents = starts[0].Length;
        float[] codes = [.. starts.SelectMany(start => start).Select(value => (float)value)];
        double[] logJoint = inference.LogJoint(row, codes);
        var precisions = new Matrix<double>[starts.Count];
        bool[] isDone = Array.ConvertAll(logJoint, value => !double.IsFinite(value));
        bool[] isValid = Array.ConvertAll(isDone, done => !done);
        for (int iteration = 0; ; iteration++)
        {
            (double[] gradients, double[] curvatures) = inference.Curvature(row, codes);
            var steps = new double[codes.Length];
            for (int s = 0; s < starts.Count; s++)
            {
                if (isDone[s])
                    continue;
                ReadOnlySpan<double> gradient = gradients.AsSpan(s * latents, latents);
                ReadOnlySpan<double> curvature = curvatures.AsSpan(s * latents * latents, latents * latents);
                isValid[s] = AllFinite(gradient) && AllFinite(curvature);
                isDone[s] = !isValid[s] || !Ascend(gradient, curvature, steps.AsSpan(s * latents, latents), out precisions[s]);
            }
            if (iteration == MaximumNumberOfSteps || Array.TrueForAll(isDone, done => done))
                break;
            Search(inference, row, codes, steps, logJoint, isDone);
        }

        return [.. Enumerable.Range(0, starts.Count).Where(s => isValid[s]).Select(s =>
            new PosteriorMode(Array.ConvertAll(codes[(s * latents)..((s + 1) * latents)], value => (double)value), precisions[s], logJoint[s]))];
    }

    // Whether there is still a way to go.
    private static bool Ascend(ReadOnlySpan<double> gradient, ReadOnlySpan<double> curvature, Span<double> step, out Matrix<double> precision)
    {
        int latents = gradient.Length;
        precision = Matrix<double>.Build.Dense(latents, latents, curvature.ToArray());
        for (int l = 0; l < latents; l++)
            precision[l, l] *= 1 + Ridge * latents;
        var direction = Vector<double>.Build.Dense(gradient.ToArray());
        Vector<double> found = precision.Cholesky().Solve(direction);
        found.AsArray().CopyTo(step);
        return found * direction > LargestDecrement;
    }

    // Takes the share of each step that leads highest; where none leads up by enough to matter, the search has ended.
    private static void Search(CodeInference inference, IncompleteRow row, float[] codes, double[] steps, double[] logJoint, bool[] isDone)
    {
        var tried = new float[codes.Length * NumberOfShares];
        for (int share = 0; share < NumberOfShares; share++)
        {
            for (int i = 0; i < codes.Length; i++)
                tried[share * codes.Length + i] = (float)(codes[i] + Math.ScaleB(steps[i], -share));
        }
        double[] found = inference.LogJoint(row, tried);
        int latents = codes.Length / logJoint.Length;
        for (int s = 0; s < logJoint.Length; s++)
        {
            if (isDone[s])
                continue;
            int best = -1;
            double highest = logJoint[s] + SmallestGain;
            for (int share = 0; share < NumberOfShares; share++)
            {
                double value = found[share * logJoint.Length + s];
                if (!(value > highest) || !double.IsFinite(value))
                    continue;
                highest = value;
                best = share;
            }
            isDone[s] = best < 0;
            if (best < 0)
                continue;
            logJoint[s] = highest;
            Array.Copy(tried, best * codes.Length + s * latents, codes, s * latents, latents);
        }
    }

    private static bool AllFinite(ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            if (!double.IsFinite(value))
                return false;
        }
        return true;
    }
}
