using CsCheck;
using Xunit;

namespace MLNet.Generative.Tests.MarkovModels.MarkovChains;

public sealed class MarkovChainLearnerTests
{
    private static readonly int[] Letters = [.. "ABABBABABAABBABABABB".Select(letter => letter - 'A')];

    private static readonly Gen<(int[][] Sequences, MarkovChainEstimator.Options Options)> AnyTraining =
        Gen.Select(Gen.Int[1, 4], Gen.Int[0, 4], Gen.Int[0, 2].Select(i => i * 0.5), Gen.Bool, Gen.Int[0, 2].Select(i => i * i * 5.0))
            .SelectMany(tuple => Gen.Int[0, tuple.Item1 - 1].Array[0, 12].Array[1, 6].Select(Gen.Int[0, tuple.Item1 - 1].Array[5, 12], (others, one) => (
                (int[][])[.. others, one],
                new MarkovChainEstimator.Options { NumberOfSymbols = tuple.Item1, Order = tuple.Item2, Smoothing = tuple.Item3, BackOff = tuple.Item4, MinimumCount = tuple.Item5 })));

    [Fact]
    public void Twenty_letters_have_their_counts_and_log_likelihoods()
    {
        MarkovChainFit first = MarkovChainLearner.Fit([Letters], new MarkovChainEstimator.Options { Order = 1 });
        Assert.Equal(["AA 1", "AB 8", "BA 7", "BB 3"], first.Model.Counts.Select(Describe));
        Assert.Equal(-9.248131883136223, first.Summary.LogLikelihood, 1e-12);
        Assert.Equal(-9.248131883136223, first.Model.LogLikelihood(Letters), 1e-12);
        Assert.Equal(-9.248131883136223, first.Model.ConditionalLogLikelihood(Letters), 1e-12);

        MarkovChainFit second = MarkovChainLearner.Fit([Letters], new MarkovChainEstimator.Options { Order = 2 });
        Assert.Equal(["AAB 1", "ABA 5", "ABB 3", "BAA 1", "BAB 6", "BBA 2"], second.Model.Counts.Select(Describe));
        Assert.Equal(-8.16332013328272, second.Summary.LogLikelihood, 1e-12);
        Assert.Equal(-8.16332013328272, second.Model.ConditionalLogLikelihood(Letters), 1e-12);
    }

    [Fact]
    public void Summary_counts_what_was_seen_and_what_could_be()
    {
        MarkovChainSummary summary = MarkovChainLearner.Fit([Letters], new MarkovChainEstimator.Options { Order = 2 }).Summary;
        Assert.Equal(20, summary.NumberOfObservations);
        Assert.Equal(4, summary.NumberOfParameters);
        Assert.Equal(4, summary.NumberOfObservedHistories);
        Assert.Equal(6, summary.NumberOfObservedTransitions);
        Assert.Equal(2 * 8.16332013328272 + 8, summary.Aic, 1e-12);
        Assert.Equal(2 * 8.16332013328272 + 4 * Math.Log(20), summary.Bic, 1e-12);
        Assert.Empty(summary.Notes);
        Assert.Equal("log-likelihood -8.1633, BIC 28.3096, AIC 24.3266; 6 transitions seen after 4 histories, in 20 symbols", summary.ToString());
    }

