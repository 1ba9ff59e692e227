using System.Runtime.Intrinsics;

namespace MLNet.Generative.Benchmarks;

/// <summary>The most floating-point operations that the machine can do: independent fused multiply-adds in registers, on every thread.</summary>
internal static class MultiplyAddPeak
{
    private const int OperationsPerStep = 12 * 2 * 8;

    /// <summary>Does at least this many operations and returns something that depends on all of them.</summary>
    public static double Run(long operations, int threads)
    {
        long steps = operations / OperationsPerStep / threads + 1;
        if (threads == 1)
            return Steps(steps);
        var results = new double[threads];
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, i => results[i] = Steps(steps));
        return results.Sum();
    }

    private static double Steps(long steps)
    {
        Vector512<double> x = Vector512.Create(0.999999), y = Vector512.Create(1e-9);
        Vector512<double> a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
        for (long step = 0; step < steps; step++)
        {
            a = Vector512.FusedMultiplyAdd(a, x, y);
            b = Vector512.FusedMultiplyAdd(b, x, y);
            c = Vector512.FusedMultiplyAdd(c, x, y);
            d = Vector512.FusedMultiplyAdd(d, x, y);
            e = Vector512.FusedMultiplyAdd(e, x, y);
            f = Vector512.FusedMultiplyAdd(f, x, y);
            g = Vector512.FusedMultiplyAdd(g, x, y);
            h = Vector512.FusedMultiplyAdd(h, x, y);
            i = Vector512.FusedMultiplyAdd(i, x, y);
            j = Vector512.FusedMultiplyAdd(j, x, y);
            k = Vector512.FusedMultiplyAdd(k, x, y);
            l = Vector512.FusedMultiplyAdd(l, x, y);
        }
        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }
}
