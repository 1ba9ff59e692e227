namespace MLNet.Generative;

/// <summary>Records in their order, one after the other.</summary>
internal abstract class SortedRecords
{
    /// <summary>The header of the current record.</summary>
    public abstract RecordHeader Header { get; }

    /// <summary>The values of the current record, until the next move.</summary>
    public abstract ReadOnlySpan<byte> Values { get; }

    /// <summary>Moves to the next record; <see langword="false"/> if there is none.</summary>
    public abstract bool MoveNext();
}
