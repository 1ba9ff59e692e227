using System.Globalization;

namespace MLNet.Generative;

/// <summary>What a training leaves behind: its epochs, and the best weights so far in case it diverges or goes on too long.</summary>
/// <param name="parameters">The weights that the training will return, as they change.</param>
/// <param name="plan">What is already worth telling.</param>
/// <param name="options">The options.</param>
internal sealed class TrainingRecord(ParameterSet parameters, TrainingPlan plan, VaeEstimator.Options options)
{
    // Below this KL divergence in every dimension the latent code says nothing about a row.
    private const double CollapsedKl = 0.01;

    // Noise of the last epochs is less than this share of the objective.
    private const double LargeFall = 0.1;

    private readonly List<VaeEpoch> _epochs = [];
    private readonly List<string> _warnings = [.. plan.Warnings];
    private readonly EarlyStopping _stopping = new(options);
    private float[][] _best = [];
    private VaeEpoch? _bestEpoch;
    private double[] _klPerDimension = [];
    private bool _hasDiverged;

    /// <summary>The number of finished epochs.</summary>
    public int NumberOfEpochs => _epochs.Count;

    /// <summary>The last finished epoch.</summary>
    public VaeEpoch Last => _epochs[^1];

    /// <summary>Whether there is nothing left to do: all epochs are over, or validation has not improved for too long.</summary>
    public bool IsComplete => _epochs.Count >= options.NumberOfEpochs || IsStoppedEarly;

    private bool IsStoppedEarly => _stopping.IsDue(_epochs);

    // With a rule for stopping early the best counts, whether or not the rule came to be used.
    private bool ReturnsBest => _hasDiverged || options.EarlyStoppingPatience is not null;

    /// <summary>The epochs so far, to go on from another time.</summary>
    public TrainingHistory ToHistory() => new([.. _epochs], _klPerDimension, _bestEpoch!.Number, _best);

    /// <summary>Takes the epochs of a training that was interrupted.</summary>
    public void Resume(TrainingHistory history)
    {
        _epochs.AddRange(history.Epochs);
        _klPerDimension = [.. history.KlPerDimension];
        _bestEpoch = _epochs[history.BestEpoch - 1];
        _best = [.. history.BestWeights];
    }

    /// <summary>Records a pass, unless the loss or the weights are no longer numbers.</summary>
    /// <returns>Whether training can go on.</returns>
    /// <exception cref="InvalidOperationException">This happened in the first pass, so there is nothing to keep.</exception>
    public bool Add(EpochStatistics statistics, Func<double?> validate)
    {
        int epoch = _epochs.Count + 1;
        if (!statistics.IsFinite)
            return Diverged(epoch);
        double? validation = validate();
        float[][] weights = parameters.ToArrays();
        if (!double.IsFinite(validation ?? 0) || Array.Exists(weights, array => Array.Exists(array, weight => !float.IsFinite(weight))))
            return Diverged(epoch);

        var finished = new VaeEpoch(epoch, statistics.Objective, statistics.Reconstruction, statistics.KlPerDimension.Sum(), statistics.NumberOfActiveUnits, validation);
        _epochs.Add(finished);
        _klPerDimension = statistics.KlPerDimension;
        if (_bestEpoch is null || finished.Monitored > _bestEpoch.Monitored || IsOtherObjective(_bestEpoch))
            (_best, _bestEpoch) = (weights, finished);
        return true;
    }

    /// <summary>The weights to keep: the last, or the best if the training diverged or may be stopped early.</summary>
    public float[][] Weights() => ReturnsBest ? _best : parameters.ToArrays();

    /// <summary>How the training went.</summary>
    /// <param name="featuresAtFloor">The number of features whose noise is at its floor.</param>
    /// <param name="problems">What else asks for attention; <see langword="null"/> where nothing does.</param>
    public VaeSummary ToSummary(int featuresAtFloor, params ReadOnlySpan<string?> problems)
    {
        foreach (string? problem in problems)
        {
            if (problem is not null)
                _warnings.Add(problem);
        }
        if (featuresAtFloor > 0)
            _warnings.Add($"The noise of {featuresAtFloor} of the features is at its floor, 1e-6 of a variance: such a feature is constant or a copy of others, and that floor sets its density.");
        if (!ReturnsBest && _bestEpoch!.Monitored - Last.Monitored > Math.Max(1, LargeFall * Math.Abs(_bestEpoch.Monitored)))
            _warnings.Add(string.Create(CultureInfo.InvariantCulture, $"The objective was {_bestEpoch.Monitored:g4} in epoch {_bestEpoch.Number} and is {Last.Monitored:g4} after the last: the training is not stable. Lower LearningRate (it is {options.LearningRate})."));
        if (_klPerDimension.All(kl => kl < CollapsedKl))
            _warnings.Add($"The posterior has collapsed: no latent dimension says more than next to nothing about a row (KL per dimension: {string.Join(", ", _klPerDimension.Select(kl => kl.ToString("g2", CultureInfo.InvariantCulture)))}). {AdviceOnCollapse()}");

        List<string> remarks = [.. plan.Remarks];
        if (!_hasDiverged && options.EarlyStoppingPatience is { } patience)
        {
            string reason = IsStoppedEarly ? $"Validation had not improved for {patience} epochs, so training ended after epoch {Last.Number}. " : "";
            remarks.Add($"{reason}The weights are those after epoch {_bestEpoch!.Number}, the best on the validation rows.");
        }
        StopReason stopReason = _hasDiverged ? StopReason.Diverged : IsStoppedEarly ? StopReason.EarlyStopping : StopReason.MaximumNumberOfIterations;
        return new VaeSummary(_epochs, _klPerDimension, ReturnsBest ? _bestEpoch!.Number : Last.Number, stopReason, remarks, _warnings);
    }

    // Without validation rows, an epoch of the warm-up has measured an objective with less of the KL divergence in it.
    private bool IsOtherObjective(VaeEpoch epoch) => epoch.ValidationObjective is null && epoch.Number - 1 < options.KlWarmUpEpochs;

    private bool Diverged(int epoch)
    {
        string advice = string.Create(CultureInfo.InvariantCulture, $"Lower LearningRate (it is {options.LearningRate}), or limit the gradient by MaximumGradientNorm; if that does not help, lower Beta or the number and size of hidden layers.");
        if (_bestEpoch is null)
            throw new InvalidOperationException($"The loss was no longer a number in the first epoch, so there are no weights to keep. {advice}");
        _hasDiverged = true;
        _warnings.Add($"The loss was no longer a number in epoch {epoch}. The weights after epoch {_bestEpoch.Number}, the best, were kept. {advice}");
        return false;
    }

    private string AdviceOnCollapse() => plan.Architecture.Likelihood == VaeLikelihood.GaussianFixedVariance
        ? "Lower Beta, train longer, give a smaller FixedStandardDeviation, or set FreeBits or KlWarmUpEpochs."
        : "Lower Beta, train longer, or set FreeBits or KlWarmUpEpochs.";
}
