using System.Globalization;
using Microsoft.ML;
using Xunit;

namespace MLNet.Generative.Testing;

/// <summary>Where a model is fitted and used changes nothing.</summary>
internal static class EnvironmentChecks
{
    public static void Culture_changes_nothing(EstimatorContract contract)
    {
        // Without the data of cultures, this check would check nothing.
        Assert.Equal(",", CultureInfo.GetCultureInfo("de-DE").NumberFormat.NumberDecimalSeparator);
        Assert.Equal("İ", CultureInfo.GetCultureInfo("tr-TR").TextInfo.ToUpper("i"));
        CultureInfo before = CultureInfo.CurrentCulture;
        RowTable expected = contract.Expected;
        ModelFile expectedFile = contract.File;
        try
        {
            foreach (string culture in (string[])["de-DE", "tr-TR"])
            {
                CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
                ITransformer fitted = contract.Estimator.Fit(contract.FitInput);
                var file = ModelFile.Save(fitted, contract.TransformInput.Schema);
                FileChecks.AssertSameEntries(expectedFile, file, culture);
                expected.AssertSame(RowTable.Read(fitted.Transform(contract.TransformInput)), $"fitted under {culture}");
                expected.AssertSame(RowTable.Read(file.Load().Transform(contract.TransformInput)), $"loaded under {culture}");
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    public static void Fresh_process_gives_the_same_values(EstimatorContract contract)
    {
        using var folder = new TemporaryFolder();
        (string model, string input, string output) = (folder.PathOf("model.zip"), folder.PathOf("input.idv"), folder.PathOf("output.idv"));
        var context = new MLContext();
        File.WriteAllBytes(model, contract.File.Bytes);
        using (FileStream stream = File.Create(input))
            context.Data.SaveAsBinary(contract.TransformInput, stream);

        FreshProcess.RunAmongTests("TransformFile", model, input, output);

        IDataView loaded = context.Data.LoadFromBinary(output);
        RowTable.Read(contract.Fitted.Transform(context.Data.LoadFromBinary(input)), column => !column.IsHidden)
            .AssertSame(RowTable.Read(loaded), "fresh process");
    }
}
