using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>The table of a selection, as text and as a data view.</summary>
public sealed class SelectionTableTests
{
    private static readonly GaussianMixtureSelection<GaussianMixtureFit> s_faithful = GaussianMixtureLearner.Select(
        ClassicData.Faithful, 2, new GaussianMixtureSelectionOptions { CovarianceTypes = [CovarianceType.EEE, CovarianceType.VVV], MaximumNumberOfComponents = 6, NumberOfInitializations = 10 });

    // Nine points, ten times each: nine components of their own covariances sit on one point each.
    private static readonly GaussianMixtureSelection<GaussianMixtureFit> s_points = GaussianMixtureLearner.Select(
        Enumerable.Range(0, 90).SelectMany(n => (double[])[n % 9 % 3, n % 9 / 3]).ToArray(),
        2,
        new GaussianMixtureSelectionOptions { CovarianceTypes = [CovarianceType.EEE, CovarianceType.VVV] });

    [Fact]
    public void Text_starts_with_the_criterion_of_every_mixture()
    {
        AssertMatrix(s_faithful);
        AssertMatrix(s_points);
        string[] lines = s_faithful.ToString().Split(Environment.NewLine);
        Assert.Contains("2314.30*", lines[4], StringComparison.Ordinal);
        Assert.Equal("*: the best", lines[8]);
        Assert.Equal("*: the best; d: degenerate, never the best", s_points.ToString().Split(Environment.NewLine)[11]);
    }

    [Fact]
    public void Text_goes_on_with_the_best_in_detail()
    {
        string[] lines = s_faithful.ToString().Split(Environment.NewLine);

        Assert.Equal("The 10 best of 12, by BIC:", lines[10]);
        Assert.Equal(["type", "K", "log-likelihood", "parameters", "AIC", "AICc", "BIC", "ICL", "iterations", "remarks"], Words(lines[11]));
        string[] best = Words(lines[12]);
        FitSummary summary = s_faithful.BestRow.Summary!;
        Assert.Equal("EEE", best[0]);
        Assert.Equal("3", best[1]);
        Assert.Equal(-1126.3159, double.Parse(best[2], CultureInfo.InvariantCulture), 1e-4);
        Assert.Equal("11", best[3]);
        Assert.Equal(
            [summary.Aic, summary.Aicc, summary.Bic, summary.Icl, summary.NumberOfIterations],
            best[4..9].Select(word => double.Parse(word, CultureInfo.InvariantCulture)),
            (x, y) => Math.Abs(x - y) <= 1e-4);
        Assert.Equal("*", best[9]);
    }

