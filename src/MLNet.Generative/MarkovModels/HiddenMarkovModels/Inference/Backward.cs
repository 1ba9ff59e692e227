using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.Generative;

/// <summary>
/// The backward recursion with scaling, and what it makes of the forward one: β_t(i) = Σ_j a_ij b_j(x_{t+1}) β_{t+1}(j), the posterior γ_t(i) = α_t(i) β_t(i) / s_t and the expected
/// transitions ξ_t(i, j) = α_t(i) a_ij b_j(x_{t+1}) β_{t+1}(j) / s_t with s_t = Σ_i α_t(i) β_t(i) (Rabiner 1989, eq. 27 and 37): in these the factors by which α and β are scaled
/// cancel. β is divided by s where that has become small.
/// </summary>
internal sealed class Backward
{
    // Transitions are summed over so many steps at once, which stay in the nearest cache.
    private const int StepsPerSum = 32;

    private readonly double[] _backward;
    private readonly double[] _forwardBlock;
    private readonly double[] _arrivingBlock;
    private readonly double[] _outerProducts;

    public Backward(int numberOfStates)
    {
        int stride = RowProducts.Stride(numberOfStates);
        _backward = new double[stride];
        _forwardBlock = new double[StepsPerSum * stride];
        _arrivingBlock = new double[StepsPerSum * stride];
        _outerProducts = new double[numberOfStates * stride];
    }

    /// <summary>Runs the recursion after <see cref="Forward"/>.</summary>
    /// <param name="chain">π and A.</param>
    /// <param name="frames">The sequence.</param>
    /// <param name="forward">α, T × stride; replaced by γ.</param>
    /// <param name="transitions">Σ_t ξ_t, K × stride, to which this adds; empty if it is not wanted.</param>
    /// <param name="weight">The weight of the sequence in Σ ξ.</param>
    public void Run(HiddenChain chain, FrameLikelihoods frames, Span<double> forward, Span<double> transitions, double weight)
    {
        int stride = chain.Stride;
        int states = chain.NumberOfStates;
        ReadOnlySpan<double> likelihoods = frames.Scaled;
        if (frames.Length == 0)
            return;
        _backward.AsSpan().Fill(1);
        _outerProducts.AsSpan().Clear();
        ToPosterior(forward.Slice((frames.Length - 1) * stride, stride), _backward, _forwardBlock.AsSpan(0, stride));
        for (int end = frames.Length - 1; end > 0;)
        {
            int steps = Math.Min(StepsPerSum, end);
            end -= steps;
            Span<double> rows = forward.Slice(end * stride, steps * stride);
            ReadOnlySpan<double> next = likelihoods.Slice((end + 1) * stride, steps * stride);
            if (stride == Lanes.Count)
                StepsOfOneVector(chain, next, rows);
            else
                Steps(chain, next, rows);
            if (!transitions.IsEmpty)
                OuterProducts.Add(_forwardBlock, _arrivingBlock, steps, states, stride, _outerProducts);
        }
        if (!transitions.IsEmpty)
            AddTransitions(chain.Transitions, weight, transitions);
    }

    /// <summary>A few steps, from the last to the first.</summary>
    /// <param name="chain">π and A.</param>
    /// <param name="next">b of the frame after each step.</param>
    /// <param name="forward">α; receives γ.</param>
    private void Steps(HiddenChain chain, ReadOnlySpan<double> next, Span<double> forward)
    {
        int stride = chain.Stride;
        for (int start = forward.Length - stride; start >= 0; start -= stride)
        {
            Span<double> arriving = _arrivingBlock.AsSpan(start, stride);
            Multiply(next.Slice(start, stride), _backward, arriving);
            RowProducts.Multiply(arriving, chain.Transposed, chain.NumberOfStates, _backward);
            ToPosterior(forward.Slice(start, stride), _backward, _forwardBlock.AsSpan(start, stride));
        }
    }

