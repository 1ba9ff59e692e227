using TorchSharp;

namespace MLNet.Generative;

/// <summary>
/// A trained variational autoencoder (Kingma and Welling 2013): an encoder q(z|x) = N(μ(x), diag σ²(x)) and a decoder p(x|z), with p(z) = N(0, I). Immutable, and safe for
/// several threads. Rows are in the features' own units, with NaN for a missing value: the encoder sees the feature's mean for it (0 where features are not standardised), and densities leave it out. Where a method takes rows or codes, one or more may be given, one after another in one span.
/// </summary>
/// <remarks>
/// The networks compute with 32-bit numbers; features are centred and scaled in 64 bits before, and sums over features are taken in 64 bits. A row's results are the same in
/// any order, among any others and on any thread, for the same number of libtorch's threads.
/// </remarks>
public sealed class VaeModel
{
    private readonly BlockInference _inference;

    internal VaeModel(VaeArchitecture architecture, FeatureScaling scaling, IReadOnlyList<float[]> weights, ScoringNoise scoringNoise, torch.Device device)
    {
        Architecture = architecture;
        Scaling = scaling;
        Weights = weights;
        ScoringNoise = scoringNoise;
        Device = device;
        _inference = new BlockInference(architecture, scaling, weights, scoringNoise, device);
    }

    /// <summary>D, the number of features.</summary>
    public int Dimension => Architecture.Dimension;

    /// <summary>L, the number of latent dimensions.</summary>
    public int LatentDimension => Architecture.LatentDimension;

    /// <summary>The distribution of a row given its code; what <see cref="VaeLikelihood.Auto"/> has chosen.</summary>
    public VaeLikelihood Likelihood => Architecture.Likelihood;

    /// <summary>The number of weights that were learned.</summary>
    public long NumberOfParameters => Architecture.Parameters().Sum(parameter => parameter.Count);

    /// <summary>The variance of the noise of each feature, in the features' squared units, for a Gaussian likelihood; empty for the others.</summary>
    public IReadOnlyList<double> NoiseVariances => _inference.NoiseVariances();

    /// <summary>
    /// The Gaussian mixture of L features from which codes of new rows are drawn; <see langword="null"/> for the prior N(0, I). It is fitted where
    /// <see cref="VaeEstimator.Options.LatentMixtureComponents"/> is set, and plays no part in densities.
    /// </summary>
    public GaussianMixtureModel? LatentMixture { get; private init; }

    internal VaeArchitecture Architecture { get; }

    internal FeatureScaling Scaling { get; }

    internal IReadOnlyList<float[]> Weights { get; }

    internal ScoringNoise ScoringNoise { get; }

    internal torch.Device Device { get; }

    internal BlockInference Inference => _inference;

    /// <summary>The posterior means μ(x). A row with an infinite value, or of which nothing is known, has the prior's mean, 0.</summary>
    /// <param name="rows">Rows of D features.</param>
    /// <returns>L numbers for each row.</returns>
    /// <exception cref="ArgumentException">The number of values is no multiple of D.</exception>
    public double[] Encode(ReadOnlySpan<double> rows)
    {
        var means = new double[CountRows(rows) * LatentDimension];
        Encode(rows, means, new double[means.Length]);
        return means;
    }

    /// <summary>The posterior means μ(x) and standard deviations σ(x). A row with an infinite value, or of which nothing is known, has the prior as its posterior.</summary>
    /// <param name="rows">Rows of D features.</param>
    /// <param name="means">Receives L numbers for each row.</param>
    /// <param name="standardDeviations">Receives L numbers for each row.</param>
    /// <exception cref="ArgumentException">A span has a wrong length.</exception>
    public void Encode(ReadOnlySpan<double> rows, Span<double> means, Span<double> standardDeviations)
    {
        int count = CountRows(rows);
        CheckLength(means.Length, count * LatentDimension, nameof(means));
        CheckLength(standardDeviations.Length, count * LatentDimension, nameof(standardDeviations));
        using var block = new VaeBlock(this, count);
        for (int start = 0; start < count; start += block.Capacity)
        {
            int length = block.Load(rows, start, count);
            block.Encode(length);
            Widen(block.Means.AsSpan(0, length * LatentDimension), means[(start * LatentDimension)..]);
            Widen(block.StandardDeviations.AsSpan(0, length * LatentDimension), standardDeviations[(start * LatentDimension)..]);
        }
    }

