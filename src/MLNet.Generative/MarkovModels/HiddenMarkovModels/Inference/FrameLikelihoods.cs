using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.Generative;

/// <summary>
/// All that inference sees of a sequence: log b_j(x_t), the log-likelihood of each frame in each state, T × stride; and the likelihoods themselves, each frame divided by its
/// largest, so that none underflows where it counts. Grows to the longest sequence, and is used again for the next.
/// </summary>
internal sealed class FrameLikelihoods(int numberOfStates)
{
    /// <summary>K.</summary>
    public int NumberOfStates { get; } = numberOfStates;

    /// <summary>The places of a row.</summary>
    public int Stride { get; } = RowProducts.Stride(numberOfStates);

    /// <summary>T.</summary>
    public int Length { get; private set; }

    /// <summary>log b_j(x_t), T × stride; −∞ beyond K.</summary>
    public double[] Logarithms { get; private set; } = [];

    /// <summary>b_j(x_t) / exp(m_t), T × stride, once <see cref="Shift"/> was called.</summary>
    public double[] Scaled { get; private set; } = [];

    /// <summary>m_t = max_j log b_j(x_t), once <see cref="Shift"/> was called.</summary>
    public double[] Shifts { get; private set; } = [];

    /// <summary>Makes room for a sequence of T frames, whose log-likelihoods are then written into <see cref="LogFrame"/>.</summary>
    public void Resize(int length)
    {
        Length = length;
        if (Shifts.Length >= length)
            return;
        // More than asked for, because sequences come in all lengths.
        int room = (int)Math.Min(Math.Max(length, 2L * Shifts.Length), Array.MaxLength / Stride);
        room = Math.Max(room, length);
        Logarithms = new double[checked(room * Stride)];
        Logarithms.AsSpan().Fill(double.NegativeInfinity);
        Scaled = [];
        Shifts = new double[room];
    }

    /// <summary>log b_j(x_t) of a frame, K numbers.</summary>
    public Span<double> LogFrame(int t) => Logarithms.AsSpan(t * Stride, NumberOfStates);

    /// <summary>Computes <see cref="Shifts"/> and <see cref="Scaled"/>.</summary>
    /// <returns>Whether every frame is possible in some state.</returns>
    public bool Shift()
    {
        if (Scaled.Length < Logarithms.Length)
            Scaled = new double[Logarithms.Length];
        ref double logarithms = ref MemoryMarshal.GetArrayDataReference(Logarithms);
        ref double scaled = ref MemoryMarshal.GetArrayDataReference(Scaled);
        nuint stride = (nuint)Stride;
        nuint row = 0;
        for (int t = 0; t < Length; t++, row += stride)
        {
            // Places beyond K hold −∞, and no log-likelihood is NaN.
            Vector512<double> highest = Vector512.LoadUnsafe(ref logarithms, row);
            for (nuint j = Lanes.Count; j < stride; j += Lanes.Count)
                highest = Vector512.MaxNative(highest, Vector512.LoadUnsafe(ref logarithms, row + j));
            double largest = Lanes.Max(highest);
            Shifts[t] = largest;
            if (double.IsNegativeInfinity(largest))
                return false;
            Vector512<double> shift = Vector512.Create(largest);
            for (nuint j = 0; j < stride; j += Lanes.Count)
                Lanes.ExpOfNegative(Vector512.LoadUnsafe(ref logarithms, row + j) - shift).StoreUnsafe(ref scaled, row + j);
        }
        return true;
    }
}
