using Xunit;
using static TorchSharp.torch;

namespace MLNet.Generative.Tests;

/// <summary>The optimiser against Adam in plain double arithmetic, and against libtorch's own.</summary>
public sealed class AdamOptimizerTests : TorchTests
{
    // Layers with more weights than a chunk, with fewer than a vector, and with a remainder.
    private static readonly VaeArchitecture Architecture = new(200, 3, [170], [7], VaeActivation.Relu, VaeLikelihood.Gaussian, 1);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void It_is_its_twin(int threads)
    {
        using LibTorchThreads use = LibTorchThreads.Use(threads);
        (float[][] weights, float[][] averages) = Train(steps: 5, learningRate: 0.01, maximumNorm: null);
        (double[] expected, double[] expectedAverages) = Twin(steps: 5, learningRate: 0.01, maximumNorm: double.PositiveInfinity);
        AssertClose(expected, weights);
        AssertClose(expectedAverages, averages);
    }

    [Fact]
    public void It_is_libtorchs_own()
    {
        using Generator generator = SeededGenerator.Create(seed: 3);
        using ParameterSet parameters = ParameterSet.Draw(Architecture, CPU, generator);
        Tensor[] copies = [.. parameters.Tensors.Select(tensor => tensor.detach().clone().requires_grad_())];
        using optim.Optimizer adam = optim.Adam([.. copies.Select(copy => new TorchSharp.Modules.Parameter(copy))], lr: 0.01);
        Assert.Equal(copies.Length, adam.parameters().Count());
        using var average = new WeightAverage(parameters);
        using var optimizer = new AdamOptimizer(parameters, average);
        for (int step = 1; step <= 5; step++)
        {
            foreach ((Tensor ours, Tensor theirs) in parameters.Tensors.Zip(adam.parameters()))
            {
                Tensor gradient = Gradient(ours, step);
                ours.grad = gradient;
                theirs.grad = gradient.clone();
            }
            optimizer.Step(0.01, null);
            adam.step();
        }
        foreach ((Tensor ours, Tensor theirs) in parameters.Tensors.Zip(adam.parameters()))
            Assert.True((ours - theirs).abs().max().item<float>() < 1e-6);
    }

    [Fact]
    public void The_number_of_threads_does_not_change_a_bit()
    {
        float[][] Run(int threads)
        {
            using LibTorchThreads use = LibTorchThreads.Use(threads);
            return Train(steps: 3, learningRate: 0.01, maximumNorm: 0.5).Weights;
        }
        Assert.Equal(Run(1), Run(3));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1e9)]
    public void A_long_gradient_is_shortened_as_a_whole(double maximumNorm)
    {
        (float[][] weights, _) = Train(steps: 4, learningRate: 0.02, maximumNorm);
        (double[] expected, _) = Twin(steps: 4, learningRate: 0.02, maximumNorm);
        AssertClose(expected, weights);
    }

    private static (float[][] Weights, float[][] Averages) Train(int steps, double learningRate, double? maximumNorm)
    {
        using Generator generator = SeededGenerator.Create(seed: 3);
        using ParameterSet parameters = ParameterSet.Draw(Architecture, CPU, generator);
        using var average = new WeightAverage(parameters);
        using var optimizer = new AdamOptimizer(parameters, average);
        for (int step = 1; step <= steps; step++)
        {
            foreach (Tensor parameter in parameters.Tensors)
                parameter.grad = Gradient(parameter, step);
            optimizer.Step(learningRate, maximumNorm);
            Assert.All(parameters.Tensors, parameter => Assert.Null(parameter.grad));
        }
        return (parameters.ToArrays(), average.Parameters.ToArrays());
    }

    private static (double[] Weights, double[] Averages) Twin(int steps, double learningRate, double maximumNorm)
    {
        using Generator generator = SeededGenerator.Create(seed: 3);
        using ParameterSet parameters = ParameterSet.Draw(Architecture, CPU, generator);
        double[] weights = [.. parameters.ToArrays().SelectMany(array => array.Select(value => (double)value))];
        double[] averages = [.. weights];
        var means = new double[weights.Length];
        var squares = new double[weights.Length];
        for (int step = 1; step <= steps; step++)
        {
            double[] gradients = [.. parameters.Tensors.SelectMany(parameter => Gradient(parameter, step).data<float>().ToArray().Select(value => (double)value))];
            double norm = Math.Sqrt(gradients.Sum(value => value * value));
            double share = Math.Max(10 / (step + 9.0), 1e-4);
            for (int i = 0; i < weights.Length; i++)
            {
                double gradient = gradients[i] * Math.Min(1, maximumNorm / norm);
                means[i] = 0.9 * means[i] + 0.1 * gradient;
                squares[i] = 0.999 * squares[i] + 0.001 * gradient * gradient;
                weights[i] -= learningRate * means[i] / (1 - Math.Pow(0.9, step)) / (Math.Sqrt(squares[i] / (1 - Math.Pow(0.999, step))) + 1e-8);
                averages[i] += share * (weights[i] - averages[i]);
            }
        }
        return (weights, averages);
    }

    // Numbers of all sizes, a matrix of them stored by columns.
    private static Tensor Gradient(Tensor parameter, int step)
    {
        using Generator generator = SeededGenerator.Create(seed: step, stream: (int)parameter.numel());
        Tensor drawn = randn([.. parameter.shape.Reverse()], float32, CPU, generator: generator);
        return drawn.pow(3).t();
    }

    private static void AssertClose(double[] expected, float[][] found)
    {
        float[] all = [.. found.SelectMany(array => array)];
        Assert.Equal(expected.Length, all.Length);
        for (int i = 0; i < all.Length; i++)
            Assert.Equal(expected[i], all[i], 2e-6);
    }
}
