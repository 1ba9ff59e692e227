namespace MLNet.Generative.Tests;

/// <summary>Options for training without hidden layers on few rows.</summary>
internal static class LinearTraining
{
    public static VaeEstimator.Options Options(int latentDimension, VaeLikelihood likelihood = VaeLikelihood.GaussianSharedVariance, int epochs = 1500, int seed = 1) => new()
    {
        LatentDimension = latentDimension,
        HiddenLayers = [],
        Likelihood = likelihood,
        NumberOfEpochs = epochs,
        BatchSize = 1000,
        LearningRate = 1e-2,
        Seed = seed,
        // Networks this small gain nothing from more.
        NumberOfThreads = 1,
    };
}
