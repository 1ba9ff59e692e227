using Microsoft.ML;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Files from other versions, and files that are not what they seem. Damage to a block is in the contract of every estimator.</summary>
public sealed class ModelFileTests
{
    private static readonly MLContext Context = new(seed: 1);
    private static readonly IDataView Data = IrisData.View(isSingle: true);
    private static readonly ITransformer Mixture = Context.Clustering.Trainers.GaussianMixture(numberOfComponents: 3).Fit(Data);
    private static readonly ITransformer Detector = Context.AnomalyDetection.Trainers.GaussianMixture(numberOfComponents: 3).Fit(Data);

    public static TheoryData<string> OurLoaders { get; } = ["GaussianMixture", "DensityAnomaly"];

    [Theory]
    [MemberData(nameof(OurLoaders))]
    public void File_of_a_newer_version_says_so_and_what_to_do(string loader)
    {
        ModelFile file = Save(loader);
        ModelEntry entry = Find(file, loader);
        string message = Assert.ThrowsAny<Exception>(() => file.With(entry.Name, entry.WithVersions(entry.Written + 1, entry.Written + 1)).Load()).ToString();
        Assert.Contains("was written by a newer version of MLNet.Generative", message, StringComparison.Ordinal);
        Assert.Contains($"'{loader}' has format {entry.Written + 1:x8}, this version reads up to {entry.Written:x8}", message, StringComparison.Ordinal);
        Assert.Contains("Update the MLNet.Generative package", message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(OurLoaders))]
    public void File_of_a_newer_version_that_this_one_can_read_is_read(string loader)
    {
        ModelFile file = Save(loader);
        ModelEntry entry = Find(file, loader);
        ITransformer loaded = file.With(entry.Name, entry.WithVersions(entry.Written + 1, entry.Written)).Load();
        RowTable.Read(file.Load().Transform(Data)).AssertSame(RowTable.Read(loaded.Transform(Data)), "newer version");
    }

    [Theory]
    [MemberData(nameof(OurLoaders))]
    public void File_of_a_version_that_is_too_old_throws(string loader)
    {
        ModelFile file = Save(loader);
        ModelEntry entry = Find(file, loader);
        Assert.ThrowsAny<Exception>(() => file.With(entry.Name, entry.WithVersions(0x00010000, 0x00010000)).Load());
    }

    [Fact]
    public void Detector_on_something_that_is_no_model_throws()
    {
        ITransformer copy = Context.Transforms.CopyColumns("Copy", "Features").Fit(Data);
        byte[] copyEntry = Assert.Single(ModelFile.Save(copy, Data.Schema).ReadEntries(), entry => ModelEntry.IsModel(entry.Value)).Value;
        ModelFile file = ModelFile.Save(Detector, Data.Schema);
        ModelEntry density = Find(file, "GaussianMixture");

        string message = Assert.ThrowsAny<Exception>(() => file.With(density.Name, copyEntry).Load()).ToString();
        Assert.Contains("'Density' is a ColumnCopyingTransformer, which is no IGenerativeTransformer", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Detector_on_a_model_without_its_file_throws()
    {
        ModelFile file = ModelFile.Save(Detector, Data.Schema);
        ModelEntry density = Find(file, "GaussianMixture");
        Assert.ThrowsAny<Exception>(() => file.With(density.Name, []).Load());
    }

    private static ModelFile Save(string loader) => ModelFile.Save(loader == "GaussianMixture" ? Mixture : Detector, Data.Schema);

    private static ModelEntry Find(ModelFile file, string loader) => Assert.Single(file.FindOurEntries(), entry => entry.LoaderName == loader);
}
