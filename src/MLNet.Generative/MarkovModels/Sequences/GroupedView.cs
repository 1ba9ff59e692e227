using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative;

/// <summary>Rows of single steps as rows of sequences: the key column, the value columns, and those with one value for a sequence.</summary>
internal sealed class GroupedView : ForwardView
{
    private readonly ViewHost _host;
    private readonly IDataView _source;
    private readonly DataViewSchema.Column _key;
    private readonly DataViewSchema.Column[] _values;
    private readonly DataViewSchema.Column[] _attributes;
    private readonly DataViewSchema.Column? _order;
    private readonly SequenceLimits _limits;

    /// <summary>Makes the view.</summary>
    /// <param name="host">Checks columns, and says when to stop.</param>
    /// <param name="source">The rows.</param>
    /// <param name="keyColumnName">The column that tells which sequence a row belongs to.</param>
    /// <param name="valueColumnNames">The columns of a step's values.</param>
    /// <param name="orderColumnName">The column that steps are sorted by; <see langword="null"/> if rows are in order.</param>
    /// <param name="sequenceColumnNames">The columns with one value for a sequence; <see langword="null"/> for none.</param>
    /// <param name="limits">How much of the data is held in memory; <see langword="null"/> for the usual.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has a type that will not do.</exception>
    public GroupedView(
        ViewHost host, IDataView source, string keyColumnName, string[] valueColumnNames, string? orderColumnName, string[]? sequenceColumnNames = null, SequenceLimits? limits = null)
    {
        _host = host;
        _source = source;
        _limits = limits ?? SequenceLimits.Default;
        DataViewSchema schema = source.Schema;
        _key = host.FindColumn(schema, "key", nameof(keyColumnName), keyColumnName, SequenceKeys.CanRead, SequenceKeys.ExpectedTypes);
        _values = Array.ConvertAll(
            valueColumnNames,
            name => host.FindColumn(schema, "value", nameof(valueColumnNames), name, SequenceValues.CanRead, SequenceValues.ExpectedTypes));
        _attributes = Array.ConvertAll(
            sequenceColumnNames ?? [],
            name => host.FindColumn(schema, "sequence", nameof(sequenceColumnNames), name, type => type is PrimitiveDataViewType, "a scalar"));
        if (orderColumnName is not null)
            _order = host.FindColumn(schema, "order", nameof(orderColumnName), orderColumnName, SequenceOrder.CanRead, SequenceOrder.ExpectedTypes);

        var builder = new DataViewSchema.Builder();
        builder.AddColumn(_key.Name, _key.Type, _key.Annotations);
        foreach (DataViewSchema.Column column in _values)
            builder.AddColumn(column.Name, SequenceTypes.OfSequence(column.Type), SequenceTypes.KeyValuesOf(column));
        foreach (DataViewSchema.Column column in _attributes)
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        Schema = builder.ToSchema();
    }

    /// <inheritdoc/>
    public override DataViewSchema Schema { get; }

    /// <inheritdoc/>
    protected override DataViewRowCursor Open(bool[] isActive)
    {
        DataViewSchema.Column?[] values = [.. _values.Select((column, i) => isActive[i + 1] ? column : (DataViewSchema.Column?)null)];
        DataViewSchema.Column?[] attributes = [.. _attributes.Select((column, i) => isActive[1 + _values.Length + i] ? column : (DataViewSchema.Column?)null)];
        DataViewSchema.Column?[] read = [_key, .. values, .. attributes, _order];
        DataViewRowCursor input = _source.GetRowCursor(read.OfType<DataViewSchema.Column>());
        try
        {
            var columns = new GroupedColumns(input, _key, isActive[0], values, attributes);
            return _order is null
                ? new ContiguousSequencesCursor(_host, Schema, input, columns, _limits)
                : new SortedSequencesCursor(_host, Schema, input, columns, SequenceOrder.Create(input, _order.Value), _limits);
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }
}
