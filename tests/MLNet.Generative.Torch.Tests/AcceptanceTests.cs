using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative.Acceptance;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>The acceptance cases, which by hand run at full size, at a size that fits into a test; and the command that runs them.</summary>
[Collection(nameof(ProcessWideState))]
[Trait("Category", "Slow")]
public sealed class AcceptanceTests : IDisposable
{
    // Bars of random place and width on 8 × 8 pixels: as easy to learn as digits, and made here.
    private static readonly ImageSet Bars = new(DrawBars(2000, seed: 1), DrawBars(300, seed: 2));

    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Autoencoder_of_grey_images_learns_what_is_in_them()
    {
        // An untrained decoder gives every pixel the probability 1/2: 64 log 2 = 44.4 nats.
        AssertPasses(new GreyImagesVae(numberOfEpochs: 20, highestLoss: 24, lowestKl: 2, highestKl: 12));
    }

    [Fact]
    public void Autoencoder_of_zeros_and_ones_learns_what_is_in_them()
    {
        AssertPasses(new BinarizedImagesVae(numberOfEpochs: 20, highestLoss: 24, highestBound: 24));
    }

    [Fact]
    public void Importance_weighted_bounds_rise_with_the_number_of_samples()
    {
        var figures = new BinarizedImagesVae(numberOfEpochs: 5, 100, 100).Measure(Bars, NoData()).ToList();
        double[] losses = [.. figures.Where(figure => figure.Name.StartsWith("importance-weighted", StringComparison.Ordinal)).Select(figure => figure.Value)];
        Assert.Equal(4, losses.Length);
        Assert.Equal(losses.OrderDescending(), losses);
    }

    [Fact]
    public void Sequences_stream_through_a_hidden_Markov_model_in_flat_memory()
    {
        Assert.All(new StreamedSequences(numberOfSequences: 50_000, length: 50).Measure(NoData()), figure => Assert.True(figure.Passes, $"{figure}"));
    }

    [Fact]
    public void The_right_number_of_components_and_structure_is_found()
    {
        // The time is that of a machine with nothing else to do.
        AcceptanceFigure[] figures = [.. new MixtureSelection(largestNumberOfComponents: 4, numberOfSeeds: 1).Measure(NoData())];
        Assert.All(figures.Where(figure => !figure.Name.EndsWith(", s", StringComparison.Ordinal)), figure => Assert.True(figure.Passes, $"{figure}"));
        Assert.Equal(9, figures.Length);
    }

    [Fact]
    public void Rows_through_a_mixture_are_timed_beside_the_bare_model()
    {
        // Ratios of such small work mean nothing: what is tested is that they are measured.
        AcceptanceFigure[] figures = [.. new MixtureTransform(numberOfRows: 6000, numberOfRepetitions: 1).Measure(NoData())];
        Assert.Equal(7, figures.Length);
        Assert.All(figures, figure => Assert.True(figure.Value > 0 && double.IsFinite(figure.Value), $"{figure}"));
    }

    [Fact]
    public void Speed_is_measured_against_libtorch_alone()
    {
        // Ratios of such small work mean nothing: what is tested is that they are measured.
        AcceptanceFigure[] figures = [.. new VaeSpeed(numberOfRows: 600, numberOfRepetitions: 1).Measure(NoData())];
        Assert.Equal(8, figures.Length);
        Assert.All(figures, figure => Assert.True(figure.Value > 0 && double.IsFinite(figure.Value), $"{figure}"));
    }

    [Fact]
    public void Steps_of_training_leave_no_tensors()
    {
        AcceptanceFigure[] figures = [.. new VaeMemory(numberOfSteps: 200).Measure(NoData())];
        Assert.True(figures[0].Passes, $"{figures[0]}");
    }

