using Microsoft.ML.Data;

namespace MLNet.Generative;

public sealed partial class MarkovChainEstimator
{
    /// <summary>Options for <see cref="MarkovChainEstimator"/> and <see cref="MarkovChainLearner"/>.</summary>
    public sealed class Options
    {
        /// <summary>
        /// The column of sequences, one in each row: a vector of variable size of keys, or of <see cref="float"/> or <see cref="double"/> with whole numbers from 0.
        /// </summary>
        public string InputColumnName = Defaults.InputColumnName;

        /// <summary>
        /// The column of sequence weights, <see cref="float"/> or <see cref="double"/>; a weight of 2 counts as two equal sequences. <see langword="null"/> for weights of 1.
        /// </summary>
        public string? ExampleWeightColumnName;

        /// <summary>The output column of the most probable next symbol, a key from 1 to M.</summary>
        public string PredictedLabelColumnName = DefaultColumnNames.PredictedLabel;

        /// <summary>The output column of the probability of each symbol to come next.</summary>
        public string ProbabilityColumnName = DefaultColumnNames.Probability;

        /// <summary>The output column of log p(sequence), in nats.</summary>
        public string LogDensityColumnName = ColumnNames.LogDensity;

        /// <summary>
        /// The output column of −log p(sequence) per step, in nats: higher is stranger. <see langword="null"/> for none; a detector of anomalies asks for it by itself.
        /// </summary>
        public string? ScoreColumnName;

        /// <summary>n, the number of symbols that the next one depends on: not negative. With 0, symbols are independent.</summary>
        public int Order = Defaults.Order;

        /// <summary>
        /// M, the size of the alphabet: at least 1. <see langword="null"/> to take it from the data: the number of keys, which allow no other, or one more than the
        /// largest number.
        /// </summary>
        public int? NumberOfSymbols;

        /// <summary>
        /// A pseudo-count a that is added to the count of every transition, P = (c + a) / (C + a M): finite, not negative. With 0 the fit is the maximum of the likelihood,
        /// and a transition that was never seen has probability 0; 1 is Laplace's rule, 0.5 that of Jeffreys.
        /// </summary>
        public double Smoothing;

        /// <summary>Whether a history that never occurred is replaced by its longest end that did. Takes more memory: the counts of shorter histories.</summary>
        public bool BackOff;

        /// <summary>With <see cref="BackOff"/>, a history that occurred less often is replaced too: finite, not negative.</summary>
        public double MinimumCount;

        /// <summary>The number of symbols in each sequence that is drawn: at least 1. <see langword="null"/> for the mean length in training, rounded.</summary>
        public int? SampleLength;

        /// <summary>Stops the training with an <see cref="OperationCanceledException"/>.</summary>
        public CancellationToken CancellationToken;

        internal static class Defaults
        {
            public const string InputColumnName = ColumnNames.Sequence;
            public const int Order = 1;
            public const int MaximumOrder = 4;
        }

        /// <summary>A copy that later changes to this object do not reach, once every option is known to be in range.</summary>
        internal Options Checked()
        {
            var options = (Options)MemberwiseClone();
            OptionChecks.ColumnName(options.InputColumnName, nameof(InputColumnName));
            if (options.ExampleWeightColumnName is { } weight)
                OptionChecks.ColumnName(weight, nameof(ExampleWeightColumnName));
            OptionChecks.DistinctColumnNames([.. options.OutputColumns()]);
            OptionChecks.InRange(options.Order, 0, LargestOrder, nameof(Order));
            OptionChecks.AtLeastOne(options.NumberOfSymbols ?? 1, nameof(NumberOfSymbols));
            OptionChecks.FiniteAndNotNegative(options.Smoothing, nameof(Smoothing));
            OptionChecks.FiniteAndNotNegative(options.MinimumCount, nameof(MinimumCount));
            OptionChecks.AtLeastOne(options.SampleLength ?? 1, nameof(SampleLength));
            return options;
        }

        /// <summary>A copy with another order.</summary>
        internal Options WithOrder(int order)
        {
            var options = (Options)MemberwiseClone();
            options.Order = order;
            return options;
        }

        private IEnumerable<(string? Value, string Name)> OutputColumns()
        {
            yield return (PredictedLabelColumnName, nameof(PredictedLabelColumnName));
            yield return (ProbabilityColumnName, nameof(ProbabilityColumnName));
            yield return (LogDensityColumnName, nameof(LogDensityColumnName));
            if (ScoreColumnName is { } score)
                yield return (score, nameof(ScoreColumnName));
        }

        // With two symbols, one bit each.
        private static int LargestOrder => new SymbolCode(2).LongestHistory;
    }
}
