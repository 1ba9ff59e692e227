using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.Generative;

/// <summary>
/// All that inference sees of a sequence: log b_j(x_t), the log-likelihood of each frame in each state, T × stride; or the likelihoods themselves, each frame divided by its
/// largest, so that none underflows where it counts. Grows to the longest sequence, and is used again for the next. May hold several sequences one after the other, of which one
/// is looked at.
/// </summary>
internal sealed class FrameLikelihoods(int numberOfStates)
{
    private readonly double[] _tileShifts = new double[RowTile.Rows];
    private double[] _logarithms = [];
    private double[] _scaled = [];
    private double[] _shifts = [];
    private int _first;

    /// <summary>K.</summary>
    public int NumberOfStates { get; } = numberOfStates;

    /// <summary>The places of a row.</summary>
    public int Stride { get; } = RowProducts.Stride(numberOfStates);

    /// <summary>T.</summary>
    public int Length { get; private set; }

    /// <summary>Where the sequence stands among the rows of all.</summary>
    public Range Rows => (_first * Stride)..((_first + Length) * Stride);

    /// <summary>The places that an array over all rows must have.</summary>
    public int Room => _shifts.Length * Stride;

    /// <summary>log b_j(x_t), T × stride; −∞ beyond K.</summary>
    public Span<double> Logarithms
    {
        get
        {
            // Not every caller wants them.
            if (_logarithms.Length < Room)
            {
                _logarithms = new double[Room];
                _logarithms.AsSpan().Fill(double.NegativeInfinity);
            }
            return _logarithms.AsSpan(Rows);
        }
    }

    /// <summary>
    /// b_j(x_t) / exp(m_t), T × stride, from <see cref="Shift"/> or <see cref="SetScaled"/>. 0 where a frame is impossible, −0 where it is possible but its likelihood too
    /// small; NaN where it is impossible in every state.
    /// </summary>
    public Span<double> Scaled
    {
        get
        {
            if (_scaled.Length < Room)
                _scaled = new double[Room];
            return _scaled.AsSpan(Rows);
        }
    }

    /// <summary>m_t = max_j log b_j(x_t), with <see cref="Scaled"/>.</summary>
    public Span<double> Shifts => _shifts.AsSpan(_first, Length);

    /// <summary>Makes room for T frames, whose log-likelihoods are then written into <see cref="LogFrame"/>, or tile by tile.</summary>
    public void Resize(int length)
    {
        Select(0, length);
        if (_shifts.Length >= length)
            return;
        // More than asked for, because sequences come in all lengths.
        int room = (int)Math.Min(Math.Max(length, 2L * _shifts.Length), Array.MaxLength / Stride);
        _shifts = new double[Math.Max(room, length)];
        _ = checked(_shifts.Length * Stride);
    }

    /// <summary>Looks at one sequence of those that the rows hold.</summary>
    /// <param name="first">Its first row.</param>
    /// <param name="length">T.</param>
    public void Select(int first, int length) => (_first, Length) = (first, length);

    /// <summary>log b_j(x_t) of a frame, K numbers.</summary>
    public Span<double> LogFrame(int t) => Logarithms.Slice(t * Stride, NumberOfStates);

    /// <summary>Whether a scaled likelihood is that of an impossible frame, and not of one that is only too improbable for a double.</summary>
    public static bool IsImpossible(double scaled) => BitConverter.DoubleToInt64Bits(scaled) == 0;

    /// <summary>Computes <see cref="Shifts"/> and <see cref="Scaled"/>.</summary>
    public void Shift()
    {
        ref double logarithms = ref MemoryMarshal.GetReference(Logarithms);
        ref double scaled = ref MemoryMarshal.GetReference(Scaled);
        Span<double> shifts = Shifts;
        nuint stride = (nuint)Stride;
        nuint row = 0;
        for (int t = 0; t < shifts.Length; t++, row += stride)
        {
            // Places beyond K hold −∞, and no log-likelihood is NaN.
            Vector512<double> highest = Vector512.LoadUnsafe(ref logarithms, row);
            for (nuint j = Lanes.Count; j < stride; j += Lanes.Count)
                highest = Vector512.MaxNative(highest, Vector512.LoadUnsafe(ref logarithms, row + j));
            shifts[t] = Lanes.Max(highest);
            Vector512<double> shift = Vector512.Create(shifts[t]);
            for (nuint j = 0; j < stride; j += Lanes.Count)
                Scale(Vector512.LoadUnsafe(ref logarithms, row + j) - shift).StoreUnsafe(ref scaled, row + j);
        }
    }

    /// <summary>Takes the log-likelihoods of a tile's frames.</summary>
    /// <param name="first">The row of the tile's first frame in the sequence.</param>
    /// <param name="count">The number of frames.</param>
    /// <param name="logLikelihoods">States × <see cref="RowTile.Rows"/>; may be overwritten.</param>
    public void SetLogarithms(int first, int count, Span<double> logLikelihoods) =>
        StateLines.ToRows(logLikelihoods, NumberOfStates, count, Logarithms[(first * Stride)..], Stride);

    /// <summary>Computes <see cref="Shifts"/> and <see cref="Scaled"/> of a tile's frames at once: eight frames side by side need no maximum within a vector.</summary>
    /// <inheritdoc cref="SetLogarithms" path="/param"/>
    public void SetScaled(int first, int count, Span<double> logLikelihoods)
    {
        ref double lines = ref MemoryMarshal.GetReference(logLikelihoods[..(NumberOfStates * RowTile.Rows)]);
        ref double shifts = ref MemoryMarshal.GetArrayDataReference(_tileShifts);
        for (nuint n = 0; n < (nuint)count; n += Lanes.Count)
        {
            Vector512<double> shift = Vector512.LoadUnsafe(ref lines, n);
            for (int k = 1; k < NumberOfStates; k++)
                shift = Vector512.MaxNative(shift, Vector512.LoadUnsafe(ref Unsafe.Add(ref lines, k * RowTile.Rows), n));
            shift.StoreUnsafe(ref shifts, n);
            for (int k = 0; k < NumberOfStates; k++)
            {
                ref double line = ref Unsafe.Add(ref lines, k * RowTile.Rows);
                Scale(Vector512.LoadUnsafe(ref line, n) - shift).StoreUnsafe(ref line, n);
            }
        }
        _tileShifts.AsSpan(0, count).CopyTo(Shifts[first..]);
        StateLines.ToRows(logLikelihoods, NumberOfStates, count, Scaled[(first * Stride)..], Stride);
    }

    // exp(x); 0 has the sign of what was lost.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Scale(Vector512<double> x)
    {
        Vector512<double> likelihood = Lanes.ExpOfNegative(x);
        Vector512<double> isLost = Vector512.Equals(likelihood, Vector512<double>.Zero) & Vector512.GreaterThan(x, Vector512.Create(double.NegativeInfinity));
        return likelihood | (isLost & Vector512.Create(-0.0));
    }
}
