using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative;

/// <summary>Serves the steps of the input's current row one after the other.</summary>
internal sealed class FlattenedCursor : ForwardCursor
{
    private readonly StepColumn[] _columns;
    private int _numberOfSteps;

    /// <summary>Makes a cursor without active columns.</summary>
    /// <param name="host">Through which a pass is cancelled.</param>
    /// <param name="schema">The view's schema.</param>
    /// <param name="input">The cursor of the input.</param>
    /// <param name="read">The columns of sequences that are read, at least one.</param>
    public FlattenedCursor(ViewHost host, DataViewSchema schema, DataViewRowCursor input, IEnumerable<DataViewSchema.Column> read)
        : base(host, schema, input)
    {
        _columns = [.. read.Select(column => StepColumn.Create(this, input, column))];
    }

    /// <summary>The current step of the input's current row.</summary>
    public int Step { get; private set; }

    /// <inheritdoc/>
    public override long Batch => Input.Batch;

    /// <summary>Makes a column active whose value is the same in every step.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="column">The column of the input.</param>
    public void ActivateRepeated(int index, DataViewSchema.Column column) => Activate(index, RepeatedColumn.CreateGetter(this, Input, column));

    /// <summary>Makes a value column active.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="column">The column of the input, which is read.</param>
    public void ActivateValues(int index, DataViewSchema.Column column) => Activate(index, _columns.Single(c => c.Name == column.Name).Getter);

    /// <inheritdoc/>
    public override ValueGetter<DataViewRowId> GetIdGetter()
    {
        ValueGetter<DataViewRowId> getId = Input.GetIdGetter();
        return (ref DataViewRowId id) =>
        {
            RequireRow();
            getId(ref id);
            id = id.Combine(new DataViewRowId((ulong)Step, 0));
        };
    }

    protected override bool MoveNextCore()
    {
        Tick();
        Step++;
        while (Step >= _numberOfSteps)
        {
            if (!MoveInput())
                return false;
            foreach (StepColumn column in _columns)
                column.Load();
            _numberOfSteps = CountSteps();
            Step = 0;
        }
        return true;
    }

    private int CountSteps()
    {
        int count = _columns[0].NumberOfSteps;
        foreach (StepColumn column in _columns)
        {
            if (column.NumberOfSteps != count)
                throw Differ();
        }
        return count;
    }

    private InvalidOperationException Differ() => new(
        $"In row {Input.Position} the columns have different numbers of steps: {string.Join(", ", _columns.Select(column => $"'{column.Name}' has {column.NumberOfSteps}"))}. "
        + "Columns that are flattened together must have equally many: flatten the others by themselves.");
}
