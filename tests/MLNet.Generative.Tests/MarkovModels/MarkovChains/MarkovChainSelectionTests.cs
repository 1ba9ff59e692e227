using Microsoft.ML;
using Xunit;

namespace MLNet.Generative.Tests.MarkovModels.MarkovChains;

public sealed class MarkovChainSelectionTests
{
    private readonly MLContext _context = new(seed: 1);

    [Theory]
    [InlineData(InformationCriterion.Bic)]
    [InlineData(InformationCriterion.Aic)]
    public void Order_2_is_found_in_draws_of_order_2(InformationCriterion criterion)
    {
        int[][] rows = SecondOrder();
        MarkovChainSelection selection = _context.Transforms.SelectMarkovChain(SymbolData.Keys(rows), new MarkovChainEstimator.Options(), maximumOrder: 4, criterion);

        Assert.Equal(criterion, selection.Criterion);
        Assert.Equal(2, selection.BestOrder);
        Assert.Equal(2, selection.Best.Model.Order);
        Assert.Equal([0, 1, 2, 3, 4], selection.Table.Select(row => row.Order));
        Assert.Equal(
            _context.Transforms.MarkovChain(order: 2).Fit(SymbolData.Keys(rows)).Summary.ToString(),
            selection.Best.Summary.ToString());
        Assert.Equal(2, _context.Transforms.SelectMarkovChain(SymbolData.Keys(rows), criterion: criterion).BestOrder);
    }

    [Fact]
    public void Order_0_is_found_in_independent_symbols()
    {
        var random = new Random(1);
        int[][] rows = [.. Enumerable.Range(0, 20).Select(_ => (int[])[.. Enumerable.Range(0, 100).Select(_ => random.Next(3))])];
        Assert.Equal(0, _context.Transforms.SelectMarkovChain(SymbolData.Keys(rows)).BestOrder);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    public void Orders_are_compared_on_the_same_symbols(double smoothing)
    {
        int[][] rows = [.. SecondOrder().Take(5), [0, 1], []];
        double[] weights = [1, 2, 0, 0.5, 1, 1, 1];
        IReadOnlyList<MarkovChainCandidate> table = MarkovChainLearner.CompareOrders(rows, new MarkovChainEstimator.Options { Smoothing = smoothing, Order = 99 }, 3, weights);

        Assert.Equal(4, table.Count);
        foreach (MarkovChainCandidate candidate in table)
        {
            // The definition read aloud: counts of what follows each history, from the fourth symbol of each sequence on.
            var counts = new Dictionary<string, double[]>();
            foreach ((int[] row, double weight) in rows.Zip(weights))
            {
                for (int t = 3; t < row.Length && weight > 0; t++)
                {
                    string history = string.Join(',', row[(t - candidate.Order)..t]);
                    counts.TryAdd(history, new double[3]);
                    counts[history][row[t]] += weight;
                }
            }
            double expected = counts.Values.Sum(next => next.Where(c => c > 0).Sum(c => c * Math.Log((c + smoothing) / (next.Sum() + 3 * smoothing))));
            Assert.Equal(expected, candidate.LogLikelihood, 1e-8);
            Assert.Equal(counts.Values.Sum(next => next.Sum()), candidate.NumberOfObservations, 1e-9);
            Assert.Equal(counts.Count, candidate.NumberOfObservedHistories);
            Assert.Equal(counts.Values.Sum(next => next.Count(c => c > 0)), candidate.NumberOfObservedTransitions);
            Assert.Equal(Math.Pow(3, candidate.Order) * 2, candidate.NumberOfParameters);
            Assert.Equal(-2 * expected + 2 * candidate.NumberOfParameters, candidate.Aic, 1e-7);
            Assert.Equal(-2 * expected + candidate.NumberOfParameters * Math.Log(candidate.NumberOfObservations), candidate.Get(InformationCriterion.Bic), 1e-7);
        }
    }

    [Fact]
    public void Table_is_printed_in_columns_with_a_star_at_the_best()
    {
        string[] lines = _context.Transforms.SelectMarkovChain(SymbolData.Keys(SecondOrder()), maximumOrder: 3).ToString().Split(Environment.NewLine);
        Assert.Equal(5, lines.Length);
        Assert.StartsWith("order  log-likelihood  parameters  histories  transitions", lines[0], StringComparison.Ordinal);
        Assert.Single(lines, line => line.EndsWith("  *", StringComparison.Ordinal));
        Assert.EndsWith("  *", lines[3], StringComparison.Ordinal);
        Assert.Single(lines.Select(line => line.TrimEnd('*').TrimEnd().Length).Distinct());
    }

    [Fact]
    public void Bad_arguments_are_explained()
    {
        IDataView data = SymbolData.Keys([[0, 1, 2, 0]]);
        Assert.Contains("Order 4 needs a sequence of at least 5 symbols; the longest has 4", Assert.Throws<ArgumentException>(() => _context.Transforms.SelectMarkovChain(data)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => _context.Transforms.SelectMarkovChain(data, maximumOrder: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _context.Transforms.SelectMarkovChain(data, maximumOrder: 1, criterion: (InformationCriterion)7));
        Assert.Throws<ArgumentOutOfRangeException>(() => _context.Transforms.SelectMarkovChain(data, "Nowhere"));
        Assert.Throws<ArgumentNullException>(() => _context.Transforms.SelectMarkovChain(null!));
        Assert.Throws<ArgumentNullException>(() => _context.Transforms.SelectMarkovChain(data, (MarkovChainEstimator.Options)null!));
    }

    // The next symbol depends on the two before, and hardly on one of them.
    private static int[][] SecondOrder()
    {
        var random = new Random(2);
        var rows = new int[20][];
        for (int n = 0; n < rows.Length; n++)
        {
            rows[n] = new int[200];
            for (int t = 0; t < 200; t++)
                rows[n][t] = t < 2 || random.Next(2) == 0 ? random.Next(3) : (rows[n][t - 1] + rows[n][t - 2]) % 3;
        }
        return rows;
    }
}
