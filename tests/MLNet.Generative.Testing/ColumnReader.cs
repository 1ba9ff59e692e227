using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative.Testing;

/// <summary>Reads a column of any type into values that can be compared bit for bit: a vector becomes a dense array, a text becomes a string.</summary>
internal static class ColumnReader
{
    /// <summary>A reader of a column of the current row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="column">The column.</param>
    /// <param name="overwrites">Whether to read twice and overwrite a vector's items and indices in between, as the owner of a buffer may.</param>
    public static Func<object> Create(DataViewRow row, DataViewSchema.Column column, bool overwrites = false)
    {
        MethodInfo method = overwrites && column.Type is VectorDataViewType vector
            ? Generic(nameof(FromRowOverwriting), vector.ItemType.RawType)
            : Generic(nameof(FromRow), column.Type.RawType);
        return method.CreateDelegate<Func<DataViewRow, DataViewSchema.Column, Func<object>>>()(row, column);
    }

    /// <summary>The value of an annotation.</summary>
    public static object ReadAnnotation(DataViewSchema.Annotations annotations, DataViewSchema.Column kind) =>
        Generic(nameof(FromAnnotations), kind.Type.RawType).Invoke(null, [annotations, kind])!;

    /// <summary>Whether two values have the same bits. Unlike with <c>Equals</c>, 0 and −0 differ.</summary>
    public static bool AreSame(object a, object b) => (a, b) switch
    {
        (float x, float y) => BitConverter.SingleToInt32Bits(x) == BitConverter.SingleToInt32Bits(y),
        (double x, double y) => BitConverter.DoubleToInt64Bits(x) == BitConverter.DoubleToInt64Bits(y),
        (float[] x, float[] y) => MemoryMarshal.AsBytes(x.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(y.AsSpan())),
        (double[] x, double[] y) => MemoryMarshal.AsBytes(x.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(y.AsSpan())),
        (Array x, Array y) => x.GetType() == y.GetType() && x.Cast<object>().SequenceEqual(y.Cast<object>()),
        _ => a.Equals(b),
    };

    /// <summary>A value in a failure's message.</summary>
    public static string Format(object value) => value switch
    {
        Array array => $"[{string.Join("; ", array.Cast<object>().Select(Format))}]",
        IFormattable formattable => formattable.ToString(value is float or double ? "R" : null, CultureInfo.InvariantCulture),
        _ => $"'{value}'",
    };

    private static Func<object> FromRow<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return Freeze(value);
        };
    }

    private static Func<object> FromRowOverwriting<TItem>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<TItem>> getter = row.GetGetter<VBuffer<TItem>>(column);
        VBuffer<TItem> value = default;
        return () =>
        {
            getter(ref value);
            VBufferEditor<TItem> editor = VBufferEditor.CreateFromBuffer(ref value);
            editor.Values.Clear();
            editor.Indices.Clear();
            getter(ref value);
            return Freeze(value);
        };
    }

    private static object FromAnnotations<T>(DataViewSchema.Annotations annotations, DataViewSchema.Column kind)
    {
        T value = default!;
        annotations.GetGetter<T>(kind)(ref value);
        return Freeze(value);
    }

    private static object Freeze<T>(T value) => value switch
    {
        ReadOnlyMemory<char> text => text.ToString(),
        VBuffer<ReadOnlyMemory<char>> texts => Array.ConvertAll(texts.DenseValues().ToArray(), text => text.ToString()),
        _ when typeof(T).IsGenericType && typeof(T).GetGenericTypeDefinition() == typeof(VBuffer<>) =>
            Generic(nameof(ToArray), typeof(T).GetGenericArguments()[0]).Invoke(null, [value])!,
        _ => value!,
    };

    private static TItem[] ToArray<TItem>(VBuffer<TItem> vector) => [.. vector.DenseValues()];

    private static MethodInfo Generic(string name, Type type) =>
        typeof(ColumnReader).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type);
}
