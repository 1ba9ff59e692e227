using System.Numerics;
using System.Numerics.Tensors;
using Microsoft.ML.Data;

namespace MLNet.Generative;

/// <summary>The rows of one block of a cursor with their missing values filled in. Only a row that has one costs more than a copy.</summary>
/// <param name="model">The model.</param>
/// <param name="samples">How many codes are drawn for a row.</param>
/// <param name="numberOfSlots">How many rows a block has.</param>
internal sealed class ImputedRows(VaeModel model, int samples, int numberOfSlots)
{
    private readonly double[] _rows = new double[numberOfSlots * model.Dimension];
    private readonly double[] _row = new double[model.Dimension];
    private Imputer? _imputer;

    /// <summary>Puts a row into a slot.</summary>
    public void Set<T>(int slot, ReadOnlySpan<T> row)
        where T : INumberBase<T> =>
        TensorPrimitives.ConvertTruncating(row, Row(slot));

    /// <summary>Fills in the missing values of the first slots.</summary>
    public void Impute(int count)
    {
        for (int slot = 0; slot < count; slot++)
        {
            Span<double> row = Row(slot);
            if (!row.Contains(double.NaN))
                continue;
            _imputer ??= new Imputer(model, samples, seed: 0);
            row.CopyTo(_row);
            _imputer.Impute(_row, row);
        }
    }

    /// <summary>The row of a slot in 64 bits.</summary>
    public void Get(int slot, ref VBuffer<double> value)
    {
        VBufferEditor<double> editor = VBufferEditor.Create(ref value, model.Dimension);
        Row(slot).CopyTo(editor.Values);
        value = editor.Commit();
    }

    /// <summary>The row of a slot in 32 bits, which known values of a column of Single had before.</summary>
    public void Get(int slot, ref VBuffer<float> value)
    {
        Span<double> row = Row(slot);
        VBufferEditor<float> editor = VBufferEditor.Create(ref value, model.Dimension);
        for (int j = 0; j < row.Length; j++)
            editor.Values[j] = double.IsFinite(row[j]) ? (float)Math.Clamp(row[j], float.MinValue, float.MaxValue) : (float)row[j];
        value = editor.Commit();
    }

    private Span<double> Row(int slot) => _rows.AsSpan(slot * model.Dimension, model.Dimension);
}
