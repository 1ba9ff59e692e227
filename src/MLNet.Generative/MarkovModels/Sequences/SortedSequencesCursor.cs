using Microsoft.ML;

namespace MLNet.Generative;

/// <summary>Groups rows that come in any order. The first row of the output waits until all rows of the input are sorted by key, then order.</summary>
internal sealed class SortedSequencesCursor : GroupingCursor
{
    private readonly Func<long> _readOrder;
    private readonly RecordSorter _sorter;
    private SortedRecords? _records;
    private bool _hasRecord;

    public SortedSequencesCursor(ViewHost host, DataViewSchema schema, DataViewRowCursor input, GroupedColumns columns, Func<long> readOrder, SequenceLimits limits)
        : base(host, schema, input, columns, limits)
    {
        _readOrder = readOrder;
        _sorter = new RecordSorter(columns.Active.Sum(values => values.BytesPerStep), limits.SortedBytes, host.TemporaryFolder);
    }

    protected override bool MoveNextCore()
    {
        if (_records is null)
        {
            ReadRows();
            _records = _sorter.Sort();
            MoveAhead();
        }
        if (!_hasRecord)
            return false;

        int number = _records.Header.Key;
        Begin(number);
        do
        {
            CountStep();
            AppendRecord();
            MoveAhead();
        }
        while (_hasRecord && _records.Header.Key == number);
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _sorter.Dispose();
        base.Dispose(disposing);
    }

    private void ReadRows()
    {
        while (MoveInput())
        {
            int number = Columns.Keys.Read();
            Columns.ReadAttributes(number);
            Span<byte> record = _sorter.Add(number, _readOrder());
            foreach (SequenceValues values in Columns.Active)
            {
                int length = (int)values.BytesPerStep;
                values.Read(record[..length]);
                record = record[length..];
            }
        }
    }

    private void MoveAhead()
    {
        Tick();
        _hasRecord = _records!.MoveNext();
    }

    private void AppendRecord()
    {
        ReadOnlySpan<byte> record = _records!.Values;
        foreach (SequenceValues values in Columns.Active)
        {
            int length = (int)values.BytesPerStep;
            values.Append(record[..length]);
            record = record[length..];
        }
    }
}