    [Fact]
    public void More_parameters_than_symbols_are_noted()
    {
        MarkovChainSummary summary = MarkovChainLearner.Fit([Letters], new MarkovChainEstimator.Options { Order = 8 }).Summary;
        Assert.Equal(256, summary.NumberOfParameters);
        Assert.Contains("256 transition probabilities, more than the 20 symbols", Assert.Single(summary.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_says_what_a_dictionary_says() => AnyTraining.Sample(training =>
    {
        (int[][] sequences, MarkovChainEstimator.Options options) = training;
        int symbols = options.NumberOfSymbols!.Value;
        MarkovChainFit fit = MarkovChainLearner.Fit(sequences, options);
        var twin = new DictionaryChain(sequences, options, symbols);

        Assert.Equal(sequences.Sum(sequence => twin.LogLikelihood(sequence)), fit.Summary.LogLikelihood, 1e-9);
        var random = new Random(symbols);
        foreach (int[] sequence in sequences.Append([.. Enumerable.Range(0, 10).Select(_ => random.Next(symbols))]))
        {
            AssertEqualOrInfinite(twin.LogLikelihood(sequence), fit.Model.LogLikelihood(sequence));
            AssertEqualOrInfinite(twin.LogLikelihood(sequence, Math.Min(options.Order, sequence.Length)), fit.Model.ConditionalLogLikelihood(sequence));
            for (int t = 0; t <= sequence.Length; t++)
            {
                double[] expected = twin.Predict(sequence[..t]);
                double[] found = fit.Model.Predict(sequence.AsSpan(0, t));
                Assert.Equal(1, found.Sum(), 1e-12);
                for (int s = 0; s < symbols; s++)
                    Assert.Equal(expected[s], found[s], 1e-12);
            }
        }
    }, iter: 2000);

    [Fact]
    public void Probabilities_of_all_sequences_of_one_length_sum_to_1() => AnyTraining.Sample(training =>
    {
        (int[][] sequences, MarkovChainEstimator.Options options) = training;
        int symbols = options.NumberOfSymbols!.Value;
        MarkovChainModel model = MarkovChainLearner.Fit(sequences, options).Model;
        // Where a history can have no successor, what is drawn there has no likelihood.
        if (options.Smoothing == 0 && !options.BackOff)
            return;
        const int length = 5;
        double sum = 0;
        for (int code = 0; code < Math.Pow(symbols, length); code++)
            sum += Math.Exp(model.LogLikelihood([.. Enumerable.Range(0, length).Select(t => code / (int)Math.Pow(symbols, t) % symbols)]));
        Assert.Equal(1, sum, 1e-9);
    }, iter: 100);

    [Fact]
    public void Counting_maximises_the_likelihood() => AnyTraining.Sample(training =>
    {
        (int[][] sequences, MarkovChainEstimator.Options options) = training;
        options.BackOff = false;
        options.Smoothing = 0;
        double highest = MarkovChainLearner.Fit(sequences, options).Summary.LogLikelihood;
        options.Smoothing = 0.1;
        Assert.True(MarkovChainLearner.Fit(sequences, options).Summary.LogLikelihood <= highest + 1e-9);
        if (options.Order == 0)
            return;
        options.Smoothing = 0;
        options.Order--;
        Assert.True(MarkovChainLearner.Fit(sequences, options).Summary.LogLikelihood <= highest + 1e-9);
    }, iter: 500);

    [Fact]
    public void A_weight_of_2_counts_as_two_sequences() => AnyTraining.Sample(training =>
    {
        (int[][] sequences, MarkovChainEstimator.Options options) = training;
        double[] weights = [.. sequences.Select((_, n) => (double)((n + 1) % 3)), 1];
        int[][] weighted = [.. sequences, sequences[^1]];
        int[][] repeated = [.. weighted.SelectMany((sequence, n) => Enumerable.Repeat(sequence, (int)weights[n]))];
        MarkovChainFit a = MarkovChainLearner.Fit(weighted, options, weights);
        MarkovChainFit b = MarkovChainLearner.Fit(repeated, options);

        Assert.Equal(b.Model.Counts.Select(Describe), a.Model.Counts.Select(Describe));
        Assert.Equal(b.Summary.LogLikelihood, a.Summary.LogLikelihood, 1e-9);
        Assert.Equal(b.Summary.NumberOfObservations, a.Summary.NumberOfObservations);
        foreach (int[] sequence in sequences)
            AssertEqualOrInfinite(b.Model.LogLikelihood(sequence), a.Model.LogLikelihood(sequence));
    }, iter: 300);

    [Fact]
    public void The_order_of_sequences_does_not_matter() => AnyTraining.Sample(training =>
    {
        (int[][] sequences, MarkovChainEstimator.Options options) = training;
        MarkovChainFit forwards = MarkovChainLearner.Fit(sequences, options);
        MarkovChainFit backwards = MarkovChainLearner.Fit([.. sequences.Reverse()], options);
        Assert.Equal(forwards.Summary.LogLikelihood, backwards.Summary.LogLikelihood);
        Assert.Equal(forwards.Model.Counts.Select(Describe), backwards.Model.Counts.Select(Describe));
    }, iter: 200);

    [Fact]
    public void Without_smoothing_or_back_off_what_was_never_seen_is_impossible_but_not_unpredictable()
    {
        MarkovChainModel model = MarkovChainLearner.Fit([[0, 1, 0, 1]], new MarkovChainEstimator.Options { NumberOfSymbols = 3 }).Model;
        Assert.Equal(double.NegativeInfinity, model.LogLikelihood([0, 0]));
        Assert.Equal(double.NegativeInfinity, model.LogLikelihood([0, 1, 2]));
        Assert.Equal([1.0 / 3, 1.0 / 3, 1.0 / 3], model.Predict([2]));
        Assert.Equal([0, 1, 0], model.Predict([0]));
    }

    [Fact]
    public void Symbols_are_counted_up_to_the_largest() =>
        Assert.Equal(8, MarkovChainLearner.Fit([[0, 7, 3], [], [2]], new MarkovChainEstimator.Options()).Model.NumberOfSymbols);

    [Fact]
    public void Bad_sequences_are_explained()
    {
        var options = new MarkovChainEstimator.Options { Order = 2 };
        Throws("There are no sequences", [], options);
        Throws("All sequences are empty", [[], []], options);
        Throws("Step 1 of sequence 1 is -1; symbols are numbers from 0.", [[0, 1, 1], [0, -1]], options);
        Throws("Sequence 1 is null", [[0, 1, 1], null!], options);
        Throws("Order 2 needs a sequence of at least 3 symbols; the longest has 2", [[0, 1], [1]], options);
        Throws("symbols are numbers from 0 to 1", [[0, 2, 1]], new MarkovChainEstimator.Options { NumberOfSymbols = 2 });
        Throws("Lower the order to at most 5", [[.. Enumerable.Range(0, 1 << 20)]], new MarkovChainEstimator.Options { Order = 6 });
        Assert.Contains("There are 1 sequences but 2 weights", Assert.Throws<ArgumentException>(() => MarkovChainLearner.Fit([[0, 1]], options, [1, 1])).Message, StringComparison.Ordinal);
        Assert.Contains("weight of sequence 0 is -1", Assert.Throws<ArgumentException>(() => MarkovChainLearner.Fit([[0, 1]], options, [-1])).Message, StringComparison.Ordinal);
        Assert.Contains("weight 0", Assert.Throws<ArgumentException>(() => MarkovChainLearner.Fit([[0, 1]], options, [0])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => MarkovChainLearner.Fit((int[][])null!, options));
        Assert.Throws<ArgumentNullException>(() => MarkovChainLearner.Fit([[0]], null!));
    }

    [Fact]
    public void Options_out_of_range_are_explained()
    {
        Throws("Order", [[0, 1]], new MarkovChainEstimator.Options { Order = -1 });
        Throws("Order", [[0, 1]], new MarkovChainEstimator.Options { Order = 128 });
        Throws("NumberOfSymbols", [[0, 1]], new MarkovChainEstimator.Options { NumberOfSymbols = 0 });
        Throws("Smoothing", [[0, 1]], new MarkovChainEstimator.Options { Smoothing = -1 });
        Throws("MinimumCount", [[0, 1]], new MarkovChainEstimator.Options { MinimumCount = double.NaN });
        Throws("SampleLength", [[0, 1]], new MarkovChainEstimator.Options { SampleLength = 0 });
    }

    [Fact]
    public void Training_can_be_cancelled() => Assert.Throws<OperationCanceledException>(() =>
        MarkovChainLearner.Fit([[0, 1]], new MarkovChainEstimator.Options { CancellationToken = new CancellationToken(canceled: true) }));

    private static string Describe(MarkovTransition transition) =>
        $"{string.Concat(transition.History.Append(transition.Symbol).Select(symbol => (char)('A' + symbol)))} {transition.Count}";

    private static void AssertEqualOrInfinite(double expected, double found)
    {
        if (double.IsInfinity(expected))
            Assert.Equal(expected, found);
        else
            Assert.Equal(expected, found, 1e-9);
    }

    private static void Throws(string message, int[][] sequences, MarkovChainEstimator.Options options) =>
        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(() => MarkovChainLearner.Fit(sequences, options)).Message, StringComparison.Ordinal);
}
