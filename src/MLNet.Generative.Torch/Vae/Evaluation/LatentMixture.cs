using System.Globalization;
using TorchSharp;

namespace MLNet.Generative;

/// <summary>
/// A Gaussian mixture fitted to the codes of the training rows, once the autoencoder is trained: one draw z ~ q(z|x) for each row, a sample of the aggregate posterior
/// (1/N) Σ_n q(z|x_n) (Tomczak and Welling 2018). That is where the decoder has learned; the prior has mass where it has not, and what is drawn there lies between the data (Ghosh et al. 2020,
/// section 4, who fit such a density after training).
/// </summary>
internal static class LatentMixture
{
    private const int LargestNumberOfRows = 100_000;
    private const int RowsPerCall = 4096;

    // Enough for rows to be drawn from: what is left to gain after these is far below the noise of the codes.
    private const int NumberOfInitializations = 5;
    private const int MaximumNumberOfIterations = 200;
    private const double Tolerance = 1e-6;

    /// <summary>Throws, before the training, if there will be too few codes.</summary>
    /// <exception cref="ArgumentException">There are fewer rows than components.</exception>
    public static void CheckRows(int count, VaeEstimator.Options options)
    {
        count = Math.Min(count, LargestNumberOfRows);
        if (options.LatentMixtureComponents > count)
            throw new ArgumentException($"{nameof(options.LatentMixtureComponents)} is {options.LatentMixtureComponents}, but there are only {count} rows to fit the mixture to, and a component needs at least one. Lower it, or give more data.", nameof(options));
    }

    /// <summary>Fits the mixture if the options ask for one.</summary>
    /// <param name="fit">The trained autoencoder.</param>
    /// <param name="rows">The training rows.</param>
    /// <param name="weights">How much each row counts; empty for weights of 1.</param>
    /// <param name="options">Options that have been checked.</param>
    /// <param name="seed">The seed of the training.</param>
    /// <param name="checkCancelled">Throws if the training was cancelled.</param>
    /// <returns>The autoencoder with the mixture, and notes on it in the summary.</returns>
    public static VaeFit AddTo(VaeFit fit, ReadOnlyMemory<double> rows, ReadOnlyMemory<double> weights, VaeEstimator.Options options, int seed, Action checkCancelled)
    {
        if (options.LatentMixtureComponents == 0)
            return fit;
        int[] chosen = ChooseEvenly(rows.Length / fit.Model.Dimension);
        double[] codes = DrawCodes(fit.Model, rows.Span, chosen, seed, checkCancelled);
        double[] codeWeights = weights.IsEmpty ? [] : Array.ConvertAll(chosen, n => weights.Span[n]);
        GaussianMixtureFit mixture = GaussianMixtureLearner.Fit(
            codes,
            fit.Model.LatentDimension,
            new GaussianMixtureEstimator.Options
            {
                NumberOfComponents = options.LatentMixtureComponents,
                CovarianceType = CovarianceType.Full,
                NumberOfInitializations = NumberOfInitializations,
                MaximumNumberOfIterations = MaximumNumberOfIterations,
                Tolerance = Tolerance,
                Seed = seed,
                NumberOfThreads = options.NumberOfThreads,
                Progress = new CancellationCheck(checkCancelled),
                CancellationToken = options.CancellationToken,
            },
            codeWeights);
        return new VaeFit(fit.Model.WithLatentMixture(mixture.Model), fit.Summary.With([Describe(mixture, codes, codeWeights)], Warnings(mixture, chosen.Length)));
    }

    private static int[] ChooseEvenly(int count)
    {
        int chosen = Math.Min(count, LargestNumberOfRows);
        return [.. Enumerable.Range(0, chosen).Select(i => (int)((long)i * count / chosen))];
    }

    private static double[] DrawCodes(VaeModel model, ReadOnlySpan<double> rows, int[] chosen, int seed, Action checkCancelled)
    {
        using torch.Generator generator = SeededGenerator.Create(seed, RandomStream.Codes);
        (int dimension, int latentDimension) = (model.Dimension, model.LatentDimension);
        var codes = new double[chosen.Length * latentDimension];
        for (int start = 0; start < chosen.Length; start += RowsPerCall)
        {
            checkCancelled();
            int count = Math.Min(RowsPerCall, chosen.Length - start);
            var some = new double[count * dimension];
            for (int i = 0; i < count; i++)
                rows.Slice(chosen[start + i] * dimension, dimension).CopyTo(some.AsSpan(i * dimension));
            var means = new double[count * latentDimension];
            var standardDeviations = new double[means.Length];
            model.Encode(some, means, standardDeviations);

            using DisposeScope scope = torch.NewDisposeScope();
            ReadOnlySpan<float> noise = RandomTensors.Normal([means.Length], torch.CPU, generator).data<float>().ToArray();
            for (int i = 0; i < means.Length; i++)
                codes[start * latentDimension + i] = means[i] + standardDeviations[i] * noise[i];
        }
        return codes;
    }

    private static string Describe(GaussianMixtureFit mixture, double[] codes, double[] weights)
    {
        int latentDimension = mixture.Model.Dimension;
        double prior = 0;
        for (int i = 0; i < codes.Length; i++)
            prior -= (weights.Length == 0 ? 1 : weights[i / latentDimension]) * (codes[i] * codes[i] + Math.Log(2 * Math.PI)) / 2;
        double total = mixture.Summary.TotalWeight;
        return string.Create(CultureInfo.InvariantCulture,
            $"Samples come from a Gaussian mixture of {mixture.Model.NumberOfComponents} components, fitted to the latent codes of {codes.Length / latentDimension} rows: mean log-likelihood {mixture.Summary.LogLikelihood / total:f4}, under the prior {prior / total:f4}.");
    }

    private static IEnumerable<string> Warnings(GaussianMixtureFit mixture, int numberOfRows)
    {
        int needed = mixture.Model.NumberOfComponents * (mixture.Model.Dimension + 1);
        if (numberOfRows < needed)
            yield return $"{mixture.Model.NumberOfComponents} components with full covariances in {mixture.Model.Dimension} latent dimensions want at least {needed} rows; there are {numberOfRows}. Lower {nameof(VaeEstimator.Options.LatentMixtureComponents)}, or the samples are little else than these rows.";
        if (!mixture.Summary.IsDegenerate)
            yield break;
        foreach (string note in mixture.Summary.Notes)
            yield return $"Mixture of latent codes: {note}";
    }

    private sealed class CancellationCheck(Action check) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => check();
    }
}
