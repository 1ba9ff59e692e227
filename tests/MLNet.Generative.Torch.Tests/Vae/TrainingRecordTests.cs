using Xunit;
using static TorchSharp.torch;

namespace MLNet.Generative.Tests;

/// <summary>Which weights a training keeps.</summary>
public sealed class TrainingRecordTests : TorchTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_best_before_a_divergence_otherwise_the_last(bool diverges)
    {
        var architecture = new VaeArchitecture(1, 1, [], [], VaeActivation.Relu, VaeLikelihood.Bernoulli, 1);
        using Generator generator = SeededGenerator.Create(seed: 1);
        using ParameterSet parameters = ParameterSet.Draw(architecture, CPU, generator);
        var record = new TrainingRecord(parameters, new TrainingPlan(architecture, FeatureScaling.None(1), [], []), new VaeEstimator.Options { LearningRate = 0.5 });
        double[] objectives = diverges ? [-3, -1, -2, double.NaN] : [-3, -1, -2];
        for (int epoch = 1; epoch <= objectives.Length; epoch++)
        {
            SetAll(parameters, epoch);
            Assert.Equal(double.IsFinite(objectives[epoch - 1]), record.Add(Epoch(objectives[epoch - 1]), () => null));
        }
        Assert.All(record.Weights(), array => Assert.All(array, weight => Assert.Equal(diverges ? 2 : 3, weight)));
        Assert.Equal(diverges ? StopReason.Diverged : StopReason.MaximumNumberOfIterations, record.ToSummary(featuresAtFloor: 0).StopReason);
        Assert.Equal(3, record.ToSummary(featuresAtFloor: 0).Epochs.Count);
    }

    [Fact]
    public void The_best_by_the_rows_that_were_kept_for_validation()
    {
        var architecture = new VaeArchitecture(1, 1, [], [], VaeActivation.Relu, VaeLikelihood.Bernoulli, 1);
        using Generator generator = SeededGenerator.Create(seed: 1);
        using ParameterSet parameters = ParameterSet.Draw(architecture, CPU, generator);
        var record = new TrainingRecord(parameters, new TrainingPlan(architecture, FeatureScaling.None(1), [], []), new VaeEstimator.Options { LearningRate = 0.5 });
        // Training still improves where validation no longer does.
        foreach ((int epoch, double validation) in ((int, double)[])[(1, -4), (2, -2), (3, -5)])
        {
            SetAll(parameters, epoch);
            Assert.True(record.Add(Epoch(-10 + epoch), () => validation));
        }
        // Weights that are no longer numbers count as a divergence as well.
        SetAll(parameters, float.NaN);
        Assert.False(record.Add(Epoch(-1), () => -1));
        Assert.All(record.Weights(), array => Assert.All(array, weight => Assert.Equal(2, weight)));
        Assert.Contains(record.ToSummary(featuresAtFloor: 0).Notes, note => note.Contains("in epoch 4. The weights after epoch 2, the best, were kept", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(2.5, 4)]
    public void Epochs_of_the_warm_up_measure_something_else(double warmUp, int expected)
    {
        var architecture = new VaeArchitecture(1, 1, [], [], VaeActivation.Relu, VaeLikelihood.Bernoulli, 1);
        using Generator generator = SeededGenerator.Create(seed: 1);
        using ParameterSet parameters = ParameterSet.Draw(architecture, CPU, generator);
        var record = new TrainingRecord(parameters, new TrainingPlan(architecture, FeatureScaling.None(1), [], []), new VaeEstimator.Options { KlWarmUpEpochs = warmUp });
        double[] objectives = [-3, -1, -9, -8];
        foreach (double objective in objectives)
        {
            SetAll(parameters, record.NumberOfEpochs + 1);
            Assert.True(record.Add(Epoch(objective), () => null));
        }
        // A fall after a warm-up is no sign of an unstable training.
        Assert.Equal(warmUp == 0, record.ToSummary(featuresAtFloor: 0).Notes.Any(note => note.Contains("not stable", StringComparison.Ordinal)));
        Assert.False(record.Add(Epoch(double.NaN), () => null));
        Assert.All(record.Weights(), array => Assert.All(array, weight => Assert.Equal(expected, weight)));
    }

    private static EpochStatistics Epoch(double objective)
    {
        var statistics = new EpochStatistics(latentDimension: 1);
        Assert.Equal(double.IsFinite(objective), statistics.Add(new EvidenceLowerBoundTerms(objective, objective + 1, [1], new float[4], () => { })));
        return statistics;
    }

    private static void SetAll(ParameterSet parameters, float value)
    {
        using IDisposable noGradients = no_grad();
        foreach (Tensor parameter in parameters.Tensors)
            parameter.fill_(value);
    }
}
