using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Generative;

/// <summary>
/// Trained networks at work. Native calls have one of few shapes, because libtorch chooses other kernels for one or two rows and changes the last bits: short blocks are padded with
/// zeros, and a row's results depend on that row alone. Read-only, and safe for several threads.
/// </summary>
internal sealed class BlockInference
{
    private readonly VaeArchitecture _architecture;
    private readonly Device _device;
    private readonly VaeNetwork _network;
    private readonly DecoderLikelihood _likelihood;
    private readonly Tensor _elboNoise;
    private readonly Tensor? _importanceNoise;
    private readonly ShapeAgreement _agreement;
    private readonly Lazy<CodeInference> _codes;

    // Nothing is disposed of by hand: a model is shared freely, and libtorch's finalisers free what no model uses.
    public BlockInference(VaeArchitecture architecture, FeatureScaling scaling, IReadOnlyList<float[]> weights, ScoringNoise noise, Device device)
    {
        using DisposeScope scope = NewDisposeScope();
        _architecture = architecture;
        _device = device;
        ParameterSet parameters = PaddedParameters.Create(architecture, device, weights);
        _network = new VaeNetwork(architecture, parameters);
        _likelihood = DecoderLikelihood.Create(architecture, scaling, parameters, device);
        _elboNoise = ToTensor(noise.Elbo);
        _importanceNoise = noise.Importance.Length == 0 ? null : ToTensor(noise.Importance);
        _agreement = new ShapeAgreement(this, architecture);
        _codes = new Lazy<CodeInference>(() => CodeInference.Create(architecture, scaling, weights, device));
        Rows = new RowReader(scaling, _likelihood);

        Tensor ToTensor(float[] values)
        {
            Tensor samples = AlignedTensor.Copy(values, [values.Length / architecture.LatentDimension, 1, architecture.LatentDimension], device);
            return Padded(samples).DetachFromDisposeScope();
        }
    }

    /// <summary>Brings rows into the network's units.</summary>
    public RowReader Rows { get; }

    /// <summary>The same networks at work on many codes of one row.</summary>
    public CodeInference Codes => _codes.Value;

    /// <summary>Whether scores are the importance-weighted bound.</summary>
    public bool IsImportanceWeighted => _importanceNoise is not null;

    /// <summary>Whether blocks of <see cref="BlockRows.Few"/> rows give the bits of those of <see cref="BlockRows.Many"/>, for a use of this model and the thread's number of workers.</summary>
    public bool ShapesAgree(ShapeUse use) => _agreement.Holds(use);

    /// <summary>The number of the model's own samples that a bound takes.</summary>
    public int NumberOfSamples(ShapeUse bound) => (int)Noise(bound).shape[0];

    /// <summary>The noise variance of each feature, in the features' squared units; empty if the likelihood is not Gaussian.</summary>
    public double[] NoiseVariances()
    {
        using var session = new InferenceSession(this);
        return _likelihood.NoiseVariances();
    }

    /// <summary>The posterior of each row of a block.</summary>
    /// <param name="rows">B × D, in the network's units.</param>
    /// <param name="means">n × L, for the first n rows.</param>
    /// <param name="standardDeviations">n × L.</param>
    public void Encode(BlockRows rows, Span<float> means, Span<float> standardDeviations)
    {
        using var session = new InferenceSession(this);
        EncodeInto(rows, means, standardDeviations);
    }

    /// <summary>E[x|z] of each code of a block.</summary>
    /// <param name="latents">B × L.</param>
    /// <param name="rows">n × D, for the first n codes, in the network's units.</param>
    public void Decode(BlockRows latents, Span<float> rows)
    {
        using var session = new InferenceSession(this);
        Read(_likelihood.Mean(_network.Decode(latents.PaddedOn(_device))), rows);
    }

