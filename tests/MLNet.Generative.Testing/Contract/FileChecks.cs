using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace MLNet.Generative.Testing;

/// <summary>Model files: repeatable, complete, and never half read.</summary>
internal static class FileChecks
{
    private const int NumberOfAlterations = 50;

    public static void Saving_twice_gives_the_same_entries(EstimatorContract contract) =>
        AssertSameEntries(contract.File, ModelFile.Save(contract.Fitted, contract.TransformInput.Schema), "saved again");

    public static void Saving_what_was_loaded_gives_the_same_entries(EstimatorContract contract) =>
        AssertSameEntries(contract.File, ModelFile.Save(contract.Loaded, contract.TransformInput.Schema), "loaded and saved");

    public static void Fitting_twice_gives_the_same_entries(EstimatorContract contract) =>
        AssertSameEntries(contract.File, ModelFile.Save(contract.Estimator.Fit(contract.FitInput), contract.TransformInput.Schema), "fitted again");

    public static void Truncated_file_throws(EstimatorContract contract)
    {
        int length = contract.File.Bytes.Length;
        foreach (int kept in (int[])[0, 1, 30, length / 4, length / 2, length - 100, length - 1])
            AssertCannotBeLoaded(contract.File.Truncate(kept), $"file cut after {kept} of {length} bytes");
    }

    public static void Truncated_entry_throws(EstimatorContract contract)
    {
        foreach (ModelEntry entry in FindOurEntries(contract))
        {
            foreach (int kept in (int[])[0, 1, entry.BlockStart - 1, entry.BlockStart, entry.BlockStart + 7, entry.BlockStart + entry.BlockLength / 2, entry.BlockStart + entry.BlockLength - 1])
                AssertCannotBeLoaded(contract.File.With(entry.Name, entry.Content[..kept]), $"entry {entry.Name} cut after {kept} of {entry.Content.Length} bytes");
        }
    }

    public static void Altered_block_throws(EstimatorContract contract)
    {
        foreach (ModelEntry entry in FindOurEntries(contract))
        {
            Assert.True(entry.BlockLength > 0, $"Entry {entry.Name} has no block.");
            int step = Math.Max(1, entry.BlockLength / NumberOfAlterations);
            for (int i = 0; i < entry.BlockLength; i += step)
                AssertDamageIsNoticed(contract.File, entry, entry.BlockStart + i);
            AssertDamageIsNoticed(contract.File, entry, entry.BlockStart + entry.BlockLength - 1);
        }
    }

    public static void Transformed_data_can_be_saved_as_a_step(EstimatorContract contract)
    {
        var context = new MLContext();
        IDataView transformed = contract.Fitted.Transform(contract.TransformInput);
        Assert.IsType<ICanSaveModel>(transformed, exactMatch: false);
        using var stream = new MemoryStream();
        using (RepositoryWriter repository = RepositoryWriter.CreateNew(stream, context))
        {
            ModelSaveContext.SaveModel(repository, transformed, "Step");
            repository.Commit();
        }
        stream.Position = 0;
        using RepositoryReader reader = RepositoryReader.Open(stream, context);
        ModelLoadContext.LoadModel<IDataView, SignatureLoadDataTransform>(context, out IDataView loaded, reader, "Step", contract.TransformInput);
        SchemaComparison.AssertSame(transformed.Schema, loaded.Schema, "schema of the loaded step");
        contract.Expected.AssertSame(RowTable.Read(loaded), "loaded step");
    }

    /// <summary>Fails unless two files have the same entries with the same contents.</summary>
    internal static void AssertSameEntries(ModelFile expected, ModelFile actual, string what)
    {
        IReadOnlyDictionary<string, byte[]> expectedEntries = expected.ReadEntries();
        IReadOnlyDictionary<string, byte[]> actualEntries = actual.ReadEntries();
        Assert.Equal(expectedEntries.Keys, actualEntries.Keys);
        foreach ((string name, byte[] content) in expectedEntries)
        {
            int same = content.AsSpan().CommonPrefixLength(actualEntries[name]);
            Assert.True(same == content.Length && same == actualEntries[name].Length, $"{what}: entry {name} differs from byte {same} on.");
        }
    }

    private static IReadOnlyList<ModelEntry> FindOurEntries(EstimatorContract contract)
    {
        IReadOnlyList<ModelEntry> entries = contract.File.FindOurEntries();
        Assert.True(entries.Count > 0, "The file has no entry of a type of ours.");
        return entries;
    }

    private static void AssertDamageIsNoticed(ModelFile file, ModelEntry entry, int position)
    {
        Exception exception = AssertCannotBeLoaded(file.With(entry.Name, entry.WithFlippedBit(position)), $"byte {position} of entry {entry.Name} altered");
        Assert.True(
            Causes(exception).Any(cause => cause is FormatException && cause.Message.Contains("altered", StringComparison.Ordinal)),
            $"Byte {position} of entry {entry.Name} altered: the error does not say so: {exception}");
    }

    private static Exception AssertCannotBeLoaded(ModelFile file, string what)
    {
        Exception? exception = Record.Exception(() => file.Load());
        Assert.True(exception is not null, $"{what}: the file was loaded.");
        Assert.False(Causes(exception).Any(cause => cause is NullReferenceException or IndexOutOfRangeException or OutOfMemoryException), $"{what}: {exception}");
        return exception;
    }

    private static IEnumerable<Exception> Causes(Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
            yield return cause;
    }
}