    [Fact]
    public void Three_detectors_find_malignant_tissue_among_benign()
    {
        // Ten features of the thirty, and a tenth of the steps.
        var tissue = new AnomalySet("tissue", [.. ClassicData.Read("breast_cancer.csv", skip: 1, columns: 31).Chunk(31).Select(row =>
            (Array.ConvertAll(row[..10], value => (float)value), row[30] == 0))]);
        AcceptanceFigure[] figures = [.. new AnomalySets(numberOfSteps: 300, numberOfSeeds: 1).Measure([tissue], NoData())];
        Assert.Equal(["tissue: ELBO, AUROC in %", "tissue: Gaussian mixture, AUROC in %", "tissue: RandomizedPca, AUROC in %"], figures.Select(figure => figure.Name));
        Assert.All(figures, figure => Assert.InRange(figure.Value, 0, 100));
        Assert.All(figures[..2], figure => Assert.True(figure.Value > 90, $"{figure}"));
    }

    [Fact]
    public void Half_of_the_normal_rows_train_and_all_anomalies_test()
    {
        var set = new AnomalySet("", [.. Enumerable.Range(0, 31).Select(n => (new float[] { n, 2 * n }, n % 3 == 0))]);
        var context = new MLContext(seed: 1);
        (IDataView training, IDataView test) = set.Split(context, seed: 1);
        Assert.Equal(Enumerable.Repeat(0f, 10), training.GetColumn<float>("Label"));
        Assert.Equal((10, 11), (test.GetColumn<float>("Label").Count(label => label == 0), test.GetColumn<float>("Label").Count(label => label == 1)));
        Assert.Equal(31, training.GetColumn<float[]>("Features").Concat(test.GetColumn<float[]>("Features")).Select(row => row[0]).Distinct().Count());
        Assert.NotEqual(training.GetColumn<float[]>("Features"), set.Split(context, seed: 2).Training.GetColumn<float[]>("Features"));
    }

    [Fact]
    public void Sets_with_anomalies_are_read_and_a_wrong_line_is_named()
    {
        string path = _folder.PathOf("set.csv.gz");
        Write("f0,f1,label\n1.5,-2,0\n3e-1,4,1\n");
        AnomalySet set = AnomalySet.Read(path, "set");
        Assert.Equal([1.5f, -2, 0.3f, 4], set.Rows.SelectMany(row => row.Features));
        Assert.Equal([false, true], set.Rows.Select(row => row.IsAnomaly));

        Write("f0,f1,label\n1,2,0\n1,2,3\n");
        Assert.Contains("row 1: '1,2,3'", Assert.Throws<InvalidDataException>(() => AnomalySet.Read(path, "set")).Message, StringComparison.Ordinal);
        Write("f0,f1,label\n1,0\n");
        Assert.Contains("row 0: '1,0'", Assert.Throws<InvalidDataException>(() => AnomalySet.Read(path, "set")).Message, StringComparison.Ordinal);

        void Write(string text)
        {
            using var writer = new StreamWriter(new GZipStream(File.Create(path), CompressionLevel.Fastest));
            writer.Write(text);
        }
    }

    [Fact]
    public void Training_beside_another_is_timed_and_the_other_is_stopped()
    {
        var neighbours = new List<Neighbour>();
        AcceptanceFigure[] figures = [.. new VaeBesideTraining(numberOfRows: 300, numberOfEpochs: 2, threads =>
        {
            neighbours.Add(new Neighbour(threads));
            return neighbours[^1];
        }).Measure(NoData())];
        Assert.Equal(6, figures.Length);
        Assert.All(figures, figure => Assert.True(figure.Value > 0 && double.IsFinite(figure.Value), $"{figure}"));
        Assert.Equal([4, null], neighbours.Select(neighbour => neighbour.NumberOfThreads));
        Assert.All(neighbours, neighbour => Assert.True(neighbour.IsStopped));
    }

    [Fact]
    public void Neighbour_trains_until_its_input_ends()
    {
        using var isTraining = new ManualResetEventSlim();
        using var output = new Announcement(isTraining);
        using var input = new LateEnd(isTraining);
        TrainingNeighbour.Run("1", input, output);
        Assert.Equal("training", output.ToString().Trim());
    }

