using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative;

/// <summary>Rows of sequences as rows of single steps: the key column, the value columns, and those that are repeated in each step.</summary>
internal sealed class FlattenedView : ForwardView
{
    private readonly ViewHost _host;
    private readonly IDataView _source;
    private readonly DataViewSchema.Column[] _values;

    // The key first, then the others.
    private readonly DataViewSchema.Column[] _repeated;

    /// <summary>Makes the view.</summary>
    /// <param name="host">Checks columns, and says when to stop.</param>
    /// <param name="source">The rows.</param>
    /// <param name="keyColumnName">The column that is repeated in each step.</param>
    /// <param name="valueColumnNames">The columns of a sequence's values.</param>
    /// <param name="sequenceColumnNames">Further columns that are repeated in each step; <see langword="null"/> for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has a type that will not do.</exception>
    public FlattenedView(ViewHost host, IDataView source, string keyColumnName, string[] valueColumnNames, string[]? sequenceColumnNames = null)
    {
        _host = host;
        _source = source;
        _repeated =
        [
            host.FindColumn(source.Schema, "key", nameof(keyColumnName), keyColumnName, type => type is PrimitiveDataViewType, "a scalar"),
            .. (sequenceColumnNames ?? []).Select(name => host.FindColumn(source.Schema, "sequence", nameof(sequenceColumnNames), name, type => type is PrimitiveDataViewType, "a scalar")),
        ];
        _values = Array.ConvertAll(
            valueColumnNames,
            name => host.FindColumn(
                source.Schema, "value", nameof(valueColumnNames), name, SequenceTypes.IsSequence, "a sequence: a vector of unknown size, or of shape (T, D) with T unknown and D known"));

        var builder = new DataViewSchema.Builder();
        AddRepeated(builder, _repeated[0]);
        foreach (DataViewSchema.Column column in _values)
            builder.AddColumn(column.Name, SequenceTypes.OfStep((VectorDataViewType)column.Type), SequenceTypes.KeyValuesOf(column));
        foreach (DataViewSchema.Column column in _repeated.Skip(1))
            AddRepeated(builder, column);
        Schema = builder.ToSchema();
    }

    /// <inheritdoc/>
    public override DataViewSchema Schema { get; }

    /// <inheritdoc/>
    protected override DataViewRowCursor Open(bool[] isActive)
    {
        List<DataViewSchema.Column> read = [.. _values.Where((_, i) => isActive[i + 1])];
        // Something must tell how many steps there are.
        if (read.Count == 0)
            read.Add(_values[0]);
        DataViewRowCursor input = _source.GetRowCursor([.. read, .. _repeated.Where((_, i) => isActive[IndexOfRepeated(i)])]);
        try
        {
            var cursor = new FlattenedCursor(_host, Schema, input, read);
            for (int i = 0; i < _repeated.Length; i++)
            {
                if (isActive[IndexOfRepeated(i)])
                    cursor.ActivateRepeated(IndexOfRepeated(i), _repeated[i]);
            }
            for (int i = 0; i < _values.Length; i++)
            {
                if (isActive[i + 1])
                    cursor.ActivateValues(i + 1, _values[i]);
            }
            return cursor;
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    private int IndexOfRepeated(int i) => i == 0 ? 0 : _values.Length + i;

    private static void AddRepeated(DataViewSchema.Builder builder, DataViewSchema.Column column) => builder.AddColumn(column.Name, column.Type, column.Annotations);
}
