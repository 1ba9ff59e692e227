using Xunit;
using static TorchSharp.torch;

namespace MLNet.Generative.Tests;

/// <summary>Gradients that are written down are those that differentiation finds.</summary>
public sealed class WrittenGradientTests : TorchTests
{
    [Theory]
    [InlineData(VaeLikelihood.Bernoulli)]
    [InlineData(VaeLikelihood.ContinuousBernoulli)]
    public void Of_a_likelihood(VaeLikelihood kind)
    {
        float[] logits = [.. Twins.Logits(largest: 1e4f)];
        using DecoderLikelihood likelihood = Twins.Create(kind, FeatureScaling.None(logits.Length));
        using Generator generator = SeededGenerator.Create(seed: 2);
        Tensor rows = rand([3, logits.Length], float32, CPU, generator: generator);
        Tensor observed = rand([3, logits.Length], float32, CPU, generator: generator) > tensor(0.3f);
        Tensor decoded = tensor(logits).expand(2, 3, logits.Length).clone().requires_grad_();
        foreach (Tensor? mask in (Tensor?[])[null, observed])
        {
            likelihood.LogDensity(rows, decoded, mask).sum().backward();
            (Tensor logDensity, Tensor gradient) = likelihood.WithGradient(rows, decoded.detach(), mask, scale: -0.5)!.Value;
            Assert.Equal(decoded.shape, gradient.shape);
            // Where a quotient takes over from a series, both have lost some digits.
            Assert.True((gradient * -2 - decoded.grad!).abs().max().item<float>() < 1e-5);
            Tensor expected = likelihood.LogDensity(rows, decoded.detach(), mask);
            Assert.Equal(expected.shape, logDensity.shape);
            Assert.True(((logDensity - expected) / expected).abs().max().item<double>() < 1e-6);
            decoded.grad = null;
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(15, 3)]
    [InlineData(16, 40)]
    [InlineData(33, 130)]
    public void Of_Bernoulli_rows_of_any_length_with_any_number_of_threads(int width, int count)
    {
        using Generator generator = SeededGenerator.Create(seed: width);
        Tensor rows = rand([count, width], float32, CPU, generator: generator);
        Tensor decoded = (randn([2, count, width], float32, CPU, generator: generator) * 6);
        using DecoderLikelihood likelihood = Twins.Create(VaeLikelihood.Bernoulli, FeatureScaling.None(width));
        float[] x = rows.data<float>().ToArray();
        float[] a = decoded.data<float>().ToArray();
        var found = new List<(double[], float[])>();
        foreach (int threads in (int[])[1, 3])
        {
            using LibTorchThreads use = LibTorchThreads.Use(threads);
            (Tensor logDensity, Tensor gradient) = likelihood.WithGradient(rows, decoded, null, 1)!.Value;
            found.Add((logDensity.data<double>().ToArray(), gradient.data<float>().ToArray()));
        }
        Assert.Equal(found[0].Item1, found[1].Item1);
        Assert.Equal(found[0].Item2, found[1].Item2);
        for (int i = 0; i < a.Length; i++)
            Assert.Equal(x[i % x.Length] - 1 / (1 + Math.Exp(-a[i])), found[0].Item2[i], 2e-7);
        for (int row = 0; row < 2 * count; row++)
        {
            double expected = Enumerable.Range(row * width, width).Sum(i => Twins.Bernoulli(x[i % x.Length], a[i]));
            Assert.Equal(expected, found[0].Item1[row], 3e-7 * width * 10);
        }
    }

    [Theory]
    [InlineData(VaeLikelihood.Gaussian)]
    [InlineData(VaeLikelihood.GaussianSharedVariance)]
    [InlineData(VaeLikelihood.GaussianFixedVariance)]
    public void Not_of_one_with_parameters(VaeLikelihood kind)
    {
        using DecoderLikelihood likelihood = Twins.Create(kind, FeatureScaling.None(1), [0]);
        Assert.Null(likelihood.WithGradient(zeros(1, 1), zeros(1, 1), null, 1));
    }

    [Theory]
    [InlineData(VaeLikelihood.Bernoulli, false)]
    [InlineData(VaeLikelihood.ContinuousBernoulli, true)]
    public void Of_the_objective(VaeLikelihood kind, bool isWeighted)
    {
        var architecture = new VaeArchitecture(6, 2, [5], [4], VaeActivation.Tanh, kind, 1);
        var options = new VaeEstimator.Options { SamplesPerRow = 3, FreeBits = 0.01 };
        var plan = new TrainingPlan(architecture, FeatureScaling.None(6), [], []);
        using Generator generator = SeededGenerator.Create(seed: 4);
        using ParameterSet parameters = ParameterSet.Draw(architecture, CPU, generator);
        using var bound = EvidenceLowerBound.Create(plan, parameters, options, CPU);
        var batch = new TrainingBatch(rand([8, 6], float32, CPU, generator: generator), isWeighted ? rand([8], float64, CPU, generator: generator) : null);

        using (Generator noise = SeededGenerator.Create(seed: 5))
            bound.Estimate(batch, beta: 1.5, noise).Differentiate();
        Tensor[] written = [.. parameters.Tensors.Select(parameter => parameter.grad!.clone())];

        // The same once more, in a few lines of plain differentiation.
        foreach (Tensor parameter in parameters.Tensors)
            parameter.grad = null;
        using DecoderLikelihood likelihood = DecoderLikelihood.Create(architecture, FeatureScaling.None(6), parameters, CPU);
        var network = new VaeNetwork(architecture, parameters);
        (Tensor mean, Tensor logVariance) = network.Encode(batch.Rows);
        using Generator same = SeededGenerator.Create(seed: 5);
        Tensor latents = mean + exp(logVariance / 2) * RandomTensors.Normal([3, 8, 2], CPU, same);
        Tensor weights = batch.Weights ?? ones(8, float64);
        Tensor reconstruction = (likelihood.LogDensity(batch.Rows, network.Decode(latents)).mean([0]) * weights).mean();
        Tensor kl = ((mean * mean + exp(logVariance) - 1 - logVariance) / 2 * weights.unsqueeze(1)).mean([0]);
        (1.5 * maximum(kl, tensor(0.01)).sum() - reconstruction).backward();
        foreach ((Tensor found, Tensor parameter) in written.Zip(parameters.Tensors))
            Assert.True((found - parameter.grad!).abs().max().item<float>() < 1e-6);
    }
}
