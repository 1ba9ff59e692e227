namespace MLNet.Generative;

/// <summary>What a learner returns.</summary>
/// <param name="Model">The variational autoencoder.</param>
/// <param name="Summary">How the training went.</param>
public sealed record VaeFit(VaeModel Model, VaeSummary Summary);
