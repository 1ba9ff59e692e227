using System.ComponentModel;
using Microsoft.ML;

namespace MLNet.Generative;

/// <summary>
/// Scores the rows of one cursor, block by block: when the first output column of a row is read, the rows of its block are read into slots, all of them are scored in
/// one call, and every column of every row of the block reads its slot. A scorer of single rows is one whose blocks have one row. All scratch lives here, so that
/// transformers stay read-only. For the authors of transformers in this family of packages.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class RowScorer : IDisposable
{
    private readonly DataViewRow _input;
    private readonly LookAheadCursor? _block;
    private readonly Action<int> _readSlot;
    private long _scoredPosition = long.MinValue;

    /// <summary>Makes a scorer for a cursor's rows.</summary>
    /// <param name="input">The row, which changes as its cursor moves.</param>
    /// <param name="rowsPerBlock">
    /// The number of slots that the scorer has: the <see cref="GenerativeTransformerBase.RowsPerBlock"/> of its transformer. A row that has no others around it, as that of
    /// a <c>PredictionEngine</c>, is a block of its own in slot 0.
    /// </param>
    protected RowScorer(DataViewRow input, int rowsPerBlock = 1)
    {
        _input = input;
        _block = input is LookAheadCursor block && block.RowsPerBlock <= rowsPerBlock ? block : null;
        _readSlot = slot => NumberOfInvalidRows += Read(slot) ? 0 : 1;
    }

    /// <summary>Rows so far that could not be scored because their input was invalid.</summary>
    public long NumberOfInvalidRows { get; private set; }

    /// <summary>How many rows are read before they are scored: as many as the scorer has slots for, or 1 for a row that has no others around it.</summary>
    protected int NumberOfSlots => _block?.RowsPerBlock ?? 1;

    /// <summary>The getter of an output column, a <see cref="ValueGetter{TValue}"/> that calls <see cref="Update"/> before it reads results.</summary>
    /// <param name="output">The output column's place among the transformer's columns, from 0.</param>
    public abstract Delegate CreateGetter(int output);

    /// <summary>Lets go of what the scorer holds, at the end of its pass. Most hold nothing.</summary>
    public virtual void Dispose() => GC.SuppressFinalize(this);

    /// <summary>Reads the input of a row. Rows come one after the other, from slot 0.</summary>
    /// <param name="slot">Where to keep what is read.</param>
    /// <returns>Whether the row's input was valid.</returns>
    protected abstract bool Read(int slot);

    /// <summary>Computes the results of all rows that were read since the last time.</summary>
    /// <param name="count">Their number: at least 1, and fewer than there are slots only where there are no more rows.</param>
    protected abstract void Score(int count);

    /// <summary>Scores the block of the row, unless that is done.</summary>
    /// <returns>The row's slot.</returns>
    /// <exception cref="InvalidOperationException">There is no row: the cursor is before the first, after the last, or disposed.</exception>
    protected int Update()
    {
        int slot = _block?.Slot ?? 0;
        long position = _block?.BlockPosition ?? _input.Position;
        if (position == _scoredPosition)
            return slot;
        if (position < 0)
            throw new InvalidOperationException("There is no row to score: MoveNext has not been called yet, or it has returned false, or the cursor is disposed.");

        if (_block is null)
            _readSlot(0);
        else
            _block.Visit(_readSlot);
        Score(_block?.NumberOfRows ?? 1);
        _scoredPosition = position;
        return slot;
    }

    /// <summary>A number as an output column holds it: Single, and finite, because ML.NET's evaluators drop rows that are not. What is not a number becomes the lowest.</summary>
    /// <param name="value">The number.</param>
    protected static float ToFinite(double value)
    {
        float single = (float)value;
        return float.IsFinite(single) ? single : value > 0 ? float.MaxValue : float.MinValue;
    }
}
