using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative;

/// <summary>Reads the column that steps are sorted by, as a 64-bit integer that has the same order.</summary>
internal static class SequenceOrder
{
    /// <summary>The types that an order column may have, in words.</summary>
    public const string ExpectedTypes = "a number, a key, DateTime, DateTimeOffset or TimeSpan";

    /// <summary>Whether values of a type have an order.</summary>
    /// <param name="type">The type.</param>
    public static bool CanRead(DataViewType type) =>
        type is NumberDataViewType or KeyDataViewType or DateTimeDataViewType or DateTimeOffsetDataViewType or TimeSpanDataViewType;

    /// <summary>A reader of the input's current row, which throws <see cref="InvalidOperationException"/> if the value is missing.</summary>
    /// <param name="input">The rows, in which the column is active.</param>
    /// <param name="column">The order column.</param>
    public static Func<long> Create(DataViewRow input, DataViewSchema.Column column)
    {
        bool isKey = column.Type is KeyDataViewType;
        Type type = column.Type.RawType;
        return type switch
        {
            _ when type == typeof(sbyte) => Reader<sbyte>(value => value),
            _ when type == typeof(byte) => Reader<byte>(value => isKey && value == 0 ? null : value),
            _ when type == typeof(short) => Reader<short>(value => value),
            _ when type == typeof(ushort) => Reader<ushort>(value => isKey && value == 0 ? null : value),
            _ when type == typeof(int) => Reader<int>(value => value),
            _ when type == typeof(uint) => Reader<uint>(value => isKey && value == 0 ? null : value),
            _ when type == typeof(long) => Reader<long>(value => value),
            _ when type == typeof(ulong) => Reader<ulong>(value => isKey && value == 0 ? null : unchecked((long)value) ^ long.MinValue),
            _ when type == typeof(float) => Reader<float>(value => Rank(value)),
            _ when type == typeof(double) => Reader<double>(Rank),
            _ when type == typeof(DateTime) => Reader<DateTime>(value => value.Ticks),
            _ when type == typeof(DateTimeOffset) => Reader<DateTimeOffset>(value => value.UtcTicks),
            _ => Reader<TimeSpan>(value => value.Ticks),
        };

        Func<long> Reader<T>(Func<T, long?> rank)
        {
            ValueGetter<T> read = input.GetGetter<T>(column);
            T value = default!;
            return () =>
            {
                read(ref value);
                return rank(value) ?? throw new InvalidOperationException(
                    $"Row {input.Position} has no value in order column '{column.Name}', so it has no place in its sequence. Give the row a value there, or remove it.");
            };
        }
    }

    // The bits of positive numbers are in order, those of negative ones backwards.
    private static long? Rank(double value)
    {
        if (double.IsNaN(value))
            return null;
        // 0 and −0 are equal.
        long bits = BitConverter.DoubleToInt64Bits(value + 0.0);
        return bits < 0 ? bits ^ long.MaxValue : bits;
    }
}
