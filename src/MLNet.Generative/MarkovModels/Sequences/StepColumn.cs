using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative;

/// <summary>A column of sequences, read step by step.</summary>
internal abstract class StepColumn(string name)
{
    /// <summary>The column's name.</summary>
    public string Name => name;

    /// <summary>The number of steps of the sequence that was loaded.</summary>
    public abstract int NumberOfSteps { get; }

    /// <summary>Reads the current step.</summary>
    public abstract Delegate Getter { get; }

    /// <summary>Makes the reader of a column.</summary>
    /// <param name="cursor">The cursor that knows the current step.</param>
    /// <param name="input">The rows, in which the column is active.</param>
    /// <param name="column">The column.</param>
    public static StepColumn Create(FlattenedCursor cursor, DataViewRow input, DataViewSchema.Column column)
    {
        Type item = ((VectorDataViewType)column.Type).ItemType.RawType;
        return (StepColumn)Activator.CreateInstance(typeof(StepColumn<>).MakeGenericType(item), cursor, input, column)!;
    }

    /// <summary>Reads the sequence of the input's current row.</summary>
    /// <exception cref="InvalidOperationException">Its last step is not complete.</exception>
    public abstract void Load();
}

/// <summary>A column of sequences of one type.</summary>
internal sealed class StepColumn<T> : StepColumn
{
    private readonly FlattenedCursor _cursor;
    private readonly DataViewRow _input;
    private readonly ValueGetter<VBuffer<T>> _read;
    private readonly int _valuesPerStep;
    private VBuffer<T> _sequence;

    public StepColumn(FlattenedCursor cursor, DataViewRow input, DataViewSchema.Column column)
        : base(column.Name)
    {
        _cursor = cursor;
        _input = input;
        _read = input.GetGetter<VBuffer<T>>(column);
        if (SequenceTypes.OfStep((VectorDataViewType)column.Type) is VectorDataViewType step)
        {
            _valuesPerStep = step.Size;
            Getter = (ValueGetter<VBuffer<T>>)GetVector;
        }
        else
        {
            _valuesPerStep = 1;
            Getter = (ValueGetter<T>)GetScalar;
        }
    }

    public override int NumberOfSteps => _sequence.Length / _valuesPerStep;

    public override Delegate Getter { get; }

    public override void Load()
    {
        _read(ref _sequence);
        if (_sequence.Length % _valuesPerStep != 0)
        {
            throw new InvalidOperationException(
                $"Row {_input.Position} of column '{Name}' has {_sequence.Length} values, which is no multiple of the {_valuesPerStep} that a step has. Its last step is not complete: mend or remove the row.");
        }
    }

    private void GetScalar(ref T value)
    {
        _cursor.RequireRow();
        _sequence.GetItemOrDefault(_cursor.Step, ref value);
    }

    private void GetVector(ref VBuffer<T> value)
    {
        _cursor.RequireRow();
        _sequence.CopyTo(ref value, _cursor.Step * _valuesPerStep, _valuesPerStep);
    }
}
