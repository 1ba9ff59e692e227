using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Generative;

/// <summary>What a training works on: the rows, the weights, their average, and the objective of each. One pass at a time.</summary>
internal sealed class VaeTraining : IDisposable
{
    private readonly VaeEstimator.Options _options;
    private readonly int _seed;
    private readonly bool _hasMissing;
    private readonly TrainingRows _rows;
    private readonly ParameterSet _parameters;
    private readonly WeightAverage _average;
    private readonly AdamOptimizer _optimizer;
    private readonly EvidenceLowerBound _bound;
    private readonly EvidenceLowerBound _averageBound;
    private readonly LearningRate _learningRate;

    /// <summary>Draws initial weights and puts the rows in their place.</summary>
    public VaeTraining(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, TrainingPlan plan, VaeEstimator.Options options, int seed, Device device)
    {
        _options = options;
        _seed = seed;
        _hasMissing = plan.Missing.Any;
        _learningRate = new LearningRate(options);
        using Generator start = SeededGenerator.Create(seed, RandomStream.Start);
        _parameters = ParameterSet.Draw(plan.Architecture, device, start);
        _rows = TrainingRows.Create(rows, weights, plan.Scaling, options.ValidationFraction, device, start);
        _average = new WeightAverage(_parameters);
        _optimizer = new AdamOptimizer(_parameters, _average);
        _bound = EvidenceLowerBound.Create(plan, _parameters, options, device);
        _averageBound = EvidenceLowerBound.Create(plan, _average.Parameters, options, device);
    }

    /// <summary>The number of rows to learn from.</summary>
    public long NumberOfRows => _rows.Count;

    /// <summary>The weights that the training returns, as they change: the average along the training.</summary>
    public ParameterSet AverageWeights => _average.Parameters;

    /// <summary>The learning rate at the end of an epoch.</summary>
    public double LearningRateAt(double epochs) => _learningRate.At(epochs);

    /// <summary>The weight of the KL divergence at the end of an epoch.</summary>
    public double BetaAt(double epochs) => _options.Beta * LearningRate.Rise(epochs, _options.KlWarmUpEpochs);

    /// <summary>The number of features whose noise is at its floor.</summary>
    public int CountAtFloor() => _averageBound.CountAtFloor();

    /// <summary>One pass through all rows: a step of the optimiser for each batch. It ends early if the objective is no longer a number.</summary>
    /// <param name="epoch">Its number, from 1, on which the order of rows and the noise depend.</param>
    /// <param name="checkCancelled">Called before each step.</param>
    public EpochStatistics RunEpoch(int epoch, Action checkCancelled)
    {
        var statistics = new EpochStatistics(_options.LatentDimension);
        using Generator order = SeededGenerator.Create(_seed, RandomStream.Order, epoch);
        using Generator noise = SeededGenerator.Create(_seed, RandomStream.Noise, epoch);
        double numberOfBatches = _rows.CountBatches(_options.BatchSize);
        int finished = 0;
        foreach (Func<TrainingBatch> next in _rows.Batches(_options.BatchSize, order))
        {
            using DisposeScope step = NewDisposeScope();
            checkCancelled();
            double epochs = epoch - 1 + ++finished / numberOfBatches;

            EvidenceLowerBoundTerms terms = _bound.Estimate(Presented(next(), noise), BetaAt(epochs), noise);
            if (!statistics.Add(terms))
                break;
            terms.Differentiate();
            _optimizer.Step(LearningRateAt(epochs), _options.MaximumGradientNorm);
        }
        // Squares of gradients overflow long before weights do, and then their weights would stand still for ever.
        if (!IsFinite(_parameters) || !IsFinite(_optimizer.Means) || !IsFinite(_optimizer.Squares))
            statistics.Fail();
        return statistics;
    }

    /// <summary>
    /// The objective of the averaged weights on the rows that were kept for it: with the weights that training ends with, and the same noise after every epoch, so that epochs can be compared.
    /// <see langword="null"/> if there are no such rows.
    /// </summary>
    public double? Validate()
    {
        if (_rows.ValidationCount == 0)
            return null;
        using IDisposable noGradients = no_grad();
        using Generator noise = SeededGenerator.Create(_seed, RandomStream.Validation);
        var statistics = new EpochStatistics(_options.LatentDimension);
        foreach (Func<TrainingBatch> next in _rows.ValidationBatches(_options.BatchSize))
        {
            using DisposeScope step = NewDisposeScope();
            if (!statistics.Add(_averageBound.Estimate(Presented(next(), noise), _options.Beta, noise)))
                return double.NaN;
        }
        return statistics.Objective;
    }

    /// <summary>The state after an epoch.</summary>
    public Checkpoint ToCheckpoint(CheckpointIdentity identity, TrainingHistory history) => new(
        identity,
        _seed,
        _optimizer.NumberOfSteps,
        _parameters.ToArrays(),
        _optimizer.Means.ToArrays(),
        _optimizer.Squares.ToArrays(),
        _average.Parameters.ToArrays(),
        history);

    /// <summary>Goes back to a state.</summary>
    public void Resume(Checkpoint checkpoint)
    {
        _parameters.CopyFrom(checkpoint.Weights);
        _optimizer.Means.CopyFrom(checkpoint.Means);
        _optimizer.Squares.CopyFrom(checkpoint.Squares);
        _average.Parameters.CopyFrom(checkpoint.Averages);
        _optimizer.NumberOfSteps = checkpoint.NumberOfSteps;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _averageBound.Dispose();
        _bound.Dispose();
        _optimizer.Dispose();
        _average.Dispose();
        _rows.Dispose();
        _parameters.Dispose();
    }

    private static bool IsFinite(ParameterSet set)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        return isfinite(set.Flat).all().item<bool>();
    }

    private TrainingBatch Presented(TrainingBatch batch, Generator noise)
    {
        if (!_options.DynamicBinarization)
            return batch;
        Tensor drawn = RandomTensors.Uniform(batch.Rows.shape, batch.Rows.device, noise).lt(batch.Rows).to(float32);
        return batch with { Rows = _hasMissing ? where(batch.Rows.isnan(), batch.Rows, drawn) : drawn };
    }
}