    /// <summary>A draw of x given each code of a block.</summary>
    /// <param name="latents">B × L.</param>
    /// <param name="generator">Where random numbers come from.</param>
    /// <param name="rows">B × D, in the network's units.</param>
    public void Draw(BlockRows latents, Generator generator, Span<float> rows)
    {
        using var session = new InferenceSession(this);
        Read(_likelihood.Draw(_network.Decode(latents.PaddedOn(_device)), generator), rows);
    }

    /// <summary>
    /// The two parts of the evidence lower bound of the first n rows of a block, E_q[log p(x|z)] over the model's own samples and the KL divergence in closed form, and their posteriors.
    /// </summary>
    /// <param name="rows">B × D, in the network's units.</param>
    /// <param name="means">n × L.</param>
    /// <param name="standardDeviations">n × L.</param>
    /// <param name="reconstruction">n numbers.</param>
    /// <param name="klPerDimension">n × L.</param>
    public void Elbo(BlockRows rows, Span<float> means, Span<float> standardDeviations, Span<double> reconstruction, Span<double> klPerDimension)
    {
        using var session = new InferenceSession(this);
        (Tensor mean, Tensor logVariance) = EncodeInto(rows, means, standardDeviations);
        ReadLatents(ClosedFormKlDivergence.Of(mean.to(float64), logVariance.to(float64)), klPerDimension);
        Average(rows, mean, logVariance, _elboNoise, new SampleMean(reconstruction.Length)).CopyTo(reconstruction);
    }

    /// <summary>
    /// log (1/K) Σ_k p(x, z_k) / q(z_k|x), a lower bound on log p(x) in expectation that rises to it with K (Burda, Grosse and Salakhutdinov 2015, equation 8), of the first n rows of
    /// a block with the model's own samples, and their posteriors.
    /// </summary>
    /// <param name="rows">B × D, in the network's units.</param>
    /// <param name="means">n × L.</param>
    /// <param name="standardDeviations">n × L.</param>
    /// <param name="bounds">n numbers.</param>
    public void ImportanceWeightedBound(BlockRows rows, Span<float> means, Span<float> standardDeviations, Span<double> bounds)
    {
        using var session = new InferenceSession(this);
        (Tensor mean, Tensor logVariance) = EncodeInto(rows, means, standardDeviations);
        Average(rows, mean, logVariance, _importanceNoise!, new LogMeanWeight(bounds.Length)).CopyTo(bounds);
    }

    /// <summary>The same with samples of their own for each row.</summary>
    /// <param name="rows">B × D, in the network's units.</param>
    /// <param name="samples">K, the number of samples.</param>
    /// <param name="generator">Where random numbers come from.</param>
    /// <param name="bounds">n numbers.</param>
    public void ImportanceWeightedBound(BlockRows rows, int samples, Generator generator, Span<double> bounds)
    {
        using var session = new InferenceSession(this);
        (Tensor mean, Tensor logVariance) = _network.Encode(rows.PaddedOn(_device));
        var average = new LogMeanWeight(bounds.Length);
        int perCall = SampleCalls.Longest(rows.Count);
        for (int done = 0; done < samples; done += perCall)
        {
            using DisposeScope call = NewDisposeScope();
            int count = Math.Min(perCall, samples - done);
            Tensor noise = Padded(RandomTensors.Normal([count, rows.Count, _architecture.LatentDimension], _device, generator));
            average.Add(Numbers<double>(LogDensities(rows, mean, logVariance, noise, average.TakesWeights)), rows.Count);
        }
        average.CopyTo(bounds);
    }

