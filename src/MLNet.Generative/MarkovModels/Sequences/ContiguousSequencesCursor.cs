using Microsoft.ML;

namespace MLNet.Generative;

/// <summary>Groups rows whose keys follow each other. It is one row of the input ahead: the row with another key ends a sequence.</summary>
internal sealed class ContiguousSequencesCursor(ViewHost host, DataViewSchema schema, DataViewRowCursor input, GroupedColumns columns, SequenceLimits limits)
    : GroupingCursor(host, schema, input, columns, limits)
{
    private bool _hasBegun;
    private bool _hasRow;
    private int _next;

    protected override bool MoveNextCore()
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            MoveAhead();
        }
        if (!_hasRow)
            return false;

        int number = _next;
        Begin(number);
        do
        {
            CountStep();
            foreach (SequenceValues values in Columns.Active)
                values.Append();
            MoveAhead();
        }
        while (_hasRow && _next == number);
        // Numbers are given in the order of appearance: one that is lower was there before.
        return _hasRow && _next < number ? throw Reappears() : true;
    }

    private void MoveAhead()
    {
        _hasRow = MoveInput();
        if (!_hasRow)
            return;
        int before = _next;
        _next = Columns.Keys.Read();
        // A key that comes again is the error to tell, whatever else its row says.
        if (_next >= before)
            Columns.ReadAttributes(_next);
    }

    private InvalidOperationException Reappears() => new(
        $"Row {Input.Position} has '{Columns.Keys.Describe(_next)}' in key column '{Columns.KeyColumnName}', as rows before it had, but rows with other keys lie between them. "
        + "Rows of one sequence must follow each other: sort the rows by key, or give an orderColumnName, with which rows may come in any order.");
}
