using System.Text;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Epochs in a folder for TensorBoard.</summary>
public sealed class TensorBoardTests : TorchTests
{
    [Fact]
    public void Every_epoch_is_written_with_its_parts()
    {
        using var folder = new TemporaryFolder();
        VaeFit fit = SmallVae.Fit(options => (options.TensorBoardFolder, options.NumberOfEpochs, options.ValidationFraction) = (Path.Combine(folder.FullPath, "run"), 3, 0.2f));
        string file = Assert.Single(Directory.GetFiles(Path.Combine(folder.FullPath, "run")));
        byte[] bytes = File.ReadAllBytes(file);
        string text = Encoding.Latin1.GetString(bytes);
        foreach (string tag in (string[])["objective/training", "objective/validation", "parts/reconstruction", "parts/kl_divergence", "parts/active_units", "training/learning_rate", "training/beta", "training/rows_per_second"])
            Assert.Equal(3, text.Split(tag).Length - 1);
        foreach (VaeEpoch epoch in fit.Summary.Epochs)
            Assert.True(bytes.AsSpan().IndexOf(BitConverter.GetBytes((float)epoch.ValidationObjective!.Value)) > 0);
    }

    [Fact]
    public void Without_a_folder_nothing_is_written()
    {
        string before = Directory.GetCurrentDirectory();
        int entries = Directory.GetFileSystemEntries(before).Length;
        SmallVae.Fit(options => options.NumberOfEpochs = 1);
        Assert.Equal(entries, Directory.GetFileSystemEntries(before).Length);
    }
}
