using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Generative;

/// <summary>
/// Trained networks at work. Every native call has the same number of rows, because libtorch chooses other kernels for one or two rows and changes the last bits: short
/// blocks are padded with zeros, and a row's results depend on that row alone. Read-only, and safe for several threads.
/// </summary>
internal sealed class BlockInference
{
    /// <summary>The number of rows in every block: small enough for a single row not to cost much, large enough for the products to run at speed.</summary>
    public const int RowsPerBlock = 32;

    // Importance samples are taken some at a time, so that what they need stays in the cache.
    private const int DecodedRowsPerCall = 1024;

    private readonly VaeArchitecture _architecture;
    private readonly Device _device;
    private readonly VaeNetwork _network;
    private readonly DecoderLikelihood _likelihood;
    private readonly Tensor _scoringNoise;

    // Nothing is disposed of by hand: a model is shared freely, and libtorch's finalisers free what no model uses.
    public BlockInference(VaeArchitecture architecture, FeatureScaling scaling, IReadOnlyList<float[]> weights, float[] scoringNoise, Device device)
    {
        using DisposeScope scope = NewDisposeScope();
        _architecture = architecture;
        _device = device;
        ParameterSet parameters = ParameterSet.From(architecture, device, weights);
        _network = new VaeNetwork(architecture, parameters);
        _likelihood = DecoderLikelihood.Create(architecture, scaling, parameters, device);
        Codes = new CodeInference(architecture, _network, _likelihood, device);
        long samples = scoringNoise.Length / architecture.LatentDimension;
        _scoringNoise = AlignedTensor.Copy(scoringNoise, [samples, 1, architecture.LatentDimension], device).DetachFromDisposeScope();
    }

    /// <summary>The same networks at work on many codes of one row.</summary>
    public CodeInference Codes { get; }

    /// <summary>Whether a value, in the features' units, can occur under the likelihood.</summary>
    public bool Supports(double value) => _likelihood.Supports(value);

    /// <summary>The noise variance of each feature, in the features' squared units; empty if the likelihood is not Gaussian.</summary>
    public double[] NoiseVariances()
    {
        using Session session = new(this);
        return _likelihood.NoiseVariances();
    }

    /// <summary>The posterior of each row of a block.</summary>
    /// <param name="rows">B × D, in the network's units.</param>
    /// <param name="means">B × L.</param>
    /// <param name="standardDeviations">B × L.</param>
    public void Encode(float[] rows, Span<float> means, Span<float> standardDeviations)
    {
        using Session session = new(this);
        (Tensor mean, Tensor logVariance) = _network.Encode(Block(rows, _architecture.Dimension));
        Read(mean, means);
        Read(exp(Number.Of(0.5) * logVariance), standardDeviations);
    }

    /// <summary>E[x|z] of each code of a block.</summary>
    /// <param name="latents">B × L.</param>
    /// <param name="rows">B × D, in the network's units.</param>
    public void Decode(float[] latents, Span<float> rows)
    {
        using Session session = new(this);
        Read(_likelihood.Mean(_network.Decode(Block(latents, _architecture.LatentDimension))), rows);
    }

    /// <summary>A draw of x given each code of a block.</summary>
    /// <param name="latents">B × L.</param>
    /// <param name="generator">Where random numbers come from.</param>
    /// <param name="rows">B × D, in the network's units.</param>
    public void Draw(float[] latents, Generator generator, Span<float> rows)
    {
        using Session session = new(this);
        Read(_likelihood.Draw(_network.Decode(Block(latents, _architecture.LatentDimension)), generator), rows);
    }

    /// <summary>The two parts of the evidence lower bound of each row of a block: E_q[log p(x|z)] over the model's own samples, and the KL divergence in closed form.</summary>
    /// <param name="rows">B × D, in the network's units.</param>
    /// <param name="reconstruction">B numbers.</param>
    /// <param name="klPerDimension">B × L.</param>
    public void Score(float[] rows, Span<double> reconstruction, Span<double> klPerDimension)
    {
        using Session session = new(this);
        Tensor block = Block(rows, _architecture.Dimension);
        (Tensor mean, Tensor logVariance) = _network.Encode(block);
        Tensor latents = mean.Plus(exp(Number.Of(0.5) * logVariance) * _scoringNoise);
        Read(_likelihood.LogDensity(block, _network.Decode(latents)).mean([0]), reconstruction);
        Read(ClosedFormKlDivergence.Of(mean.to(float64), logVariance.to(float64)), klPerDimension);
    }

    /// <summary>
    /// log (1/K) Σ_k p(x, z_k) / q(z_k|x), a lower bound on log p(x) in expectation that rises to it with K (Burda, Grosse and Salakhutdinov 2015, equation 8).
    /// </summary>
    /// <param name="rows">B × D, in the network's units.</param>
    /// <param name="samples">K, the number of samples.</param>
    /// <param name="generator">Where random numbers come from.</param>
    /// <param name="bounds">B numbers.</param>
    public void ImportanceWeightedBound(float[] rows, int samples, Generator generator, Span<double> bounds)
    {
        using Session session = new(this);
        Tensor block = Block(rows, _architecture.Dimension);
        (Tensor mean, Tensor logVariance) = _network.Encode(block);
        Tensor total = full([RowsPerBlock], Number.Of(double.NegativeInfinity), float64, _device);
        int perCall = DecodedRowsPerCall / RowsPerBlock;
        for (int done = 0; done < samples; done += perCall)
        {
            using DisposeScope call = NewDisposeScope();
            long count = Math.Min(perCall, samples - done);
            Tensor noise = RandomTensors.Normal([count, RowsPerBlock, _architecture.LatentDimension], _device, generator);
            Tensor latents = mean.Plus(exp(Number.Of(0.5) * logVariance) * noise);
            Tensor logPriorOverPosterior = Number.Of(0.5) * ((noise * noise).Plus(logVariance) - latents * latents).sum(-1, type: float64);
            Tensor logWeights = _likelihood.LogDensity(block, _network.Decode(latents)).Plus(logPriorOverPosterior);
            total = logaddexp(total, logsumexp(logWeights, 0)).MoveToOuterDisposeScope();
        }
        using Scalar logSamples = Math.Log(samples);
        Read(total - logSamples, bounds);
    }

    private Tensor Block(float[] values, int width) => AlignedTensor.Copy(values, [RowsPerBlock, width], _device);

    private static void Read<T>(Tensor values, Span<T> destination)
        where T : unmanaged =>
        values.contiguous().cpu().data<T>().CopyTo(destination);

    /// <summary>
    /// No gradients, and no tensor left when it ends. It keeps the weights alive: libtorch is given bare handles, and a model of which nothing more is needed than this call may
    /// otherwise be collected while the call lasts.
    /// </summary>
    private readonly ref struct Session
    {
        private readonly BlockInference _owner;
        private readonly IDisposable _noGradients;
        private readonly DisposeScope _scope;

        public Session(BlockInference owner)
        {
            LibTorchThreads.Adopt();
            _owner = owner;
            _noGradients = no_grad();
            _scope = NewDisposeScope();
        }

        public void Dispose()
        {
            _scope.Dispose();
            _noGradients.Dispose();
            GC.KeepAlive(_owner);
        }
    }
}