    /// <summary>E[x|z]: probabilities for a Bernoulli likelihood, means for the others.</summary>
    /// <param name="latents">Codes of L numbers.</param>
    /// <returns>D numbers for each code.</returns>
    /// <exception cref="ArgumentException">The number of values is no multiple of L.</exception>
    public double[] Decode(ReadOnlySpan<double> latents)
    {
        if (latents.Length % LatentDimension != 0)
            throw new ArgumentException($"There are {latents.Length} values, which is no number of codes of {LatentDimension} latent dimensions.", nameof(latents));
        int count = latents.Length / LatentDimension;
        var rows = new double[count * Dimension];
        using var block = new VaeBlock(this, count);
        for (int start = 0; start < count; start += block.Capacity)
        {
            int length = Math.Min(block.Capacity, count - start);
            ReadOnlySpan<double> chosen = latents.Slice(start * LatentDimension, length * LatentDimension);
            for (int i = 0; i < chosen.Length; i++)
                block.Means[i] = (float)chosen[i];
            block.Decode(length);
            Scaling.Invert(block.Reconstructions.AsSpan(0, length * Dimension), rows.AsSpan(start * Dimension, length * Dimension));
        }
        return rows;
    }

    /// <summary>E[x | z = μ(x)]: the rows as the model sees them.</summary>
    /// <param name="rows">Rows of D features.</param>
    /// <returns>D numbers for each row.</returns>
    /// <exception cref="ArgumentException">The number of values is no multiple of D.</exception>
    public double[] Reconstruct(ReadOnlySpan<double> rows) => Decode(Encode(rows));

    /// <summary>Rows on the way between two rows: the straight line between their codes, decoded.</summary>
    /// <param name="from">The row to start from.</param>
    /// <param name="to">The row to end at.</param>
    /// <param name="numberOfSteps">The number of rows, the reconstructions of the two included: at least 2.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="ArgumentException">A row has not D values, or there are fewer than two steps.</exception>
    public double[][] Interpolate(ReadOnlySpan<double> from, ReadOnlySpan<double> to, int numberOfSteps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(numberOfSteps, 2);
        CheckLength(from.Length, Dimension, nameof(from));
        CheckLength(to.Length, Dimension, nameof(to));
        double[] start = Encode(from);
        double[] end = Encode(to);
        return DecodeEach(numberOfSteps, (step, l) => start[l] + (end[l] - start[l]) * step / (numberOfSteps - 1));
    }

    /// <summary>What one latent dimension does: the code of a row with that dimension set to evenly spaced values, decoded.</summary>
    /// <param name="row">The row.</param>
    /// <param name="latent">The latent dimension, from 0.</param>
    /// <param name="lowest">The first value, in standard deviations of the prior: finite.</param>
    /// <param name="highest">The last value: finite.</param>
    /// <param name="numberOfSteps">The number of values: at least 2.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="ArgumentException">The row has not D values, or another argument is out of range.</exception>
    public double[][] Traverse(ReadOnlySpan<double> row, int latent, double lowest = -3, double highest = 3, int numberOfSteps = 7)
    {
        CheckLength(row.Length, Dimension, nameof(row));
        ArgumentOutOfRangeException.ThrowIfNegative(latent);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(latent, LatentDimension);
        ArgumentOutOfRangeException.ThrowIfLessThan(numberOfSteps, 2);
        OptionChecks.InRange(lowest, double.MinValue, double.MaxValue, nameof(lowest));
        OptionChecks.InRange(highest, double.MinValue, double.MaxValue, nameof(highest));
        double[] code = Encode(row);
        return DecodeEach(numberOfSteps, (step, l) => l == latent ? lowest + (highest - lowest) * step / (numberOfSteps - 1) : code[l]);
    }

