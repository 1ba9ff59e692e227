namespace MLNet.Generative.Acceptance;

/// <summary>Grey pixels with a Bernoulli decoder: the negative cross-entropy, which is no density but is what most published examples show.</summary>
/// <param name="numberOfEpochs">How often training goes through the images.</param>
/// <param name="highestLoss">The most that the test loss may be.</param>
/// <param name="lowestKl">The least that the KL divergence may be.</param>
/// <param name="highestKl">The most that the KL divergence may be.</param>
public sealed class GreyImagesVae(int numberOfEpochs, double highestLoss, double lowestKl, double highestKl) : VaeOnImages("vae-grey", numberOfEpochs)
{
    /// <summary>The full size.</summary>
    public GreyImagesVae()
        : this(numberOfEpochs: 10, highestLoss: 106.3, lowestKl: 24, highestKl: 27)
    {
    }

    /// <inheritdoc/>
    public override string Summary => $"MNIST, grey pixels, Bernoulli decoder, {NumberOfEpochs} epochs: test loss and KL divergence.";

    /// <inheritdoc/>
    public override IEnumerable<AcceptanceFigure> Measure(ImageSet images, AcceptanceRun run)
    {
        (VaeTransformer model, IReadOnlyList<AcceptanceFigure> training) = Train(images.Training, drawsZerosAndOnes: false, run);
        foreach (AcceptanceFigure figure in training)
            yield return figure;

        VaeMetrics metrics = Evaluate(model, images.Test);
        yield return new AcceptanceFigure("test loss, the negative ELBO", -metrics.Elbo, Highest: highestLoss);
        yield return new AcceptanceFigure("test KL divergence", metrics.KlDivergence, lowestKl, highestKl);
        yield return new AcceptanceFigure("test reconstruction loss", -metrics.Reconstruction);
    }
}
