namespace MLNet.Generative;

/// <summary>What an output column holds.</summary>
internal enum VaeOutput
{
    Latent,
    StandardDeviation,
    Reconstruction,
    LogDensity,
    Imputation,
}