    /// <summary><see cref="Steps"/> of at most eight states. They are all waiting for the step after: so β stays in a register, and does not wait for s.</summary>
    private void StepsOfOneVector(HiddenChain chain, ReadOnlySpan<double> next, Span<double> forward)
    {
        int states = chain.NumberOfStates;
        ref double matrix = ref MemoryMarshal.GetReference(chain.Transposed);
        ref double b = ref MemoryMarshal.GetReference(next[..forward.Length]);
        ref double f = ref MemoryMarshal.GetReference(forward);
        ref double arriving = ref MemoryMarshal.GetReference(_arrivingBlock.AsSpan(0, forward.Length));
        ref double shares = ref MemoryMarshal.GetReference(_forwardBlock.AsSpan(0, forward.Length));
        Vector512<double> beta = Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_backward));
        for (int start = forward.Length - Lanes.Count; start >= 0; start -= Lanes.Count)
        {
            nuint place = (nuint)start;
            Vector512<double> product = Vector512.LoadUnsafe(ref b, place) * beta;
            product.StoreUnsafe(ref arriving, place);
            beta = RowProducts.Multiply(product, ref matrix, states);

            Vector512<double> alpha = Vector512.LoadUnsafe(ref f, place);
            double sum = Lanes.Sum(alpha * beta);
            Vector512<double> scale = Vector512.Create(1 / sum);
            Vector512<double> share = alpha * scale;
            share.StoreUnsafe(ref shares, place);
            (share * beta).StoreUnsafe(ref f, place);
            if (sum < Forward.SmallestSum)
                beta = Rescale(alpha, beta, scale);
        }
        beta.StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(_backward));
    }

    private static void Multiply(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> product)
    {
        ref double xs = ref MemoryMarshal.GetReference(x);
        ref double ys = ref MemoryMarshal.GetReference(y);
        ref double result = ref MemoryMarshal.GetReference(product);
        for (nuint j = 0; j < (nuint)product.Length; j += Lanes.Count)
            (Vector512.LoadUnsafe(ref xs, j) * Vector512.LoadUnsafe(ref ys, j)).StoreUnsafe(ref result, j);
    }

    /// <summary>Turns α into γ.</summary>
    /// <param name="forward">α; receives γ.</param>
    /// <param name="backward">β; divided by s if that is small.</param>
    /// <param name="share">Receives α / s.</param>
    private static void ToPosterior(Span<double> forward, Span<double> backward, Span<double> share)
    {
        ref double f = ref MemoryMarshal.GetReference(forward);
        ref double b = ref MemoryMarshal.GetReference(backward);
        ref double shares = ref MemoryMarshal.GetReference(share);
        Vector512<double> total = default;
        for (nuint j = 0; j < (nuint)forward.Length; j += Lanes.Count)
            total = Lanes.MultiplyAdd(Vector512.LoadUnsafe(ref f, j), Vector512.LoadUnsafe(ref b, j), total);
        double sum = Lanes.Sum(total);
        Vector512<double> scale = Vector512.Create(1 / sum);
        for (nuint j = 0; j < (nuint)forward.Length; j += Lanes.Count)
        {
            Vector512<double> alpha = Vector512.LoadUnsafe(ref f, j);
            Vector512<double> beta = Vector512.LoadUnsafe(ref b, j);
            (alpha * scale).StoreUnsafe(ref shares, j);
            (alpha * scale * beta).StoreUnsafe(ref f, j);
            if (sum < Forward.SmallestSum)
                Rescale(alpha, beta, scale).StoreUnsafe(ref b, j);
        }
    }

    // β of a state that cannot be is left out, because it may be anything: divided by s it might become ∞.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Rescale(Vector512<double> alpha, Vector512<double> beta, Vector512<double> scale) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(alpha, Vector512<double>.Zero), beta * scale, Vector512<double>.Zero);

    private void AddTransitions(ReadOnlySpan<double> matrix, double weight, Span<double> transitions)
    {
        ref double a = ref MemoryMarshal.GetReference(matrix);
        ref double sums = ref MemoryMarshal.GetReference(transitions);
        ref double products = ref MemoryMarshal.GetArrayDataReference(_outerProducts);
        for (nuint place = 0; place < (nuint)transitions.Length; place += Lanes.Count)
        {
            Vector512<double> expected = Vector512.LoadUnsafe(ref a, place) * Vector512.LoadUnsafe(ref products, place);
            Lanes.MultiplyAdd(Vector512.Create(weight), expected, Vector512.LoadUnsafe(ref sums, place)).StoreUnsafe(ref sums, place);
        }
    }
}
