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
            Tensor written = likelihood.Gradient(rows, decoded.detach(), mask)!;
            Assert.Equal(decoded.shape, written.shape);
            // Where a quotient takes over from a series, both have lost some digits.
            Assert.True((written - decoded.grad!).abs().max().item<float>() < 1e-5);
            decoded.grad = null;
        }
    }

    [Theory]
    [InlineData(VaeLikelihood.Gaussian)]
    [InlineData(VaeLikelihood.GaussianSharedVariance)]
    [InlineData(VaeLikelihood.GaussianFixedVariance)]
    public void Not_of_one_with_parameters(VaeLikelihood kind)
    {
        using DecoderLikelihood likelihood = Twins.Create(kind, FeatureScaling.None(1), [0]);
        Assert.Null(likelihood.Gradient(zeros(1, 1), zeros(1, 1)));
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
