using Microsoft.ML.Data;

namespace MLNet.Generative.Tests.MarkovModels.Sequences;

/// <summary>A row that is one step of a sequence, with keys, places and values of every kind.</summary>
internal sealed class Step
{
    public static readonly string[] Values = [nameof(Single), nameof(Double), nameof(Symbol), nameof(Point), nameof(Pair)];

    public string Name { get; set; } = "";

    [KeyType(1000)]
    public uint Key { get; set; }

    public long Number { get; set; }

    public double Time { get; set; }

    public float Single { get; set; }

    public double Double { get; set; }

    [KeyType(5)]
    public byte Symbol { get; set; }

    [VectorType(3)]
    public float[] Point { get; set; } = [];

    [VectorType(2)]
    public double[] Pair { get; set; } = [];

    /// <summary>Rows of random length per sequence; the keys' order of appearance is not their own order.</summary>
    public static List<Step> Contiguous(int seed, int numberOfSequences, int longest)
    {
        var random = new Random(seed);
        int[] numbers = [.. Enumerable.Range(1, numberOfSequences)];
        random.Shuffle(numbers);
        return [.. numbers.SelectMany(number => Enumerable.Range(0, random.Next(1, longest + 1)).Select(_ => Create(random, number)))];
    }

    /// <summary>The same in random order.</summary>
    public static List<Step> Interleaved(int seed, int numberOfSequences, int longest)
    {
        Step[] steps = [.. Contiguous(seed, numberOfSequences, longest)];
        new Random(seed).Shuffle(steps);
        return [.. steps];
    }

    // Few different times, so that many are equal.
    private static Step Create(Random random, int number) => new()
    {
        Name = $"name {number}",
        Key = (uint)number,
        Number = number - 50,
        Time = random.Next(-4, 5) / 2.0,
        Single = random.Next(10) == 0 ? float.NaN : random.NextSingle() - 0.5f,
        Double = random.NextDouble() - 0.5,
        Symbol = (byte)random.Next(6),
        Point = [random.NextSingle(), 0, random.Next(3)],
        Pair = [random.NextDouble(), double.NaN],
    };
}