    [Fact]
    public void Command_reads_files_and_fails_where_a_figure_does()
    {
        IdxFile.WriteImages(_folder.PathOf(DataFolder.Mnist.Files[0]), Bars.Training);
        IdxFile.WriteImages(_folder.PathOf(DataFolder.Mnist.Files[1]), Bars.Test);
        var passing = new GreyImagesVae(numberOfEpochs: 1, highestLoss: 100, lowestKl: 0, highestKl: 100);
        var failing = new GreyImagesVae(numberOfEpochs: 1, highestLoss: 0.1, lowestKl: 0, highestKl: 100);
        string[] arguments = ["--mnist", Path.GetDirectoryName(_folder.PathOf("x"))!];

        Assert.Equal(AcceptanceCommand.Passed, new AcceptanceCommand([passing], _output).Run(arguments));
        Assert.DoesNotContain("FAIL", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal(AcceptanceCommand.Failed, new AcceptanceCommand([failing], _output).Run(arguments));
        Assert.Contains("FAIL", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Command_says_what_is_missing_and_how_to_give_it()
    {
        Assert.Equal(AcceptanceCommand.NotRun, Run("--mnist", _folder.PathOf("absent")));
        Assert.Contains("train-images-idx3-ubyte.gz", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("--mnist FOLDER", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("MLNET_GENERATIVE_MNIST", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--only", "nothing-like-it")]
    [InlineData("--only", null)]
    [InlineData("--mnist", null)]
    [InlineData("--other", "x")]
    public void Command_refuses_what_it_does_not_know(string option, string? value)
    {
        Assert.Equal(AcceptanceCommand.NotRun, Run(value is null ? [option] : [option, value]));
        Assert.Contains("--only NAME", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Command_lists_its_cases()
    {
        Assert.Equal(AcceptanceCommand.Passed, Run("--list"));
        Assert.Contains("vae-grey", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("vae-binarized", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("anomalies", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void One_epoch_of_MNIST_beats_the_independent_pixels()
    {
        string? folder = Environment.GetEnvironmentVariable(DataFolder.Mnist.EnvironmentVariable);
        Assert.SkipUnless(
            DataFolder.Mnist.Problem(DataFolder.FromEnvironment()) is null,
            $"{DataFolder.Mnist.Title} is not part of the project. Set {DataFolder.Mnist.EnvironmentVariable} to its folder.");
        ImageSet images = ImageSet.Read(folder!);
        Assert.Equal((60_000, 10_000, 784), (images.Training.Count, images.Test.Count, images.Test[0].Length));

        // Pixels that know nothing of each other: 206.
        ImageSet some = images with { Training = [.. images.Training.Take(20_000)], Test = [.. images.Test.Take(1000)] };
        AssertPasses(new GreyImagesVae(numberOfEpochs: 1, highestLoss: 170, lowestKl: 5, highestKl: 30), some);
    }

    private int Run(params string[] arguments) => new AcceptanceCommand(AcceptanceCommand.AllCases, _output).Run(arguments);

    private static void AssertPasses(VaeOnImages @case, ImageSet? images = null)
    {
        foreach (AcceptanceFigure figure in @case.Measure(images ?? Bars, NoData()))
            Assert.True(figure.Passes, $"{figure.Name}: {figure.Value}, but should be {figure.Bounds}.");
    }

    private static AcceptanceRun NoData() => new(new Dictionary<DataFolder, string>(), TextWriter.Null);

    private sealed class Neighbour(int? numberOfThreads) : IDisposable
    {
        public int? NumberOfThreads => numberOfThreads;

        public bool IsStopped { get; private set; }

        public void Dispose() => IsStopped = true;
    }

    /// <summary>Tells when it has been written to.</summary>
    private sealed class Announcement(ManualResetEventSlim isWritten) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            isWritten.Set();
        }
    }

    /// <summary>An input that ends once something has happened, or fails to.</summary>
    private sealed class LateEnd(ManualResetEventSlim hasHappened) : TextReader
    {
        public override string? ReadLine()
        {
            hasHappened.Wait(TimeSpan.FromMinutes(2));
            return null;
        }
    }

    private static float[][] DrawBars(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            (int place, int width, float grey, bool isUpright) = (random.Next(6), 1 + random.Next(3), 0.7f + 0.3f * random.NextSingle(), random.Next(2) == 0);
            bool IsInBar(int coordinate) => coordinate >= place && coordinate < place + width;
            return Enumerable.Range(0, 64).Select(pixel => IsInBar(isUpright ? pixel % 8 : pixel / 8) ? grey : 0).ToArray();
        })];
    }
}