    /// <summary>What each of the first samples alone makes of a bound for rows of a block, in one call: for comparing shapes of calls.</summary>
    /// <param name="bound">The bound.</param>
    /// <param name="rows">B × D, in the network's units.</param>
    /// <param name="decoded">How many rows are decoded.</param>
    /// <param name="samples">The number of samples.</param>
    /// <returns>Samples × decoded rows.</returns>
    public double[] FirstBounds(ShapeUse bound, BlockRows rows, int decoded, int samples)
    {
        using var session = new InferenceSession(this);
        (Tensor mean, Tensor logVariance) = _network.Encode(rows.PaddedOn(_device));
        Tensor kl = ClosedFormKlDivergence.Of(mean.to(float64), logVariance.to(float64)).sum(1).narrow(0, 0, decoded);
        Tensor densities = LogDensities(rows, mean.narrow(0, 0, decoded), logVariance.narrow(0, 0, decoded), Noise(bound).narrow(0, 0, samples), bound == ShapeUse.ImportanceWeightedBound);
        return Numbers<double>(densities - kl).ToArray();
    }

    private Tensor Noise(ShapeUse bound) => bound == ShapeUse.ImportanceWeightedBound ? _importanceNoise! : _elboNoise;

    private (Tensor Mean, Tensor LogVariance) EncodeInto(BlockRows rows, Span<float> means, Span<float> standardDeviations)
    {
        (Tensor mean, Tensor logVariance) = _network.Encode(rows.PaddedOn(_device));
        ReadLatents(mean, means);
        ReadLatents(exp(Number.Of(0.5) * logVariance), standardDeviations);
        return (mean, logVariance);
    }

    private SampleAverage Average(BlockRows rows, Tensor mean, Tensor logVariance, Tensor noise, SampleAverage average)
    {
        int samples = (int)noise.shape[0];
        int decoded = SampleCalls.DecodedRows(rows.Count, average.NumberOfRows, samples);
        mean = mean.narrow(0, 0, decoded);
        logVariance = logVariance.narrow(0, 0, decoded);
        int perCall = SampleCalls.Longest(rows.Count);
        for (int done = 0; done < samples; done += perCall)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor call = LogDensities(rows, mean, logVariance, noise.narrow(0, done, Math.Min(perCall, samples - done)), average.TakesWeights);
            average.Add(Numbers<double>(call), decoded);
        }
        return average;
    }

    // log p(x|z), or log p(x,z) / q(z|x), of samples × rows. Rows with holes leave out what is missing; the others keep the sums, and so the bits, that they have without such neighbours.
    private Tensor LogDensities(BlockRows rows, Tensor mean, Tensor logVariance, Tensor noise, bool isWeighted)
    {
        Tensor block = rows.ValuesOn(_device, mean.shape[0]);
        Tensor latents = mean.Plus(exp(Number.Of(0.5) * logVariance) * noise);
        Tensor decoded = _network.Decode(latents);
        Tensor densities = _likelihood.LogDensity(block, decoded);
        if (rows.ObservedOn(_device, mean.shape[0]) is { } observed)
            densities = where(observed.all(1), densities, _likelihood.LogDensity(block, decoded, observed));
        if (isWeighted)
            densities = densities.Plus(Number.Of(0.5) * ((noise * noise).Plus(logVariance) - latents * latents).sum(-1, type: float64));
        return densities;
    }

    private Tensor Padded(Tensor latents) =>
        nn.functional.pad(latents, [0, PaddedParameters.Pad(_architecture.LatentDimension) - _architecture.LatentDimension]);

    // L numbers of each row, without the padding.
    private void ReadLatents<T>(Tensor values, Span<T> destination)
        where T : unmanaged
    {
        ReadOnlySpan<T> padded = Numbers<T>(values);
        int width = _architecture.LatentDimension;
        int pitch = PaddedParameters.Pad(width);
        for (int row = 0; row < destination.Length / width; row++)
            padded.Slice(row * pitch, width).CopyTo(destination[(row * width)..]);
    }

    // Into the caller's memory, as many as it has place for.
    private static void Read<T>(Tensor values, Span<T> destination)
        where T : unmanaged =>
        Numbers<T>(values)[..destination.Length].CopyTo(destination);

    private static ReadOnlySpan<T> Numbers<T>(Tensor values)
        where T : unmanaged =>
        MemoryMarshal.Cast<byte, T>(values.contiguous().cpu().bytes);
}
