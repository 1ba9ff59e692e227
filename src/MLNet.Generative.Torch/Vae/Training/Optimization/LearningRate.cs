namespace MLNet.Generative;

/// <summary>The learning rate in the course of a training.</summary>
/// <param name="options">The options.</param>
internal sealed class LearningRate(VaeEstimator.Options options)
{
    private readonly double _decayEpochs = options.LearningRateDecayEpochs ?? options.NumberOfEpochs;

    /// <summary>The learning rate of a step.</summary>
    /// <param name="epochs">How many passes through the rows, and what part of one, will be over after the step.</param>
    public double At(double epochs) => options.LearningRate * Rise(epochs, options.LearningRateWarmUpEpochs) * Share(Math.Min(epochs / _decayEpochs, 1));

    /// <summary>From 0 to 1 in some epochs, and 1 from then on.</summary>
    /// <param name="epochs">The time, in epochs.</param>
    /// <param name="warmUpEpochs">When it is 1.</param>
    public static double Rise(double epochs, double warmUpEpochs) => epochs < warmUpEpochs ? epochs / warmUpEpochs : 1;

    private double Share(double time)
    {
        double final = options.FinalLearningRateShare;
        return options.LearningRateSchedule switch
        {
            VaeLearningRateSchedule.Constant => 1,
            VaeLearningRateSchedule.Linear => 1 - (1 - final) * time,
            VaeLearningRateSchedule.Cosine => final + (1 - final) * (1 + Math.Cos(Math.PI * time)) / 2,
            VaeLearningRateSchedule.Exponential => Math.Pow(final, time),
            _ => throw new InvalidOperationException($"{options.LearningRateSchedule} is no schedule."),
        };
    }
}
