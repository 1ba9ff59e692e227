namespace MLNet.Generative;

/// <summary>Records in memory, up to a number of them. Values stay where they are: only headers are sorted.</summary>
/// <param name="bytesPerRecord">The number of bytes of a record's values.</param>
/// <param name="capacity">How many records there may be.</param>
internal sealed class RecordRun(int bytesPerRecord, int capacity) : SortedRecords
{
    private const int FirstCapacity = 256;

    private RecordHeader[] _headers = [];
    private byte[] _values = [];
    private long _firstRow;
    private int _current = -1;

    /// <summary>How many records there are.</summary>
    public int Count { get; private set; }

    /// <summary>Whether no more records fit.</summary>
    public bool IsFull => Count == capacity;

    public override RecordHeader Header => _headers[_current];

    public override ReadOnlySpan<byte> Values => ValuesOf(_headers[_current]);

    /// <summary>Adds a record.</summary>
    /// <param name="header">Its header, whose row follows that of the record before.</param>
    /// <returns>Where its values belong.</returns>
    public Span<byte> Add(RecordHeader header)
    {
        if (Count == 0)
            _firstRow = header.Row;
        if (Count == _headers.Length)
        {
            int length = (int)Math.Min(capacity, Math.Max(FirstCapacity, 2L * Count));
            Array.Resize(ref _headers, length);
            Array.Resize(ref _values, length * bytesPerRecord);
        }
        _headers[Count++] = header;
        return ValuesOf(header);
    }

    /// <summary>Sorts the records, and goes back to before the first.</summary>
    public void Sort()
    {
        _headers.AsSpan(0, Count).Sort();
        _current = -1;
    }

    /// <summary>Takes all records out.</summary>
    public void Clear() => Count = 0;

    public override bool MoveNext() => ++_current < Count;

    private Span<byte> ValuesOf(RecordHeader header) => _values.AsSpan((int)(header.Row - _firstRow) * bytesPerRecord, bytesPerRecord);
}
