namespace MLNet.Generative;

/// <summary>Decides when epochs no longer help. It looks at all of them each time, so that a training that is resumed decides as one without a break.</summary>
/// <param name="options">The options.</param>
internal sealed class EarlyStopping(VaeEstimator.Options options)
{
    /// <summary>Whether training should end here.</summary>
    /// <param name="epochs">All finished epochs.</param>
    public bool IsDue(IReadOnlyList<VaeEpoch> epochs)
    {
        if (options.EarlyStoppingPatience is not { } patience || epochs.Count == 0)
            return false;
        int since = 0;
        double best = double.NegativeInfinity;
        foreach (VaeEpoch epoch in epochs)
        {
            bool isWarmUp = epoch.Number - 1 < options.KlWarmUpEpochs;
            if (!isWarmUp && !(epoch.Monitored > best + options.EarlyStoppingTolerance))
                continue;
            since = epoch.Number;
            best = Math.Max(best, epoch.Monitored);
        }
        return epochs[^1].Number - since >= patience;
    }
}
