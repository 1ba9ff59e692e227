using System.ComponentModel;
using Microsoft.ML;

namespace MLNet.Generative;

/// <summary>
/// Scores one row at a time for one cursor: the work is done when the first output column of a row is read, and shared by the others. All scratch lives here, so that
/// transformers stay read-only. For the authors of transformers in this family of packages.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class RowScorer : IDisposable
{
    private readonly DataViewRow _input;
    private long _scoredPosition = -1;

    /// <summary>Makes a scorer for a cursor's rows.</summary>
    /// <param name="input">The row, which changes as its cursor moves.</param>
    protected RowScorer(DataViewRow input) => _input = input;

    /// <summary>Rows so far that could not be scored because their input was invalid.</summary>
    public long NumberOfInvalidRows { get; private set; }

    /// <summary>The getter of an output column, a <see cref="ValueGetter{TValue}"/> that calls <see cref="Update"/> before it reads results.</summary>
    /// <param name="output">The output column's place among the transformer's columns, from 0.</param>
    public abstract Delegate CreateGetter(int output);

    /// <summary>Lets go of what the scorer holds, at the end of its pass. Most hold nothing.</summary>
    public virtual void Dispose() => GC.SuppressFinalize(this);

    /// <summary>Reads the row and computes all results.</summary>
    /// <returns>Whether the row's input was valid.</returns>
    protected abstract bool Score();

    /// <summary>Scores the row, unless that is done.</summary>
    protected void Update()
    {
        if (_input.Position == _scoredPosition)
            return;
        if (!Score())
            NumberOfInvalidRows++;
        _scoredPosition = _input.Position;
    }

    /// <summary>A number as an output column holds it: Single, and finite, because ML.NET's evaluators drop rows that are not. What is not a number becomes the lowest.</summary>
    /// <param name="value">The number.</param>
    protected static float ToFinite(double value) =>
        double.IsNaN(value) ? float.MinValue : (float)Math.Clamp(value, float.MinValue, float.MaxValue);
}
