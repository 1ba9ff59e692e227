using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.Generative;

/// <summary>
/// The backward recursion with scaling, and what it makes of the forward one: the posterior γ_t(i) = α̂_t(i) β̂_t(i) and the expected transitions
/// ξ_t(i, j) = α̂_t(i) a_ij b_j(x_{t+1}) β̂_{t+1}(j) / s_t (Rabiner 1989, eq. 27 and 37), where β̂_t(i) = Σ_j a_ij b_j(x_{t+1}) β̂_{t+1}(j) / s_t and s_t makes Σ_i γ_t(i) = 1.
/// </summary>
internal sealed class Backward
{
    // Transitions are summed over so many steps at once, which stay in the nearest cache.
    private const int StepsPerSum = 16;

    private readonly double[] _backward;
    private readonly double[] _arriving;
    private readonly double[] _forwardBlock;
    private readonly double[] _arrivingBlock;
    private readonly double[] _outerProducts;

    public Backward(int numberOfStates)
    {
        int stride = RowProducts.Stride(numberOfStates);
        _backward = new double[stride];
        _arriving = new double[stride];
        _forwardBlock = new double[StepsPerSum * stride];
        _arrivingBlock = new double[StepsPerSum * stride];
        _outerProducts = new double[numberOfStates * stride];
    }

    /// <summary>Runs the recursion after <see cref="Forward"/>.</summary>
    /// <param name="chain">π and A.</param>
    /// <param name="frames">The sequence.</param>
    /// <param name="filtered">α̂, T × stride; replaced by γ.</param>
    /// <param name="transitions">Σ_t ξ_t, K × stride, to which this adds; empty if it is not wanted.</param>
    /// <param name="weight">The weight of the sequence in Σ ξ.</param>
    public void Run(HiddenChain chain, FrameLikelihoods frames, Span<double> filtered, Span<double> transitions, double weight)
    {
        int stride = chain.Stride;
        int states = chain.NumberOfStates;
        // The last γ is α̂ itself: β̂_T = 1.
        _backward.AsSpan().Fill(1);
        _outerProducts.AsSpan().Clear();
        int waiting = 0;
        for (int t = frames.Length - 2; t >= 0; t--)
        {
            Span<double> forward = filtered.Slice(t * stride, stride);
            Multiply(frames.Scaled.AsSpan((t + 1) * stride, stride), _backward, _arriving);
            RowProducts.Multiply(_arriving, chain.Transposed, states, _backward);
            double scale = 1 / Dot(forward, _backward);

            if (!transitions.IsEmpty)
            {
                forward.CopyTo(_forwardBlock.AsSpan(waiting * stride));
                Scale(_arriving, scale, _arrivingBlock.AsSpan(waiting * stride, stride));
                waiting++;
                if (waiting == StepsPerSum || t == 0)
                {
                    RowProducts.AddOuterProducts(_forwardBlock, _arrivingBlock, waiting, states, stride, _outerProducts);
                    waiting = 0;
                }
            }
            ToPosterior(forward, _backward, scale);
        }

        for (int place = 0; place < transitions.Length; place++)
            transitions[place] += weight * chain.Transitions[place] * _outerProducts[place];
    }

    private static void Multiply(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> product)
    {
        ref double xs = ref MemoryMarshal.GetReference(x);
        ref double ys = ref MemoryMarshal.GetReference(y);
        ref double result = ref MemoryMarshal.GetReference(product);
        for (nuint j = 0; j < (nuint)product.Length; j += Lanes.Count)
            (Vector512.LoadUnsafe(ref xs, j) * Vector512.LoadUnsafe(ref ys, j)).StoreUnsafe(ref result, j);
    }

    private static void Scale(ReadOnlySpan<double> x, double scale, Span<double> product)
    {
        ref double xs = ref MemoryMarshal.GetReference(x);
        ref double result = ref MemoryMarshal.GetReference(product);
        Vector512<double> factor = Vector512.Create(scale);
        for (nuint j = 0; j < (nuint)product.Length; j += Lanes.Count)
            (Vector512.LoadUnsafe(ref xs, j) * factor).StoreUnsafe(ref result, j);
    }

    // Σ_i α̂(i) β(i); β of a state that cannot be is left out, because it may be anything, ∞ too.
    private static double Dot(ReadOnlySpan<double> forward, Span<double> backward)
    {
        ref double f = ref MemoryMarshal.GetReference(forward);
        ref double b = ref MemoryMarshal.GetReference(backward);
        Vector512<double> sum = default;
        for (nuint j = 0; j < (nuint)forward.Length; j += Lanes.Count)
        {
            Vector512<double> alpha = Vector512.LoadUnsafe(ref f, j);
            Vector512<double> beta = Vector512.ConditionalSelect(Vector512.GreaterThan(alpha, Vector512<double>.Zero), Vector512.LoadUnsafe(ref b, j), Vector512<double>.Zero);
            beta.StoreUnsafe(ref b, j);
            sum = Lanes.MultiplyAdd(alpha, beta, sum);
        }
        return Lanes.Sum(sum);
    }

    private static void ToPosterior(Span<double> forward, Span<double> backward, double scale)
    {
        ref double f = ref MemoryMarshal.GetReference(forward);
        ref double b = ref MemoryMarshal.GetReference(backward);
        Vector512<double> factor = Vector512.Create(scale);
        for (nuint j = 0; j < (nuint)forward.Length; j += Lanes.Count)
        {
            Vector512<double> beta = Vector512.LoadUnsafe(ref b, j) * factor;
            beta.StoreUnsafe(ref b, j);
            (Vector512.LoadUnsafe(ref f, j) * beta).StoreUnsafe(ref f, j);
        }
    }
}
