namespace MLNet.Generative.Acceptance;

/// <summary>Zeros and ones drawn anew for every batch, test images drawn once: a proper density, whose importance-weighted bounds approach log p(x) (Burda, Grosse and Salakhutdinov 2015).</summary>
/// <param name="numberOfEpochs">How often training goes through the images.</param>
/// <param name="highestLoss">The most that the test loss may be.</param>
/// <param name="highestBound">The most that the importance-weighted loss with the largest number of samples may be.</param>
public sealed class BinarizedImagesVae(int numberOfEpochs, double highestLoss, double highestBound) : VaeOnImages("vae-binarized", numberOfEpochs)
{
    private const int SeedOfTestImages = 2;
    private const int RowsOfImportanceSampling = 1000;
    private const int MostImportanceSamples = 1000;

    /// <summary>The full size.</summary>
    public BinarizedImagesVae()
        : this(numberOfEpochs: 20, highestLoss: 101, highestBound: 94.7)
    {
    }

    /// <inheritdoc/>
    public override string Summary => $"MNIST, zeros and ones drawn for every batch, {NumberOfEpochs} epochs: test loss and importance-weighted bounds.";

    /// <inheritdoc/>
    public override IEnumerable<AcceptanceFigure> Measure(ImageSet images, AcceptanceRun run)
    {
        (VaeTransformer model, IReadOnlyList<AcceptanceFigure> training) = Train(images.Training, drawsZerosAndOnes: true, run);
        foreach (AcceptanceFigure figure in training)
            yield return figure;

        IReadOnlyList<float[]> test = ImageSet.Binarize(images.Test, SeedOfTestImages);
        VaeMetrics metrics = Evaluate(model, test);
        yield return new AcceptanceFigure("test loss, the negative ELBO", -metrics.Elbo, Highest: highestLoss);
        yield return new AcceptanceFigure("test KL divergence", metrics.KlDivergence);

        IReadOnlyList<float[]> first = [.. test.Take(RowsOfImportanceSampling)];
        foreach (int samples in (int[])[1, 10, 100, MostImportanceSamples])
        {
            VaeMetrics weighted = Evaluate(model, first, samples);
            double bound = samples == MostImportanceSamples ? highestBound : double.PositiveInfinity;
            yield return new AcceptanceFigure($"importance-weighted loss, K = {samples}, {first.Count} rows", -weighted.ImportanceWeightedLogLikelihood, Highest: bound);
        }
    }
}
