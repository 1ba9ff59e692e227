using System.Globalization;

namespace MLNet.Generative;

/// <summary>One epoch of the training of a variational autoencoder, as it is reported. <see cref="TrainingProgress.Iteration"/> counts epochs.</summary>
public sealed class VaeTrainingProgress : TrainingProgress
{
    internal VaeTrainingProgress(VaeEpoch epoch, int numberOfEpochs, double rowsPerSecond, TimeSpan timeLeft, double learningRate, double beta)
        : base(initialization: 1, numberOfInitializations: 1, epoch.Number, numberOfEpochs, epoch.Objective)
    {
        Epoch = epoch;
        RowsPerSecond = rowsPerSecond;
        TimeLeft = timeLeft;
        LearningRate = learningRate;
        Beta = beta;
    }

    /// <summary>The objective and its parts.</summary>
    public VaeEpoch Epoch { get; }

    /// <summary>What is minimised, the negative objective: the mean over rows, in nats.</summary>
    public double Loss => -Epoch.Objective;

    /// <summary>The mean over rows of E_q[log p(x|z)], in nats.</summary>
    public double Reconstruction => Epoch.Reconstruction;

    /// <summary>The mean over rows of the KL divergence, without β, in nats.</summary>
    public double KlDivergence => Epoch.KlDivergence;

    /// <summary>The number of latent dimensions that are in use.</summary>
    public int NumberOfActiveUnits => Epoch.NumberOfActiveUnits;

    /// <summary>The speed of this epoch.</summary>
    public double RowsPerSecond { get; }

    /// <summary>How long the rest will take at the speed so far.</summary>
    public TimeSpan TimeLeft { get; }

    /// <summary>The learning rate at the end of this epoch.</summary>
    public double LearningRate { get; }

    /// <summary>The weight of the KL divergence at the end of this epoch.</summary>
    public double Beta { get; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"epoch {Epoch.Number}/{MaximumNumberOfIterations}: {Epoch.Objective:f4}, reconstruction {Reconstruction:f4}, KL {KlDivergence:f4}, {NumberOfActiveUnits} active")
        + (Epoch.ValidationObjective is { } validation ? string.Create(CultureInfo.InvariantCulture, $", validation {validation:f4}") : "")
        + string.Create(CultureInfo.InvariantCulture, $"; {RowsPerSecond:n0} rows/s, {(long)TimeLeft.TotalHours}:{TimeLeft:mm\\:ss} left");
}
