using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative;

/// <summary>Rows of sequences as rows of single steps: the key column, then the value columns.</summary>
internal sealed class FlattenedView : ForwardView
{
    private readonly ViewHost _host;
    private readonly IDataView _source;
    private readonly DataViewSchema.Column _key;
    private readonly DataViewSchema.Column[] _values;

    /// <summary>Makes the view.</summary>
    /// <param name="host">Checks columns, and says when to stop.</param>
    /// <param name="source">The rows.</param>
    /// <param name="keyColumnName">The column that is repeated in each step.</param>
    /// <param name="valueColumnNames">The columns of a sequence's values.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has a type that will not do.</exception>
    public FlattenedView(ViewHost host, IDataView source, string keyColumnName, string[] valueColumnNames)
    {
        _host = host;
        _source = source;
        _key = host.FindColumn(source.Schema, "key", nameof(keyColumnName), keyColumnName, type => type is PrimitiveDataViewType, "a scalar");
        _values = Array.ConvertAll(
            valueColumnNames,
            name => host.FindColumn(
                source.Schema, "value", nameof(valueColumnNames), name, SequenceTypes.IsSequence, "a sequence: a vector of unknown size, or of shape (T, D) with T unknown and D known"));

        var builder = new DataViewSchema.Builder();
        builder.AddColumn(_key.Name, _key.Type, _key.Annotations);
        foreach (DataViewSchema.Column column in _values)
            builder.AddColumn(column.Name, SequenceTypes.OfStep((VectorDataViewType)column.Type), SequenceTypes.KeyValuesOf(column));
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
        DataViewRowCursor input = _source.GetRowCursor(isActive[0] ? [_key, .. read] : read);
        try
        {
            var cursor = new FlattenedCursor(_host, Schema, input, read);
            if (isActive[0])
                cursor.ActivateKey(0, _key);
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
}