    /// <summary>
    /// Draws new rows: z from <see cref="LatentMixture"/>, or from the prior N(0, I) if there is none, then x from p(x|z), noise included. For rows without noise, decode draws from the same.
    /// </summary>
    /// <param name="count">The number of rows: not negative.</param>
    /// <param name="seed">The same seed gives the same rows.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public double[][] Sample(int count, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return VaeSampler.Draw(this, count, seed);
    }

    /// <summary>The same autoencoder, which draws codes from a mixture; <see langword="null"/> for the prior.</summary>
    internal VaeModel WithLatentMixture(GaussianMixtureModel? mixture) =>
        mixture is null && LatentMixture is null ? this : new VaeModel(Architecture, Scaling, Weights, ScoringNoise, Device) { LatentMixture = mixture };

    /// <summary>
    /// A lower bound on log p(x) of a row, in nats: the evidence lower bound E_q[log p(x|z)] − KL(q(z|x) ‖ p(z)), or where the model was trained with
    /// <see cref="VaeEstimator.Options.ScoringSamples"/> above 1, the importance-weighted bound with so many samples.
    /// </summary>
    /// <param name="row">D features; NaN where one is missing.</param>
    /// <returns>The bound, of the features that are known: 0 if none is. −∞ for a row with a value that is infinite, too far away for 32 bits, or impossible under the likelihood.</returns>
    /// <exception cref="ArgumentException">The row has not D values.</exception>
    public double LogDensity(ReadOnlySpan<double> row)
    {
        CheckLength(row.Length, Dimension, nameof(row));
        Span<double> logDensity = [0];
        LogDensity(row, logDensity);
        return logDensity[0];
    }

    /// <summary>The bound of each row, as <see cref="LogDensity(ReadOnlySpan{double})"/>.</summary>
    /// <param name="rows">Rows of D features.</param>
    /// <param name="logDensities">Receives a number for each row.</param>
    /// <exception cref="ArgumentException">A span has a wrong length.</exception>
    public void LogDensity(ReadOnlySpan<double> rows, Span<double> logDensities)
    {
        int count = CountRows(rows);
        CheckLength(logDensities.Length, count, nameof(logDensities));
        using var block = new VaeBlock(this, count);
        for (int start = 0; start < count; start += block.Capacity)
        {
            int length = block.Load(rows, start, count);
            block.Score(length);
            for (int i = 0; i < length; i++)
                logDensities[start + i] = block.LogDensity(i);
        }
    }

    /// <summary>
    /// Fills in missing values (NaN) with E[missing | known], by importance sampling: Σ_k w_k E[x|z_k] / Σ_k w_k with w_k = p(known|z_k) p(z_k) / r(z_k), where codes z_k are drawn from a mixture r of
    /// Gaussians at the modes of p(z|known), the encoder's q and the prior (Mattei and Frellsen 2019, section 3). For a Bernoulli likelihood these are probabilities.
    /// </summary>
    /// <param name="rows">Rows of D features, with NaN for a missing one.</param>
    /// <param name="numberOfImportanceSamples">
    /// K, the number of codes for each row with a missing value: at least 1. The sampling error falls with √K; with 1,000 it is, as a rule, about a hundredth of the standard deviation
    /// that the missing feature has given the known ones.
    /// </param>
    /// <param name="seed">The seed of the codes. A row's values depend on it, and on the row alone.</param>
    /// <returns>
    /// The rows: known values as they were, and numbers for the missing ones. Of a row without a known value, or with one that is infinite, too far away for 32 bits, or impossible under the
    /// likelihood, the missing ones get the means E[x] over all rows that the model gives.
    /// </returns>
    /// <exception cref="ArgumentException">The number of values is no multiple of D, or there is no sample.</exception>
    public double[] Impute(ReadOnlySpan<double> rows, int numberOfImportanceSamples = VaeEstimator.Options.Defaults.ImputationSamples, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(numberOfImportanceSamples, 1);
        var completed = new double[CountRows(rows) * Dimension];
        var imputer = new Imputer(this, numberOfImportanceSamples, seed);
        for (int start = 0; start < rows.Length; start += Dimension)
            imputer.Impute(rows.Slice(start, Dimension), completed.AsSpan(start, Dimension));
        return completed;
    }

    /// <summary>How well the model describes rows.</summary>
    /// <param name="rows">One or more rows of D features: possible under the likelihood, or NaN where missing. What is missing is left out.</param>
    /// <param name="numberOfImportanceSamples">K, the number of samples of the importance-weighted log-likelihood: at least 1.</param>
    /// <param name="seed">The seed of these samples.</param>
    /// <exception cref="ArgumentException">There are no rows, the number of values is no multiple of D, a row is too far away for 32 bits, or there is no sample.</exception>
    /// <exception cref="InvalidOperationException">A value is infinite, or cannot occur under the likelihood.</exception>
    public VaeMetrics Evaluate(ReadOnlySpan<double> rows, int numberOfImportanceSamples = 64, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(numberOfImportanceSamples, 1);
        TrainingPlan.CheckValues(rows, Dimension, Likelihood, FeatureNames.None);
        return Evaluate(rows, numberOfImportanceSamples, seed, static () => { });
    }

    internal VaeMetrics Evaluate(ReadOnlySpan<double> rows, int numberOfImportanceSamples, int seed, Action checkCancelled) =>
        VaeEvaluation.Evaluate(this, rows, CountRows(rows), numberOfImportanceSamples, seed, checkCancelled);

    /// <inheritdoc/>
    public override string ToString() =>
        $"variational autoencoder, {Likelihood} likelihood: {string.Join("-", [Dimension, .. Architecture.HiddenLayers, LatentDimension, .. Architecture.DecoderHiddenLayers, Dimension])}, {NumberOfParameters} weights";

    private double[][] DecodeEach(int count, Func<int, int, double> latent)
    {
        var latents = new double[count * LatentDimension];
        for (int i = 0; i < latents.Length; i++)
            latents[i] = latent(i / LatentDimension, i % LatentDimension);
        return [.. Decode(latents).Chunk(Dimension)];
    }

    private int CountRows(ReadOnlySpan<double> rows)
    {
        if (rows.Length % Dimension != 0)
            throw new ArgumentException($"There are {rows.Length} values, which is no number of rows of {Dimension} features.", nameof(rows));
        return rows.Length / Dimension;
    }

    private static void CheckLength(int found, int expected, string name)
    {
        if (found != expected)
            throw new ArgumentException($"{name} has {found} values; it must have {expected}.", name);
    }

    private static void Widen(ReadOnlySpan<float> from, Span<double> to)
    {
        for (int i = 0; i < from.Length; i++)
            to[i] = from[i];
    }
}
