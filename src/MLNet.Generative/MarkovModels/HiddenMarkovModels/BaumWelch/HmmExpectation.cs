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
                FrameLikelihoods frames = own.Inference.Frames;
                LoadBlock(model, block, own, frames.SetLogarithms);
                for (int s = sequences.Blocks[block]; s < sequences.Blocks[block + 1]; s++)
                {
                    if (sequences.Weight(s) == 0)
                        continue;
                    Select(s, block, frames);
                    statistics.Sum.Add(sequences.Weight(s) * own.Viterbi.Run(model.Chain, frames, own.PathOf(frames.Length)));
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
        FrameLikelihoods frames = scratch.Inference.Frames;
        LoadBlock(model, block, scratch, frames.SetScaled);
        for (int s = sequences.Blocks[block]; s < sequences.Blocks[block + 1]; s++)
        {
            Select(s, block, frames);
            Span<double> posterior = scratch.Inference.States;
            double weight = sequences.Weight(s);
            if (weight == 0)
            {
                posterior.Clear();
                continue;
            }
            if (!scratch.Inference.TrySmooth(statistics.Transitions, weight, out double logLikelihood))
            {
                Load(model, sequences.Start(s), sequences.Start(s + 1), scratch, frames.SetLogarithms);
                logLikelihood = scratch.Inference.SmoothLogarithms(statistics.Transitions, weight);
            }
            statistics.AddLogLikelihood(s, logLikelihood, weight);
            if (weight != 1)
                TensorPrimitives.Multiply(posterior, weight, posterior);
            TensorPrimitives.Add(statistics.Initial, posterior[..frames.Stride], statistics.Initial);
        }
        AddFrames(model, block, statistics, scratch);
    }

    /// <summary>Gives a block's frames to the inference.</summary>
    private void LoadBlock(HmmModel model, int block, Scratch scratch, TakeTile take)
    {
        (int first, int end) = Frames(block);
        scratch.Inference.Frames.Resize(end - first);
        Load(model, first, end, scratch, take);
    }

    /// <summary>Computes the log-likelihoods of frames, tile by tile.</summary>
    private void Load(HmmModel model, int first, int end, Scratch scratch, TakeTile take)
    {
        for (int frame = first; frame < end; frame += RowTile.Rows)
        {
            int count = sequences.Load(scratch.Tile, frame, end);
            model.Emissions.ComputeLogLikelihoods(scratch.Tile, count, scratch.ByState);
            take(frame - first, count, scratch.ByState);
        }
    }

    private void Select(int sequence, int block, FrameLikelihoods frames) =>
        frames.Select(sequences.Start(sequence) - sequences.Start(sequences.Blocks[block]), sequences.Length(sequence));

    /// <summary>Adds a block's frames to the emissions' statistics, with the weighted posteriors that smoothing has left.</summary>
    private void AddFrames(HmmModel model, int block, HmmStatistics statistics, Scratch scratch)
    {
        int stride = model.Chain.Stride;
        (int first, int end) = Frames(block);
        scratch.Inference.Frames.Select(0, end - first);
        ReadOnlySpan<double> posterior = scratch.Inference.States;
        for (int frame = first; frame < end; frame += RowTile.Rows)
        {
            int count = sequences.Load(scratch.Tile, frame, end);
            StateLines.FromRows(posterior[((frame - first) * stride)..], stride, model.NumberOfStates, count, scratch.ByState);
            for (int k = 0; k < model.NumberOfStates; k++)
                statistics.Visits[k] += StateLines.Sum(scratch.ByState, k);
            statistics.Emissions.Add(scratch.Tile, count, scratch.ByState);
        }
    }

    private (int First, int End) Frames(int block) => (sequences.Start(sequences.Blocks[block]), sequences.Start(sequences.Blocks[block + 1]));

    /// <summary>Takes the log-likelihoods of a tile's frames, states × <see cref="RowTile.Rows"/>, which it may overwrite.</summary>
    private delegate void TakeTile(int first, int count, Span<double> logLikelihoods);

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

        private int[] _path = [];

        /// <summary>Room for a path, again and again.</summary>
        public Span<int> PathOf(int length)
        {
            if (_path.Length < length)
                _path = new int[length];
            return _path.AsSpan(0, length);
        }
    }
}
