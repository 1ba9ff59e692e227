using Microsoft.ML;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>The criteria that decide between models, for mixtures, hidden Markov models and Markov chains.</summary>
public sealed class InformationCriterionTests
{
    [Fact]
    public void Aicc_is_the_formula_of_Hurvich_and_Tsai()
    {
        FitSummary summary = GaussianMixtureLearner.Fit(ClassicData.Faithful, 2, new GaussianMixtureEstimator.Options { NumberOfComponents = 2 }).Summary;
        Assert.Equal(-2 * summary.LogLikelihood + 2 * 11 + 2.0 * 11 * 12 / (272 - 11 - 1), summary.Aicc, 1e-9);
        // The same penalty as 2 p n / (n − p − 1).
        Assert.Equal(-2 * summary.LogLikelihood + 2.0 * 11 * 272 / (272 - 11 - 1), summary.Aicc, 1e-9);
    }

    [Theory]
    [InlineData(5, double.PositiveInfinity)]
    [InlineData(6, double.PositiveInfinity)]
    [InlineData(7, 2 * 5 * 6 / 1.0)]
    public void Aicc_is_infinite_where_there_is_no_row_left(int rows, double correction)
    {
        // One Gaussian of two features has five parameters.
        var random = new Random(1);
        double[] values = [.. Enumerable.Range(0, 2 * rows).Select(_ => random.NextDouble())];
        FitSummary summary = GaussianMixtureLearner.Fit(values, 2, new GaussianMixtureEstimator.Options { NumberOfComponents = 1 }).Summary;
        Assert.Equal(5, summary.NumberOfParameters);
        Assert.Equal(summary.Aic + correction, summary.Aicc);
    }

    [Fact]
    public void Get_gives_each_criterion()
    {
        FitSummary summary = GaussianMixtureLearner.Fit(ClassicData.Iris, 4, new GaussianMixtureEstimator.Options { NumberOfComponents = 3 }).Summary;
        Assert.Equal(
            [summary.Bic, summary.Aic, summary.Aicc, summary.Icl],
            new[] { InformationCriterion.Bic, InformationCriterion.Aic, InformationCriterion.Aicc, InformationCriterion.Icl }.Select(summary.Get));
        Assert.Equal(4, new[] { summary.Bic, summary.Aic, summary.Aicc, summary.Icl }.Distinct().Count());
        Assert.Throws<ArgumentOutOfRangeException>(() => summary.Get((InformationCriterion)4));
    }

    [Theory]
    [InlineData(InformationCriterion.Bic)]
    [InlineData(InformationCriterion.Aic)]
    [InlineData(InformationCriterion.Aicc)]
    [InlineData(InformationCriterion.Icl)]
    public void Every_criterion_decides_between_hidden_Markov_models(InformationCriterion criterion)
    {
        double[] eruptions = [.. ClassicData.Faithful.Where((_, n) => n % 2 == 0)];
        HmmSelection<HmmFit> selection = HmmLearner.Select([eruptions], new HmmEstimator.Options { NumberOfInitializations = 3 }, [1, 2, 3, 4], criterion);
        HmmSelectionRow best = selection.Table.Where(row => !row.Summary!.IsDegenerate).MinBy(row => row.Summary!.Get(criterion))!;

        Assert.Equal(best.NumberOfStates, selection.BestNumberOfStates);
        // What decided is in the text.
        string[] lines = selection.ToString().Split(Environment.NewLine);
        Assert.Contains($"  {criterion}", lines[0], StringComparison.OrdinalIgnoreCase);
        Assert.Contains(best.Summary!.Get(criterion).ToString("f4", System.Globalization.CultureInfo.InvariantCulture), lines[best.NumberOfStates], StringComparison.Ordinal);
        Assert.Contains("*", lines[best.NumberOfStates], StringComparison.Ordinal);
    }

    [Fact]
    public void A_Markov_chain_has_no_hidden_variable_and_its_Icl_is_its_Bic()
    {
        var random = new Random(1);
        int[] symbols = [.. Enumerable.Range(0, 60).Select(_ => random.Next(2))];
        IReadOnlyList<MarkovChainCandidate> table = MarkovChainLearner.CompareOrders([symbols], new MarkovChainEstimator.Options(), 5);
        Assert.All(table, row => Assert.Equal(row.Bic, row.Get(InformationCriterion.Icl)));
        foreach (MarkovChainCandidate row in table)
        {
            double remaining = row.NumberOfObservations - row.NumberOfParameters - 1;
            Assert.Equal(row.Aic + 2 * row.NumberOfParameters * (row.NumberOfParameters + 1) / remaining, row.Aicc, 1e-9);
            Assert.Equal(row.Aicc, row.Get(InformationCriterion.Aicc));
            Assert.Throws<ArgumentOutOfRangeException>(() => row.Get((InformationCriterion)4));
        }
        // 55 symbols are fewer than 2⁶ + 1.
        Assert.Equal(double.PositiveInfinity, MarkovChainLearner.CompareOrders([symbols], new MarkovChainEstimator.Options(), 6)[6].Aicc);

        IDataView data = MarkovModels.MarkovChains.SymbolData.Keys([symbols]);
        MarkovChainSelection selection = new MLContext().Transforms.SelectMarkovChain(data, maximumOrder: 6, criterion: InformationCriterion.Aicc);
        Assert.Equal(selection.Table.MinBy(row => row.Aicc)!.Order, selection.BestOrder);
        Assert.EndsWith("AICc", selection.ToString().Split(Environment.NewLine)[0], StringComparison.Ordinal);
        MarkovChainSelection byIcl = new MLContext().Transforms.SelectMarkovChain(data, criterion: InformationCriterion.Icl);
        Assert.Equal(byIcl.Table.MinBy(row => row.Bic)!.Order, byIcl.BestOrder);
    }
}
