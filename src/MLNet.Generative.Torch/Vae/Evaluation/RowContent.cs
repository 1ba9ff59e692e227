namespace MLNet.Generative;

/// <summary>What was found in a row on its way to the network.</summary>
[Flags]
internal enum RowContent
{
    /// <summary>All features are known and possible.</summary>
    Complete = 0,

    /// <summary>Some features are missing.</summary>
    HasHoles = 1,

    /// <summary>All features are missing.</summary>
    IsUnknown = 2,

    /// <summary>A value cannot occur under the likelihood.</summary>
    IsImpossible = 4,

    /// <summary>A value is infinite for the network: it is infinite, or too far away for 32 bits.</summary>
    IsInfinite = 8,
}
