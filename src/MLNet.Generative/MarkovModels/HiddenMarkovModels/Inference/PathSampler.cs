using System.Numerics.Tensors;

namespace MLNet.Generative;

/// <summary>Draws a path from P(path | x): the last state from α̂_T, then each state before from α̂_t(i) a_ij, given its successor j (Scott 2002, forward filtering, backward sampling).</summary>
internal static class PathSampler
{
    /// <summary>Draws a path.</summary>
    /// <param name="chain">π and A.</param>
    /// <param name="filtered">α̂ of a sequence that is possible, T × stride; or its logarithm, where a state with a probability too small for a double may be the only one left.</param>
    /// <param name="isLogarithm">Whether it is the logarithm.</param>
    /// <param name="random">The source of randomness.</param>
    /// <param name="path">Receives T states, from 0.</param>
    public static void Run(HiddenChain chain, ReadOnlySpan<double> filtered, bool isLogarithm, Random random, Span<int> path)
    {
        int states = chain.NumberOfStates;
        Span<double> weights = states <= 256 ? stackalloc double[states] : new double[states];
        for (int t = path.Length - 1; t >= 0; t--)
        {
            filtered.Slice(t * chain.Stride, states).CopyTo(weights);
            for (int i = 0; t + 1 < path.Length && i < states; i++)
            {
                if (isLogarithm)
                    weights[i] += chain.LogTransitions[i * chain.Stride + path[t + 1]];
                else
                    weights[i] *= chain.TransitionAt(i, path[t + 1]);
            }
            if (isLogarithm)
                Exponentiate(weights);
            TensorPrimitives.Divide(weights, TensorPrimitives.Sum<double>(weights), weights);
            path[t] = Categorical.Sample(weights, random);
        }
    }

    private static void Exponentiate(Span<double> logarithms)
    {
        double total = LogSumExp.Of(logarithms);
        foreach (ref double logarithm in logarithms)
            logarithm = Math.Exp(logarithm - total);
    }
}
