namespace MLNet.Generative;

/// <summary>x</summary>
public sealed partial class MarkovChainEstimator;
