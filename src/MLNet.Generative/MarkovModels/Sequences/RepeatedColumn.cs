using System.Reflection;
using Microsoft.ML;

namespace MLNet.Generative;

/// <summary>A column whose value is that of the input's current row, at every step of it.</summary>
internal static class RepeatedColumn
{
    /// <summary>Makes the getter.</summary>
    /// <param name="cursor">The cursor that knows whether there is a row.</param>
    /// <param name="input">The rows, in which the column is active.</param>
    /// <param name="column">The column.</param>
    public static Delegate CreateGetter(ForwardCursor cursor, DataViewRow input, DataViewSchema.Column column) =>
        (Delegate)typeof(RepeatedColumn).GetMethod(nameof(Create), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(column.Type.RawType).Invoke(null, [cursor, input, column])!;

    private static ValueGetter<T> Create<T>(ForwardCursor cursor, DataViewRow input, DataViewSchema.Column column)
    {
        ValueGetter<T> read = input.GetGetter<T>(column);
        return (ref T value) =>
        {
            cursor.RequireRow();
            read(ref value);
        };
    }
}
