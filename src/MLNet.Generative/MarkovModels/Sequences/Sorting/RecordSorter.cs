using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MLNet.Generative;

/// <summary>
/// Sorts records of one size with bounded memory: an external merge sort. What fits into memory is sorted there; if it is not all, it becomes one of several sorted runs
/// in a temporary file, which are merged at the end.
/// </summary>
/// <remarks>Source: D. E. Knuth, The Art of Computer Programming, volume 3, section 5.4, 1973.</remarks>
internal sealed class RecordSorter : IDisposable
{
    /// <summary>The number of bytes of a header.</summary>
    public static readonly int HeaderSize = Unsafe.SizeOf<RecordHeader>();

    private const int WrittenBytes = 1 << 20;

    private readonly int _bytesPerRecord;
    private readonly long _maximumBytes;
    private readonly string _folder;
    private readonly List<FileRun> _runs = [];
    private RecordRun? _run;
    private SortFile? _file;
    private long _numberOfRecords;

    /// <summary>Makes a sorter without records.</summary>
    /// <param name="bytesPerRecord">The number of bytes of a record's values.</param>
    /// <param name="maximumBytes">The number of bytes of records that memory may hold; one record fits in any case.</param>
    /// <param name="folder">The folder for the temporary file, which is made only if it is needed.</param>
    /// <exception cref="InvalidOperationException">One record does not fit into an array.</exception>
    public RecordSorter(long bytesPerRecord, long maximumBytes, string folder)
    {
        long most = (Array.MaxLength - HeaderSize) / Math.Max(1, bytesPerRecord);
        if (most < 1)
            throw new InvalidOperationException($"The value columns of one row have {bytesPerRecord} bytes, more than can be sorted. Sort the rows yourself, and give no orderColumnName.");
        _bytesPerRecord = (int)bytesPerRecord;
        _maximumBytes = maximumBytes;
        _folder = folder;
        _run = new RecordRun(_bytesPerRecord, (int)Math.Min(most, Math.Max(1, maximumBytes / (bytesPerRecord + HeaderSize))));
    }

    /// <summary>Adds a record.</summary>
    /// <param name="key">The number of its key.</param>
    /// <param name="order">Its place in its sequence.</param>
    /// <returns>Where its values belong, to be filled before the next call.</returns>
    public Span<byte> Add(int key, long order)
    {
        if (_run!.IsFull)
            Spill();
        return _run.Add(new RecordHeader(key, order, _numberOfRecords++));
    }

    /// <summary>All records in their order. No more can be added.</summary>
    public SortedRecords Sort()
    {
        RecordRun run = _run!;
        if (_file is null)
        {
            run.Sort();
            return run;
        }
        Spill();
        // The memory of the last run now serves to read them all.
        _run = null;
        return new MergedRecords(_file, _runs, _bytesPerRecord, _maximumBytes);
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private void Spill()
    {
        try
        {
            _file ??= new SortFile(_folder);
            Write(_run!, _file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Rows are sorted in a temporary file, which cannot be written in '{_folder}': {e.Message} Set MLContext.TempFilePath to a folder with room for them.", e);
        }
    }

    private void Write(RecordRun run, SortFile file)
    {
        long begin = file.Length;
        run.Sort();
        int size = HeaderSize + _bytesPerRecord;
        byte[] written = new byte[Math.Max(1, Math.Min(run.Count, WrittenBytes / size)) * size];
        int filled = 0;
        while (run.MoveNext())
        {
            Span<byte> record = written.AsSpan(filled, size);
            MemoryMarshal.Write(record, run.Header);
            run.Values.CopyTo(record[HeaderSize..]);
            filled += size;
            if (filled == written.Length)
            {
                file.Append(written);
                filled = 0;
            }
        }
        file.Append(written.AsSpan(0, filled));
        _runs.Add(new FileRun(begin, file.Length));
        run.Clear();
    }
}
