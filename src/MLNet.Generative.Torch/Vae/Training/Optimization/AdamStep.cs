using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.Generative;

/// <summary>
/// One step of Adam (Kingma and Ba 2014, algorithm 1, in the order of operations at the end of its section 2) and of the average of the weights. For each weight θ with gradient g:
/// m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², θ ← θ − α m / (√v + ε), a ← a + share (θ − a), with α and ε corrected for the start.
/// </summary>
/// <param name="GradientScale">What gradients are multiplied by: less than 1 where they are clipped.</param>
/// <param name="StepSize">α √(1 − β₂ᵗ) / (1 − β₁ᵗ).</param>
/// <param name="Offset">ε √(1 − β₂ᵗ).</param>
/// <param name="AverageShare">The share of the new weights in their average.</param>
internal readonly record struct AdamStep(float GradientScale, float StepSize, float Offset, float AverageShare)
{
    internal const double Beta1 = 0.9;
    internal const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    // With fewer lanes than the machine's the rest would be slower, with more the bits would still be the same: every weight is on its own.
    private static readonly int Lanes = Vector512<float>.Count;

    /// <summary>The numbers of a step.</summary>
    /// <param name="step">Its number, from 1.</param>
    /// <param name="learningRate">α.</param>
    /// <param name="gradientScale">What gradients are multiplied by.</param>
    public static AdamStep Of(long step, double learningRate, double gradientScale)
    {
        double correction = Math.Sqrt(1 - Math.Pow(Beta2, step));
        return new AdamStep(
            (float)gradientScale,
            (float)(learningRate * correction / (1 - Math.Pow(Beta1, step))),
            (float)(Epsilon * correction),
            WeightAverage.ShareOf(step));
    }

    /// <summary>Moves weights, in one pass: each number is read once and written once.</summary>
    /// <param name="gradients">g.</param>
    /// <param name="weights">θ.</param>
    /// <param name="means">m.</param>
    /// <param name="squares">v.</param>
    /// <param name="averages">a.</param>
    public void Move(ReadOnlySpan<float> gradients, Span<float> weights, Span<float> means, Span<float> squares, Span<float> averages)
    {
        int i = 0;
        for (; i <= gradients.Length - Lanes; i += Lanes)
        {
            Vector512<float> g = Load(gradients, i) * GradientScale;
            Vector512<float> m = Load(means, i) * (float)Beta1 + g * (float)(1 - Beta1);
            Vector512<float> v = Load(squares, i) * (float)Beta2 + g * g * (float)(1 - Beta2);
            Vector512<float> theta = Load(weights, i) - m * StepSize / (Vector512.Sqrt(v) + Vector512.Create(Offset));
            Store(m, means, i);
            Store(v, squares, i);
            Store(theta, weights, i);
            if (AverageShare == 0)
                continue;
            Vector512<float> a = Load(averages, i);
            Store(a + (theta - a) * AverageShare, averages, i);
        }
        for (; i < gradients.Length; i++)
        {
            float g = gradients[i] * GradientScale;
            means[i] = means[i] * (float)Beta1 + g * (float)(1 - Beta1);
            squares[i] = squares[i] * (float)Beta2 + g * g * (float)(1 - Beta2);
            weights[i] -= means[i] * StepSize / (MathF.Sqrt(squares[i]) + Offset);
            averages[i] += (weights[i] - averages[i]) * AverageShare;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load(ReadOnlySpan<float> values, int start) =>
        Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)start);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> vector, Span<float> values, int start) =>
        vector.StoreUnsafe(ref MemoryMarshal.GetReference(values), (nuint)start);
}
