using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.Generative;

/// <summary>A sum that keeps what rounding takes away (Neumaier 1974): its error does not grow with the number of terms.</summary>
internal struct CompensatedSum
{
    private double _sum;
    private double _lost;

    /// <summary>The sum.</summary>
    public readonly double Value => _sum + _lost;

    /// <summary>Adds a finite term.</summary>
    public void Add(double term)
    {
        double sum = _sum + term;
        _lost += Math.Abs(_sum) >= Math.Abs(term) ? _sum - sum + term : term - sum + _sum;
        _sum = sum;
    }

    /// <summary>Adds many finite terms, eight side by side.</summary>
    public void Add(ReadOnlySpan<double> terms)
    {
        ref double values = ref MemoryMarshal.GetReference(terms);
        Vector512<double> sum = default, lost = default;
        nuint i = 0;
        for (; i + Lanes.Count <= (nuint)terms.Length; i += Lanes.Count)
        {
            Vector512<double> term = Vector512.LoadUnsafe(ref values, i);
            Vector512<double> next = sum + term;
            Vector512<double> isLarger = Vector512.GreaterThanOrEqual(Vector512.Abs(sum), Vector512.Abs(term));
            lost += Vector512.ConditionalSelect(isLarger, sum - next + term, term - next + sum);
            sum = next;
        }
        for (int lane = 0; lane < Lanes.Count; lane++)
        {
            Add(sum.GetElement(lane));
            _lost += lost.GetElement(lane);
        }
        for (; i < (nuint)terms.Length; i++)
            Add(terms[(int)i]);
    }
}
