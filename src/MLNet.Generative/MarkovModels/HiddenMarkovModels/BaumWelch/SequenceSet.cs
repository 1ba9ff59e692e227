namespace MLNet.Generative;

/// <summary>The training sequences: their frames one after the other, where each starts, and what it weighs.</summary>
internal sealed class SequenceSet
{
    // Frames that a block has at least, so that its overhead does not count.
    private const int FramesPerBlock = BlockReduction.BlockRows;

    private readonly ReadOnlyMemory<double> _values;
    private readonly double[] _weights;
    private readonly IReadOnlyList<int> _starts;
    private readonly Func<int, string> _describe;

    /// <param name="values">All frames, row-major.</param>
    /// <param name="dimension">D.</param>
    /// <param name="starts">The frame at which each sequence starts, and the number of all frames at the end; no sequence is empty.</param>
    /// <param name="weights">The weight of each sequence; empty for weights of 1.</param>
    /// <param name="describe">What a sequence is called in errors.</param>
    public SequenceSet(ReadOnlyMemory<double> values, int dimension, IReadOnlyList<int> starts, ReadOnlySpan<double> weights, Func<int, string> describe)
    {
        _values = values;
        _starts = starts;
        _describe = describe;
        Count = starts.Count - 1;
        _weights = weights.IsEmpty ? [.. Enumerable.Repeat(1.0, Count)] : weights.ToArray();
        Dimension = dimension;
        Frames = new WeightedRows(values, dimension, weights.IsEmpty ? default : WeightsOfFrames());
        Blocks = CutIntoBlocks();
    }

    /// <summary>D.</summary>
    public int Dimension { get; }

    /// <summary>The number of sequences.</summary>
    public int Count { get; }

    /// <summary>All frames, each with the weight of its sequence.</summary>
    public WeightedRows Frames { get; }

    /// <summary>The first sequence of each block, and the number of sequences at the end. Depends on the data alone, never on threads.</summary>
    public IReadOnlyList<int> Blocks { get; }

    /// <summary>Copies sequences into one block of memory.</summary>
    /// <exception cref="ArgumentException">A sequence is null or no multiple of D long, all are empty, or a weight is negative or not finite.</exception>
    public static SequenceSet Of(IReadOnlyList<double[]> sequences, int dimension, IReadOnlyList<double>? weights)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (weights is not null && weights.Count != sequences.Count)
            throw new ArgumentException($"There are {sequences.Count} sequences but {weights.Count} weights. Give one weight per sequence, or none.", nameof(weights));

        long total = 0;
        for (int s = 0; s < sequences.Count; s++)
        {
            if (sequences[s] is null)
                throw new ArgumentException($"Sequence {s} is null.", nameof(sequences));
            if (sequences[s].Length % dimension != 0)
                throw new ArgumentException($"Sequence {s} has {sequences[s].Length} numbers, which is no multiple of the {dimension} values of a step.", nameof(sequences));
            if (weights is not null && (!(weights[s] >= 0) || double.IsInfinity(weights[s])))
                throw new ArgumentException($"The weight of sequence {s} is {weights[s]}. Weights are finite and not negative.", nameof(weights));
            total += sequences[s].Length;
        }
        if (total == 0)
            throw new ArgumentException(sequences.Count == 0 ? "There are no sequences to learn from." : $"All {sequences.Count} sequences are empty. Give at least one with a step.", nameof(sequences));
        if (total > Array.MaxLength)
            throw new ArgumentException($"The sequences have {total} numbers in all, more than fit into one block of memory. Learn from fewer.", nameof(sequences));

        int[] used = [.. Enumerable.Range(0, sequences.Count).Where(s => sequences[s].Length > 0)];
        var values = new double[total];
        var starts = new int[used.Length + 1];
        for (int i = 0; i < used.Length; i++)
        {
            double[] sequence = sequences[used[i]];
            sequence.CopyTo(values, starts[i] * dimension);
            starts[i + 1] = starts[i] + sequence.Length / dimension;
        }
        return new SequenceSet(values, dimension, starts, weights is null ? [] : [.. used.Select(s => weights[s])], i => $"Sequence {used[i]}");
    }

    /// <summary>The frame at which a sequence starts.</summary>
    public int Start(int sequence) => _starts[sequence];

    /// <summary>The number of frames of a sequence: at least 1.</summary>
    public int Length(int sequence) => _starts[sequence + 1] - _starts[sequence];

    /// <summary>The weight of a sequence.</summary>
    public double Weight(int sequence) => _weights[sequence];

    /// <summary>Loads frames into a tile and returns their number.</summary>
    /// <param name="tile">The tile.</param>
    /// <param name="first">The first frame.</param>
    /// <param name="end">The frame after the last at most.</param>
    public int Load(RowTile tile, int first, int end)
    {
        int count = Math.Min(RowTile.Rows, end - first);
        tile.Load(_values.Span.Slice(first * Dimension, count * Dimension), default, count);
        return count;
    }

    /// <summary>Throws at the first frame that cannot be learned from.</summary>
    /// <param name="findProblem">Says what is wrong with a frame; null if nothing is.</param>
    public void Check(Func<ReadOnlySpan<double>, string?> findProblem)
    {
        for (int s = 0; s < Count; s++)
        {
            for (int t = 0; t < Length(s); t++)
            {
                ReadOnlySpan<double> frame = Frames.Row(Start(s) + t);
                string? problem = findProblem(frame);
                if (problem is not null)
                    throw new ArgumentException($"{_describe(s)}, step {t}: {problem}. Correct the value, or leave the sequence out.");
            }
        }
    }

    /// <summary>What a sequence is called in errors.</summary>
    public string Describe(int sequence) => _describe(sequence);

    private double[] WeightsOfFrames()
    {
        var weights = new double[_starts[Count]];
        for (int s = 0; s < Count; s++)
            weights.AsSpan(Start(s), Length(s)).Fill(_weights[s]);
        return weights;
    }

    private List<int> CutIntoBlocks()
    {
        var blocks = new List<int> { 0 };
        for (int s = 0; s < Count; s++)
        {
            if (s + 1 == Count || _starts[s + 1] - _starts[blocks[^1]] >= FramesPerBlock)
                blocks.Add(s + 1);
        }
        return blocks;
    }
}
