using System.ComponentModel;

namespace MLNet.Generative;

/// <summary>What a column of sequences may hold. For the authors of transformers in this family of packages.</summary>
[Flags]
[EditorBrowsable(EditorBrowsableState.Never)]
public enum SequenceItems
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>32-bit numbers.</summary>
    Singles = 1,

    /// <summary>64-bit numbers.</summary>
    Doubles = 2,

    /// <summary>Keys.</summary>
    Keys = 4,

    /// <summary>Numbers.</summary>
    Numbers = Singles | Doubles,

    /// <summary>Numbers or keys.</summary>
    All = Numbers | Keys,
}
