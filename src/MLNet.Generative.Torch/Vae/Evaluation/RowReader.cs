using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.Generative;

/// <summary>
/// Brings rows into the network's units in one pass, in which it also finds what is missing (NaN; 0 for the network), infinite or impossible. The arithmetic is that of
/// <see cref="FeatureScaling.Apply"/>, to the bit, for values of either width.
/// </summary>
internal sealed class RowReader
{
    private readonly double[] _means;
    private readonly double[] _scales;
    private readonly double _lowest;
    private readonly double _highest;
    private readonly bool _isIdentity;

    public RowReader(FeatureScaling scaling, DecoderLikelihood likelihood)
    {
        _means = scaling.Means;
        _scales = scaling.Scales;
        (_lowest, _highest) = likelihood.Support;
        _isIdentity = Array.TrueForAll(_means, mean => mean == 0) && Array.TrueForAll(_scales, scale => scale == 1);
    }

    /// <summary>Whether a value, in the features' units, can occur under the likelihood.</summary>
    public bool IsPossible(double value) => value >= _lowest && value <= _highest;

    /// <summary>Reads a row into a place of a block.</summary>
    /// <param name="row">D values: float or double.</param>
    /// <param name="block">The block.</param>
    /// <param name="place">The place.</param>
    public RowContent Read<T>(ReadOnlySpan<T> row, BlockRows block, int place)
        where T : unmanaged, INumberBase<T>
    {
        Span<float> scaled = block.Row(place);
        RowContent content = typeof(T) == typeof(float)
            ? _isIdentity ? Copy(MemoryMarshal.Cast<T, float>(row), scaled) : Scale(MemoryMarshal.Cast<T, float>(row), scaled)
            : Scale(MemoryMarshal.Cast<T, double>(row), scaled);
        if (block.HasHoles || (content & RowContent.HasHoles) != 0)
            content |= Note(row, block.Observed(place));
        return content;
    }

    private static RowContent Note<T>(ReadOnlySpan<T> row, Span<bool> observed)
        where T : INumberBase<T>
    {
        bool any = false;
        for (int j = 0; j < row.Length; j++)
            any |= observed[j] = !T.IsNaN(row[j]);
        return any ? RowContent.Complete : RowContent.IsUnknown;
    }

    // A method of its own, so that the compiler takes neither for the one that is rare.
    private RowContent Copy(ReadOnlySpan<float> row, Span<float> scaled)
    {
        Vector512<float> missing = default;
        Vector512<float> outside = default;
        // The largest numbers of 64 bits are infinite in 32.
        Vector512<float> lowest = Vector512.Create((float)Math.Max(_lowest, float.MinValue));
        Vector512<float> highest = Vector512.Create((float)Math.Min(_highest, float.MaxValue));
        Vector512<float> infinite = default;
        int j = 0;
        for (; j <= row.Length - Vector512<float>.Count; j += Vector512<float>.Count)
        {
            Vector512<float> x = Load(row, j);
            Vector512<float> isKnown = Vector512.Equals(x, x);
            missing |= ~isKnown;
            outside |= isKnown & ~(Vector512.GreaterThanOrEqual(x, lowest) & Vector512.LessThanOrEqual(x, highest));
            Store(x & isKnown, scaled, j, ref infinite);
        }

        RowContent content = ToContent(missing, outside, infinite);
        for (; j < row.Length; j++)
            content |= Scale(row[j], j, out scaled[j]);
        return content;
    }

    private RowContent Scale(ReadOnlySpan<float> row, Span<float> scaled)
    {
        Vector512<double> missing = default;
        Vector512<double> outside = default;
        Vector512<float> infinite = default;
        int j = 0;
        for (; j <= row.Length - Vector512<float>.Count; j += Vector512<float>.Count)
        {
            (Vector512<double> first, Vector512<double> second) = Vector512.Widen(Load(row, j));
            first = Scale(first, j, ref missing, ref outside);
            second = Scale(second, j + Vector512<double>.Count, ref missing, ref outside);
            Store(Vector512.Narrow(first, second), scaled, j, ref infinite);
        }

        RowContent content = ToContent(missing.AsSingle(), outside.AsSingle(), infinite);
        for (; j < row.Length; j++)
            content |= Scale(row[j], j, out scaled[j]);
        return content;
    }

    private RowContent Scale(ReadOnlySpan<double> row, Span<float> scaled)
    {
        Vector512<double> missing = default;
        Vector512<double> outside = default;
        Vector512<float> infinite = default;
        int j = 0;
        for (; j <= row.Length - Vector512<float>.Count; j += Vector512<float>.Count)
        {
            Vector512<double> first = Scale(Load(row, j), j, ref missing, ref outside);
            Vector512<double> second = Scale(Load(row, j + Vector512<double>.Count), j + Vector512<double>.Count, ref missing, ref outside);
            Store(Vector512.Narrow(first, second), scaled, j, ref infinite);
        }

        RowContent content = ToContent(missing.AsSingle(), outside.AsSingle(), infinite);
        for (; j < row.Length; j++)
            content |= Scale(row[j], j, out scaled[j]);
        return content;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<double> Scale(Vector512<double> x, int j, ref Vector512<double> missing, ref Vector512<double> outside)
    {
        Vector512<double> isKnown = Vector512.Equals(x, x);
        missing |= ~isKnown;
        outside |= isKnown & ~(Vector512.GreaterThanOrEqual(x, Vector512.Create(_lowest)) & Vector512.LessThanOrEqual(x, Vector512.Create(_highest)));
        return (_isIdentity ? x : (x - Load(_means, j)) / Load(_scales, j)) & isKnown;
    }

    private RowContent Scale(double x, int j, out float scaled)
    {
        scaled = double.IsNaN(x) ? 0 : (float)((x - _means[j]) / _scales[j]);
        return (double.IsNaN(x) ? RowContent.HasHoles : x >= _lowest && x <= _highest ? RowContent.Complete : RowContent.IsImpossible)
            | (float.IsFinite(scaled) ? RowContent.Complete : RowContent.IsInfinite);
    }

    private static RowContent ToContent(Vector512<float> missing, Vector512<float> outside, Vector512<float> infinite) =>
        (IsAny(missing) ? RowContent.HasHoles : RowContent.Complete)
        | (IsAny(outside) ? RowContent.IsImpossible : RowContent.Complete)
        | (IsAny(infinite) ? RowContent.IsInfinite : RowContent.Complete);

    private static bool IsAny(Vector512<float> mask) => mask.AsInt32() != Vector512<int>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Load<T>(ReadOnlySpan<T> values, int start) => Vector512.Create(values[start..]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> values, Span<float> scaled, int start, ref Vector512<float> infinite)
    {
        infinite |= Vector512.GreaterThan(Vector512.Abs(values), Vector512.Create(float.MaxValue));
        values.CopyTo(scaled[start..]);
    }
}
