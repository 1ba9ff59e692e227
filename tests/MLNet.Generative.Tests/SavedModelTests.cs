using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative.Testing;
using MLNet.Generative.Tests.MarkovModels;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Models that an older version has saved load and score as they did then.</summary>
public sealed class SavedModelTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "SavedModels", "1.0");

    [Theory]
    [InlineData("GaussianMixture.Full", CovarianceType.Full, 44)]
    [InlineData("GaussianMixture.Tied", CovarianceType.Tied, 24)]
    [InlineData("GaussianMixture.Diagonal", CovarianceType.Diagonal, 26)]
    [InlineData("GaussianMixture.Spherical", CovarianceType.Spherical, 17)]
    public void Mixture_of_the_first_version_scores_as_it_did(string name, CovarianceType type, int parameters)
    {
        ITransformer model = Load(name);
        AssertScores(name, model.Transform(IrisData.View(isSingle: true)), 3, expectedRows: 10);

        var mixture = (GaussianMixtureTransformer)model.FindGenerative();
        Assert.Equal(type, mixture.Model.CovarianceType);
        Assert.Equal(parameters, mixture.Model.NumberOfParameters);
        Assert.Equal(150, mixture.Summary.TotalWeight);
        Assert.True(mixture.Summary.HasConverged);
    }

    [Fact]
    public void Hidden_Markov_model_of_the_first_version_scores_as_it_did()
    {
        ITransformer model = Load("Hmm.Gaussian.Full");
        IDataView sequences = SequenceViews.Of([.. ClassicData.Faithful.Chunk(2 * 68)], 2, isSingle: true);
        AssertScores("Hmm.Gaussian.Full", model.Transform(sequences), 2, expectedRows: 4);
        Assert.Equal(CovarianceType.Full, ((GaussianEmission)((HmmTransformer)model.FindGenerative()).Model.Emissions).CovarianceType);
    }

    private static ITransformer Load(string name) => new MLContext().Model.Load(Path.Combine(Folder, name + ".zip"), out _);

    private static void AssertScores(string name, IDataView scored, int count, int expectedRows)
    {
        float[] logDensity = [.. scored.GetColumn<float>("LogDensity")];
        float[][] probability = [.. scored.GetColumn<VBuffer<float>>("Probability").Select(values => values.DenseValues().TakeLast(count).ToArray())];
        string[][] recorded = [.. File.ReadLines(Path.Combine(Folder, "scores.csv")).Select(line => line.Split(',')).Where(cells => cells[0] == name)];
        Assert.Equal(expectedRows, recorded.Length);
        foreach (string[] cells in recorded)
        {
            int row = int.Parse(cells[1], CultureInfo.InvariantCulture);
            float expected = float.Parse(cells[2], CultureInfo.InvariantCulture);
            Assert.Equal(expected, logDensity[row], 1e-6f * (1 + Math.Abs(expected)));
            for (int k = 0; k < count; k++)
                Assert.Equal(float.Parse(cells[3 + k], CultureInfo.InvariantCulture), probability[row][k], 1e-6f);
        }
    }
}
