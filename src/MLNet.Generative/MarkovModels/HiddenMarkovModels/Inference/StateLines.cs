using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.Generative;

/// <summary>
/// Between the two shapes that numbers of frames and states have: emissions want a line of <see cref="RowTile.Rows"/> frames for each state, recursions a row of states for each
/// frame.
/// </summary>
internal static class StateLines
{
    /// <summary>Lines to rows; places beyond K stay as they are.</summary>
    /// <param name="lines">States × <see cref="RowTile.Rows"/>.</param>
    /// <param name="numberOfStates">K.</param>
    /// <param name="count">The number of frames.</param>
    /// <param name="rows">Receives frames × stride.</param>
    /// <param name="stride">The places of a row.</param>
    public static void ToRows(ReadOnlySpan<double> lines, int numberOfStates, int count, Span<double> rows, int stride)
    {
        Check(lines, numberOfStates, count, rows, stride);
        ref double to = ref MemoryMarshal.GetReference(rows);
        // Eight rows at a time stay near while every line is read from left to right.
        for (int n = 0; n < count; n += Lanes.Count, to = ref Unsafe.Add(ref to, Lanes.Count * stride))
        {
            ref double from = ref Unsafe.Add(ref MemoryMarshal.GetReference(lines), n);
            int frames = Math.Min(Lanes.Count, count - n);
            for (int k = 0; k < numberOfStates; k++, from = ref Unsafe.Add(ref from, RowTile.Rows))
            {
                nint place = k;
                for (int r = 0; r < frames; r++, place += stride)
                    Unsafe.Add(ref to, place) = Unsafe.Add(ref from, r);
            }
        }
    }

    /// <summary>Rows to lines, which are 0 beyond <paramref name="count"/>.</summary>
    /// <param name="rows">Frames × stride.</param>
    /// <param name="stride">The places of a row.</param>
    /// <param name="numberOfStates">K.</param>
    /// <param name="count">The number of frames.</param>
    /// <param name="lines">Receives states × <see cref="RowTile.Rows"/>.</param>
    public static void FromRows(ReadOnlySpan<double> rows, int stride, int numberOfStates, int count, Span<double> lines)
    {
        Check(lines, numberOfStates, count, rows, stride);
        ref double from = ref MemoryMarshal.GetReference(rows);
        for (int n = 0; n < count; n += Lanes.Count, from = ref Unsafe.Add(ref from, Lanes.Count * stride))
        {
            ref double to = ref Unsafe.Add(ref MemoryMarshal.GetReference(lines), n);
            int frames = Math.Min(Lanes.Count, count - n);
            for (int k = 0; k < numberOfStates; k++, to = ref Unsafe.Add(ref to, RowTile.Rows))
            {
                nint place = k;
                for (int r = 0; r < frames; r++, place += stride)
                    Unsafe.Add(ref to, r) = Unsafe.Add(ref from, place);
            }
        }
        for (int k = 0; k < numberOfStates && count < RowTile.Rows; k++)
            lines.Slice(k * RowTile.Rows + count, RowTile.Rows - count).Clear();
    }

    /// <summary>The sum of a line.</summary>
    public static double Sum(ReadOnlySpan<double> lines, int state)
    {
        ref double line = ref MemoryMarshal.GetReference(lines.Slice(state * RowTile.Rows, RowTile.Rows));
        Vector512<double> sum = default;
        for (nuint n = 0; n < RowTile.Rows; n += Lanes.Count)
            sum += Vector512.LoadUnsafe(ref line, n);
        return Lanes.Sum(sum);
    }

    private static void Check(ReadOnlySpan<double> lines, int numberOfStates, int count, ReadOnlySpan<double> rows, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, RowTile.Rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(lines.Length, numberOfStates * RowTile.Rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows.Length, count * stride);
    }
}
