using System.Collections.Concurrent;
using System.Numerics.Tensors;

namespace MLNet.Generative;

/// <summary>
/// The E-step of Baum-Welch (Rabiner 1989, section III.C): for each sequence the posterior of its states and the expected transitions, and the statistics that they give. Blocks
/// of sequences run in parallel; the frames of a block go through the emissions together, in tiles.
/// </summary>
internal sealed class HmmExpectation(SequenceSet sequences, int numberOfThreads, CancellationToken cancellationToken)
{
    // Kept from one iteration to the next: its blocks are as large as the sequences are long.
    private readonly ConcurrentBag<Scratch> _scratch = [];

    /// <summary>The statistics of all sequences under a model.</summary>
    public HmmStatistics Run(HmmModel model, EmissionLearner emissions)
    {
        return BlockReduction.Run(
            sequences.Blocks.Count - 1,
            numberOfThreads,
            [],
            () => new HmmStatistics(model.Chain, emissions.CreateStatistics(model.Emissions)),
            (block, statistics) =>
            {
                Scratch own = TakeScratch(model);
                Accumulate(model, block, statistics, own);
                _scratch.Add(own);
            },
            cancellationToken);
    }

    /// <summary>Σ w log P(path, x) over all sequences with their Viterbi paths.</summary>
    public double PathLogLikelihood(HmmModel model)
    {
        return BlockReduction.Run(
            sequences.Blocks.Count - 1,
            numberOfThreads,
            [],
            () => new PathStatistics(),
            (block, statistics) =>
            {
                Scratch own = TakeScratch(model);
                LoadFrames(model, block, own);
                int first = sequences.Start(sequences.Blocks[block]);
                for (int s = sequences.Blocks[block]; s < sequences.Blocks[block + 1]; s++)
                {
                    if (sequences.Weight(s) == 0)
                        continue;
                    TakeSequence(s, first, own);
                    int[] path = new int[sequences.Length(s)];
                    statistics.Sum.Add(sequences.Weight(s) * own.Viterbi.Run(model.Chain, own.Inference.Frames, path));
                }
                _scratch.Add(own);
            },
            cancellationToken).Sum.Value;
    }

    private Scratch TakeScratch(HmmModel model)
    {
        Scratch scratch = _scratch.TryTake(out Scratch? free) ? free : new Scratch(model);
        scratch.Inference.Chain = model.Chain;
        return scratch;
    }

    private void Accumulate(HmmModel model, int block, HmmStatistics statistics, Scratch scratch)
    {
        int stride = model.Chain.Stride;
        int first = sequences.Start(sequences.Blocks[block]);
        LoadFrames(model, block, scratch);
        for (int s = sequences.Blocks[block]; s < sequences.Blocks[block + 1]; s++)
        {
            Span<double> rows = scratch.Rows.AsSpan((sequences.Start(s) - first) * stride, sequences.Length(s) * stride);
            double weight = sequences.Weight(s);
            if (weight == 0)
            {
                rows.Clear();
                continue;
            }
            TakeSequence(s, first, scratch);
            statistics.AddLogLikelihood(s, scratch.Inference.Smooth(statistics.Transitions, weight), weight);
            ReadOnlySpan<double> posterior = scratch.Inference.States;
            TensorPrimitives.Multiply(posterior, weight, rows);
            for (int k = 0; k < stride; k++)
                statistics.Initial[k] += rows[k];
        }
        AddFrames(model, block, statistics, scratch);
    }

    /// <summary>Writes the log-likelihoods of a block's frames into the scratch, frames × stride.</summary>
    private void LoadFrames(HmmModel model, int block, Scratch scratch)
    {
        int stride = model.Chain.Stride;
        int states = model.NumberOfStates;
        (int first, int end) = (sequences.Start(sequences.Blocks[block]), sequences.Start(sequences.Blocks[block + 1]));
        if (scratch.Rows.Length < (end - first) * (long)stride)
            scratch.Rows = new double[checked((end - first) * stride)];
        for (int frame = first; frame < end; frame += RowTile.Rows)
        {
            int count = sequences.Load(scratch.Tile, frame, end);
            model.Emissions.ComputeLogLikelihoods(scratch.Tile, count, scratch.ByState);
            for (int n = 0; n < count; n++)
            {
                Span<double> row = scratch.Rows.AsSpan((frame - first + n) * stride, stride);
                for (int k = 0; k < states; k++)
                    row[k] = scratch.ByState[k * RowTile.Rows + n];
                row[states..].Fill(double.NegativeInfinity);
            }
        }
    }

    private void TakeSequence(int sequence, int firstFrame, Scratch scratch)
    {
        FrameLikelihoods frames = scratch.Inference.Frames;
        frames.Resize(sequences.Length(sequence));
        scratch.Rows.AsSpan((sequences.Start(sequence) - firstFrame) * frames.Stride, frames.Length * frames.Stride).CopyTo(frames.Logarithms);
    }

    /// <summary>Adds a block's frames to the emissions' statistics, with the weighted posteriors that have taken the place of the log-likelihoods.</summary>
    private void AddFrames(HmmModel model, int block, HmmStatistics statistics, Scratch scratch)
    {
        int stride = model.Chain.Stride;
        (int first, int end) = (sequences.Start(sequences.Blocks[block]), sequences.Start(sequences.Blocks[block + 1]));
        for (int frame = first; frame < end; frame += RowTile.Rows)
        {
            int count = sequences.Load(scratch.Tile, frame, end);
            for (int k = 0; k < model.NumberOfStates; k++)
            {
                Span<double> line = scratch.ByState.AsSpan(k * RowTile.Rows, RowTile.Rows);
                double visits = 0;
                for (int n = 0; n < count; n++)
                    visits += line[n] = scratch.Rows[(frame - first + n) * stride + k];
                line[count..].Clear();
                statistics.Visits[k] += visits;
            }
            statistics.Emissions.Add(scratch.Tile, count, scratch.ByState);
        }
    }

    private sealed class PathStatistics : IBlockStatistics<PathStatistics>
    {
        public CompensatedSum Sum;

        public void Clear() => Sum = default;

        public void Merge(PathStatistics other) => Sum.Add(other.Sum.Value);
    }

    private sealed class Scratch(HmmModel model)
    {
        public ForwardBackward Inference { get; } = new(model.Chain);

        public Viterbi Viterbi { get; } = new();

        public RowTile Tile { get; } = new(model.Dimension);

        public double[] ByState { get; } = new double[model.NumberOfStates * RowTile.Rows];

        public double[] Rows { get; set; } = [];
    }
}
