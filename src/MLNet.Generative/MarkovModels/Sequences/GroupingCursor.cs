using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative;

/// <summary>What the two ways to group rows have in common: one sequence at a time, under one key.</summary>
internal abstract class GroupingCursor : ForwardCursor
{
    private readonly SequenceLimits _limits;
    private readonly long _maximumNumberOfSteps;
    private long _numberOfSteps;
    private int _sequence = -1;

    protected GroupingCursor(ViewHost host, DataViewSchema schema, DataViewRowCursor input, GroupedColumns columns, SequenceLimits limits)
        : base(host, schema, input)
    {
        Columns = columns;
        _limits = limits;
        _maximumNumberOfSteps = columns.Active.Length == 0 ? long.MaxValue : columns.Active.Min(values => limits.Length / values.ValuesPerStep);
        Func<int> current = () =>
        {
            RequireRow();
            return _sequence;
        };
        foreach ((int index, Delegate getter) in columns.CreateGetters(this, current))
            Activate(index, getter);
    }

    /// <inheritdoc/>
    public override long Batch => 0;

    /// <summary>The columns of the current sequence.</summary>
    protected GroupedColumns Columns { get; }

    /// <inheritdoc/>
    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) =>
    {
        RequireRow();
        id = new DataViewRowId((ulong)Position, 0);
    };

    /// <summary>Makes the values empty for the next sequence.</summary>
    /// <param name="number">The number of its key.</param>
    protected void Begin(int number)
    {
        _sequence = number;
        _numberOfSteps = 0;
        foreach (SequenceValues values in Columns.Active)
            values.Clear();
    }

    /// <summary>To be called before a step is added.</summary>
    /// <exception cref="InvalidOperationException">The sequence would be too long.</exception>
    protected void CountStep()
    {
        if (_numberOfSteps++ < _maximumNumberOfSteps)
            return;
        SequenceValues widest = Columns.Active.MaxBy(values => values.ValuesPerStep)!;
        throw new InvalidOperationException(
            $"The sequence with '{Columns.Keys.Describe(_sequence)}' in key column '{Columns.KeyColumnName}' has more than {_maximumNumberOfSteps} steps: with {widest.ValuesPerStep} values each, "
            + $"column '{widest.ColumnName}' would have more than the {_limits.Length} values that fit into one vector. Split the sequence by giving parts of it keys of their own.");
    }
}
