using Microsoft.ML;
using MLNet.Generative.Testing;
using PredictFromFile;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Console programs, each in a process of its own, that use what the tests have saved.</summary>
public sealed class FreshProcessTests : IDisposable
{
    private readonly MLContext _context = new(seed: 1);
    private readonly IDataView _faithful = DataViews.OfFeatures(ClassicData.Faithful, 2, isSingle: true);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("PredictFromFile")]
    [InlineData("TransformFile")]
    public void Program_names_none_of_our_types(string program)
    {
        using var assembly = Mono.Cecil.AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, program + ".dll"));
        Assert.DoesNotContain(assembly.MainModule.AssemblyReferences, reference => reference.Name.StartsWith("MLNet.Generative", StringComparison.Ordinal));
        Assert.Contains(assembly.MainModule.AssemblyReferences, reference => reference.Name.StartsWith("Microsoft.ML", StringComparison.Ordinal));
    }

    [Fact]
    public void Program_that_names_none_of_our_types_predicts_with_a_mixture()
    {
        ITransformer model = Mixture().Fit(_faithful);
        AssertProgramPredicts<Prediction>(model);
    }

    [Fact]
    public void Program_that_names_none_of_our_types_predicts_with_steps_before_and_after_the_mixture()
    {
        ITransformer model = _context.Transforms.NormalizeMeanVariance("Features")
            .Append(Mixture())
            .Append(_context.Transforms.CopyColumns(nameof(RatedPrediction.Cluster), "PredictedLabel"))
            .Append(_context.Transforms.CustomMapping(new RarityMapping().GetMapping(), RarityMapping.Contract))
            .Fit(_faithful);
        string[] lines = AssertProgramPredicts<RatedPrediction>(model);

        Assert.Contains(lines, line => line.EndsWith(";True", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith(";False", StringComparison.Ordinal));
    }

    [Fact]
    public void Program_samples_from_a_loaded_mixture()
    {
        GaussianMixtureTransformer model = Mixture().Fit(_faithful);
        _context.Model.Save(model, _faithful.Schema, _folder.PathOf("model.zip"));

        IReadOnlyList<string> lines = FreshProcess.Run("SampleFromFile", _folder.PathOf("model.zip"), "100", "7");

        RowTable drawn = RowTable.Read(model.Sample(100, seed: 7));
        Assert.Equal(100, lines.Count);
        Assert.Equal(drawn.Format("Label", "Features"), lines);
    }

    [Fact]
    public void Program_samples_from_a_loaded_chain()
    {
        ITransformer model = Mixture().Append(_context.Transforms.CopyColumns("Cluster", "PredictedLabel")).Fit(_faithful);
        _context.Model.Save(model, _faithful.Schema, _folder.PathOf("model.zip"));

        IReadOnlyList<string> lines = FreshProcess.Run("SampleFromFile", _folder.PathOf("model.zip"), "100", "7");

        Assert.Equal(RowTable.Read(model.FindGenerative().Sample(100, seed: 7)).Format("Label", "Features"), lines);
    }

    private GaussianMixtureEstimator Mixture() => _context.Clustering.Trainers.GaussianMixture(numberOfComponents: 2);

    private string[] AssertProgramPredicts<TPrediction>(ITransformer model)
        where TPrediction : Prediction, new()
    {
        _context.Model.Save(model, _faithful.Schema, _folder.PathOf("model.zip"));
        IReadOnlyList<string> lines = FreshProcess.Run("PredictFromFile", _folder.PathOf("model.zip"), ClassicData.PathOf("faithful.csv"));
        string[] expected = [.. _context.Data.CreateEnumerable<TPrediction>(model.Transform(_faithful), reuseRowObject: false).Select(row => row.Describe())];
        Assert.Equal(272, lines.Count);
        Assert.Equal(expected, lines);
        return expected;
    }
}