    [Fact]
    public void Details_come_by_the_criterion_with_the_degenerate_ones_last()
    {
        string[] lines = s_points.ToString(18).Split(Environment.NewLine);
        string[] fits = lines[15..33];
        Assert.Equal(fits.OrderBy(line => line.Contains("degenerate", StringComparison.Ordinal)).ThenBy(line => double.Parse(Words(line)[6], CultureInfo.InvariantCulture)), fits);
        string[] degenerate = [.. fits.Where(line => line.Contains("degenerate", StringComparison.Ordinal))];
        Assert.NotEmpty(degenerate);
        Assert.All(degenerate, line => Assert.Contains(lines[33..], note => note.StartsWith($"note on {Words(line)[0]}, {Words(line)[1]}: Component ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Text_has_as_many_details_as_are_asked_for()
    {
        Assert.Equal(9, s_faithful.ToString(0).Split(Environment.NewLine).Length);
        Assert.Contains("All, by BIC:", s_faithful.ToString(int.MaxValue), StringComparison.Ordinal);
        Assert.Equal(12, s_faithful.ToString(12).Split(Environment.NewLine)[12..].TakeWhile(line => !line.StartsWith("note", StringComparison.Ordinal)).Count());
        Assert.Throws<ArgumentOutOfRangeException>(() => s_faithful.ToString(-1));
    }

    [Fact]
    public void Text_is_the_same_in_every_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        string expected = s_faithful.ToString();
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.Equal(expected, s_faithful.ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void View_has_a_row_for_each_mixture_and_a_column_for_each_figure()
    {
        var mlContext = new MLContext();
        IDataView view = s_faithful.ToDataView(mlContext);

        (string, DataViewType)[] expected =
        [
            ("NumberOfComponents", NumberDataViewType.Int32),
            ("CovarianceType", TextDataViewType.Instance),
            ("LogLikelihood", NumberDataViewType.Double),
            ("NumberOfParameters", NumberDataViewType.Double),
            ("Aic", NumberDataViewType.Double),
            ("Aicc", NumberDataViewType.Double),
            ("Bic", NumberDataViewType.Double),
            ("Icl", NumberDataViewType.Double),
            ("NumberOfIterations", NumberDataViewType.Int32),
            ("StopReason", TextDataViewType.Instance),
            ("IsDegenerate", BooleanDataViewType.Instance),
            ("IsBest", BooleanDataViewType.Instance),
            ("Notes", TextDataViewType.Instance),
        ];
        Assert.Equal(expected, view.Schema.Select(column => (column.Name, column.Type)));
        IReadOnlyList<GaussianMixtureSelectionRow> table = s_faithful.Table;
        Assert.Equal(table.Select(row => row.NumberOfComponents), view.GetColumn<int>("NumberOfComponents"));
        Assert.Equal(table.Select(row => row.Structure), view.GetColumn<string>("CovarianceType"));
        Assert.Equal(table.Select(row => row.Summary!.LogLikelihood), view.GetColumn<double>("LogLikelihood"));
        Assert.Equal(table.Select(row => (double)row.Summary!.NumberOfParameters), view.GetColumn<double>("NumberOfParameters"));
        Assert.Equal(table.Select(row => row.Summary!.Aic), view.GetColumn<double>("Aic"));
        Assert.Equal(table.Select(row => row.Summary!.Aicc), view.GetColumn<double>("Aicc"));
        Assert.Equal(table.Select(row => row.Summary!.Bic), view.GetColumn<double>("Bic"));
        Assert.Equal(table.Select(row => row.Summary!.Icl), view.GetColumn<double>("Icl"));
        Assert.Equal(table.Select(row => row.Summary!.NumberOfIterations), view.GetColumn<int>("NumberOfIterations"));
        Assert.Equal(table.Select(row => $"{row.Summary!.StopReason}"), view.GetColumn<string>("StopReason"));
        Assert.Equal(table.Select(row => row.Summary!.IsDegenerate), view.GetColumn<bool>("IsDegenerate"));
        Assert.Equal(table.Select(row => ReferenceEquals(row, s_faithful.BestRow)), view.GetColumn<bool>("IsBest"));
        Assert.Equal(table.Select(row => string.Join(' ', row.Summary!.Notes)), view.GetColumn<string>("Notes"));
        Assert.Throws<ArgumentNullException>(() => s_faithful.ToDataView(null!));
    }

    [Fact]
    public void A_row_says_what_it_is()
    {
        Assert.StartsWith("EEE, 1 component: log-likelihood -1289.79", s_faithful.Table[0].ToString(), StringComparison.Ordinal);
        Assert.StartsWith("VVV, 2 components: log-likelihood -1130.26", s_faithful.Table[3].ToString(), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => s_faithful.Table[0].Get((InformationCriterion)4));
    }

    private static void AssertMatrix(GaussianMixtureSelection<GaussianMixtureFit> selection)
    {
        string[] lines = selection.ToString().Split(Environment.NewLine);
        Assert.StartsWith("BIC, smaller is better", lines[0], StringComparison.Ordinal);
        Assert.Equal(["K", "EEE", "VVV"], Words(lines[1]));
        int components = selection.Table.Count / 2;
        for (int i = 0; i < components; i++)
        {
            string[] words = Words(lines[2 + i]);
            Assert.Equal($"{i + 1}", words[0]);
            for (int j = 0; j < 2; j++)
            {
                GaussianMixtureSelectionRow row = selection.Table[2 * i + j];
                string mark = ReferenceEquals(row, selection.BestRow) ? "*" : row.Summary!.IsDegenerate ? "d" : "";
                Assert.Equal(row.Get(InformationCriterion.Bic).ToString("f2", CultureInfo.InvariantCulture) + mark, words[1 + j]);
            }
        }
        // Numbers stand below each other, whatever the mark.
        Assert.Single(lines[2..(2 + components)].Select(line => line.IndexOf('.', StringComparison.Ordinal)).Distinct());
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
