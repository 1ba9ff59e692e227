using CsCheck;

namespace MLNet.Generative.Tests.MarkovModels;

/// <summary>Hidden chains of every shape, and frames' log-likelihoods from harmless to extreme.</summary>
internal static class RandomChains
{
    /// <summary>How a chain may move.</summary>
    public static readonly string[] Shapes = ["dense", "sparse", "left-right", "absorbing", "periodic", "identity", "unreachable", "tiny"];

    /// <summary>How the log-likelihoods of frames lie.</summary>
    public static readonly string[] Kinds = ["1", "100", "300", "1e4", "impossible states", "at -1e8", "at +1000", "mixed"];

    /// <summary>One of <see cref="Shapes"/>.</summary>
    public static Gen<string> AnyShape { get; } = Gen.Int[0, Shapes.Length - 1].Select(i => Shapes[i]);

    /// <summary>One of <see cref="Kinds"/>.</summary>
    public static Gen<string> AnyKind { get; } = Gen.Int[0, Kinds.Length - 1].Select(i => Kinds[i]);

    /// <summary>Chains with frames; the shortest number of steps is 1.</summary>
    public static Gen<(HiddenChain Chain, FrameLikelihoods Frames, string Text)> Cases(int mostStates, int longest) =>
        Gen.Select(Gen.Int[1, mostStates], Gen.Int[1, longest], AnyShape, AnyKind, Gen.Int[0, int.MaxValue - 1])
            .Select((states, length, shape, kind, seed) =>
            {
                var random = new Random(seed);
                return (Chain(shape, states, random), Frames(kind, states, length, random), $"{states} states, {length} steps, {shape}, {kind}, seed {seed}");
            });

    /// <summary>π and A of a shape.</summary>
    public static HiddenChain Chain(string shape, int states, Random random)
    {
        double[] initial = Distribution(states, random, _ => shape is "dense" or "tiny" ? 1 : random.Next(2));
        var transitions = new double[states * states];
        for (int i = 0; i < states; i++)
        {
            int from = i;
            Func<int, double> weight = shape switch
            {
                "sparse" => _ => random.Next(3) == 0 ? 1 : 0,
                "left-right" => to => to == from || to == from + 1 ? 1 : 0,
                "absorbing" => to => from == 0 ? (to == 0 ? 1 : 0) : 1,
                "periodic" => to => to == (from + 1) % states ? 1 : 0,
                "identity" => to => to == from ? 1 : 0,
                "unreachable" => to => to == states - 1 && states > 1 ? 0 : 1,
                "tiny" => to => to == from ? 1 : Math.Pow(10, -300 * random.NextDouble()),
                _ => _ => 1,
            };
            Distribution(states, random, weight).CopyTo(transitions, i * states);
        }
        if (shape == "unreachable" && states > 1)
            initial = [.. Distribution(states - 1, random, _ => 1), 0];
        if (shape == "tiny")
            initial = Distribution(states, random, k => k == 0 ? 1 : Math.Pow(10, -300 * random.NextDouble()));
        return new HiddenChain(initial, transitions);
    }

    /// <summary>Frames of a kind.</summary>
    public static FrameLikelihoods Frames(string kind, int states, int length, Random random)
    {
        var frames = new FrameLikelihoods(states);
        frames.Resize(length);
        for (int t = 0; t < length; t++)
        {
            foreach (ref double logarithm in frames.LogFrame(t))
            {
                double spread = 2 * random.NextDouble() - 1;
                logarithm = kind switch
                {
                    "100" => 100 * spread,
                    "300" => 300 * spread,
                    "1e4" => 1e4 * spread,
                    "impossible states" => random.Next(3) == 0 ? double.NegativeInfinity : spread,
                    "at -1e8" => -1e8 + 10 * spread,
                    "at +1000" => 1000 + spread,
                    "mixed" => random.Next(6) == 0 ? double.NegativeInfinity : Math.Pow(10, random.Next(5)) * spread,
                    _ => spread,
                };
            }
        }
        return frames;
    }

    /// <summary>A copy of frames, as the caller of the recursions would write it.</summary>
    public static void CopyTo(this FrameLikelihoods frames, FrameLikelihoods copy)
    {
        copy.Resize(frames.Length);
        for (int t = 0; t < frames.Length; t++)
            frames.LogFrame(t).CopyTo(copy.LogFrame(t));
    }

    private static double[] Distribution(int count, Random random, Func<int, double> weight)
    {
        double[] weights = [.. Enumerable.Range(0, count).Select(k => weight(k) * (0.05 + random.NextDouble()))];
        double sum = weights.Sum();
        if (sum == 0)
            weights[random.Next(count)] = sum = 1;
        return Array.ConvertAll(weights, value => value / sum);
    }
}
