using System.Runtime.InteropServices;

namespace MLNet.Generative;

/// <summary>Merges the sorted runs of a file: the next record is the lowest of those that come next in each run.</summary>
internal sealed class MergedRecords : SortedRecords
{
    private const int ReadBytes = 1 << 20;

    private readonly Reader[] _readers;
    private readonly PriorityQueue<Reader, RecordHeader> _queue;
    private Reader? _current;

    /// <summary>Opens the runs.</summary>
    /// <param name="file">The file.</param>
    /// <param name="runs">Its runs, none of them empty.</param>
    /// <param name="bytesPerRecord">The number of bytes of a record's values.</param>
    /// <param name="maximumBytes">The number of bytes of records that memory may hold; one record of each run fits in any case.</param>
    public MergedRecords(SortFile file, IReadOnlyCollection<FileRun> runs, int bytesPerRecord, long maximumBytes)
    {
        int size = RecordSorter.HeaderSize + bytesPerRecord;
        int recordsAhead = (int)Math.Max(1, Math.Min(ReadBytes, maximumBytes / runs.Count) / size);
        _readers = [.. runs.Select(run => new Reader(file, run, size, recordsAhead))];
        _queue = new PriorityQueue<Reader, RecordHeader>(_readers.Length);
    }

    public override RecordHeader Header => _current!.Header;

    public override ReadOnlySpan<byte> Values => _current!.Values;

    public override bool MoveNext()
    {
        if (_current is null)
        {
            foreach (Reader reader in _readers)
            {
                if (reader.MoveNext())
                    _queue.Enqueue(reader, reader.Header);
            }
        }
        else if (_current.MoveNext())
        {
            _current = _queue.EnqueueDequeue(_current, _current.Header);
            return true;
        }
        return _queue.TryDequeue(out _current, out _);
    }

    /// <summary>Reads one run, some records ahead.</summary>
    private sealed class Reader(SortFile file, FileRun run, int recordSize, int recordsAhead)
    {
        private readonly byte[] _bytes = new byte[(int)Math.Min(run.End - run.Begin, (long)recordSize * recordsAhead)];
        private long _offset = run.Begin;
        private int _filled;
        private int _begin = -recordSize;

        public RecordHeader Header { get; private set; }

        public ReadOnlySpan<byte> Values => _bytes.AsSpan(_begin + RecordSorter.HeaderSize, recordSize - RecordSorter.HeaderSize);

        public bool MoveNext()
        {
            _begin += recordSize;
            if (_begin >= _filled)
            {
                _filled = (int)Math.Min(_bytes.Length, run.End - _offset);
                if (_filled == 0)
                    return false;
                file.Read(_offset, _bytes.AsSpan(0, _filled));
                _offset += _filled;
                _begin = 0;
            }
            Header = MemoryMarshal.Read<RecordHeader>(_bytes.AsSpan(_begin));
            return true;
        }
    }
}
