namespace MLNet.Generative;

/// <summary>
/// How the emissions are made from which the learning of a hidden Markov model starts. The first start has equal initial and transition probabilities, further ones have random
/// ones. Symbols lie in no space: categorical emissions always start around the frequencies of all symbols, at random.
/// </summary>
public enum HmmInitialization
{
    /// <summary>Each state has the frames of a cluster: k-means on standardised features, seeded by k-means++ (Arthur and Vassilvitskii 2007).</summary>
    KMeansPlusPlus = 0,

    /// <summary>
    /// Each state has an equal share of the frames, in the order of their values: of the one feature, or along the direction in which standardised features vary most.
    /// </summary>
    Quantiles = 1,

    /// <summary>Each state has the frames that are nearest to one frame, chosen at random.</summary>
    RandomFrames = 2,
}
