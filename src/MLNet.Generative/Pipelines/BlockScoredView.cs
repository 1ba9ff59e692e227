using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.Generative;

/// <summary>
/// A view that is scored in blocks of rows. It is ML.NET's own row-wise view in everything but its cursors: those of the input are made to look ahead, and the row-wise
/// mapper, over such a cursor, makes a scorer that sees whole blocks.
/// </summary>
internal sealed class BlockScoredView : IDataTransform, IRowToRowMapper
{
    private readonly IHostEnvironment _environment;
    private readonly IDataView _rowWise;
    private readonly IRowToRowMapper _mapper;
    private readonly HashSet<int> _outputs;
    private readonly int _rowsPerBlock;

    /// <summary>Makes the view.</summary>
    /// <param name="environment">Through which a pass is cancelled.</param>
    /// <param name="source">The input.</param>
    /// <param name="rowWise">ML.NET's view of the same columns.</param>
    /// <param name="outputNames">The names of the columns that are added.</param>
    /// <param name="rowsPerBlock">The number of rows that are scored in one call.</param>
    public BlockScoredView(IHostEnvironment environment, IDataView source, IDataView rowWise, IEnumerable<string> outputNames, int rowsPerBlock)
    {
        _environment = environment;
        Source = source;
        _rowWise = rowWise;
        _mapper = (IRowToRowMapper)rowWise;
        _outputs = [.. outputNames.Select(name => Schema[name].Index)];
        _rowsPerBlock = rowsPerBlock;
    }

    /// <inheritdoc/>
    public IDataView Source { get; }

    /// <inheritdoc/>
    public DataViewSchema Schema => _rowWise.Schema;

    /// <inheritdoc/>
    public bool CanShuffle => _rowWise.CanShuffle;

    /// <inheritdoc/>
    public DataViewSchema InputSchema => _mapper.InputSchema;

    DataViewSchema IRowToRowMapper.OutputSchema => _mapper.OutputSchema;

    /// <inheritdoc/>
    public long? GetRowCount() => _rowWise.GetRowCount();

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] active = [.. columnsNeeded];
        return FindInputs(active) is { } inputs
            ? Score(Source.GetRowCursor(inputs, CanShuffle ? rand : null), inputs, active)
            : _rowWise.GetRowCursor(active, rand);
    }

    /// <inheritdoc/>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        DataViewSchema.Column[] active = [.. columnsNeeded];
        return FindInputs(active) is { } inputs
            ? Array.ConvertAll(Source.GetRowCursorSet(inputs, n, CanShuffle ? rand : null), cursor => Score(cursor, inputs, active))
            : _rowWise.GetRowCursorSet(active, n, rand);
    }

    /// <inheritdoc/>
    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) => _mapper.GetDependencies(dependingColumns);

    /// <inheritdoc/>
    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) => _mapper.GetRow(input, activeColumns);

    /// <summary>Saves the row-wise view, which gives the same values.</summary>
    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)_rowWise).Save(ctx);

    // The input's columns that a pass needs in which rows are scored. Null if none is, so that there is no reason to look ahead.
    private DataViewSchema.Column[]? FindInputs(DataViewSchema.Column[] active) =>
        active.Any(column => _outputs.Contains(column.Index)) ? [.. _mapper.GetDependencies(active)] : null;

    private BlockScoredCursor Score(DataViewRowCursor input, DataViewSchema.Column[] inputs, DataViewSchema.Column[] active)
    {
        DataViewRowCursor rows = LookAheadCursor.Over(_environment, input, inputs, _rowsPerBlock);
        return new BlockScoredCursor(rows, _mapper.GetRow(rows, active), active);
    }
}
