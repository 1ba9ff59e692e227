namespace MLNet.Generative;

/// <summary>Where EM starts: what every covariance structure makes a model of its own from.</summary>
internal abstract class StartingPoint
{
    /// <summary>The model to start from.</summary>
    /// <param name="maximization">An M-step under the structure.</param>
    public abstract GaussianMixtureModel Under(MixtureMaximization maximization);
}

/// <summary>A given model.</summary>
internal sealed class StartingModel(GaussianMixtureModel model) : StartingPoint
{
    public override GaussianMixtureModel Under(MixtureMaximization maximization) => model;
}

/// <summary>Means, with equal weights and the covariance of all rows.</summary>
internal sealed class StartingCenters(double[][] centers) : StartingPoint
{
    public override GaussianMixtureModel Under(MixtureMaximization maximization) =>
        maximization.Run(Array.ConvertAll(centers, center => maximization.OfAllRows(center, weight: 1)));
}

/// <summary>Responsibilities of every row. Their statistics are taken once, for structures with diagonal covariances and for the others.</summary>
internal sealed class StartingResponsibilities : StartingPoint
{
    private readonly double[][] _references;
    private readonly Lazy<MixtureStatistics> _diagonal;
    private readonly Lazy<MixtureStatistics> _full;

    public StartingResponsibilities(
        WeightedRows rows, int numberOfComponents, Responsibilities responsibilities, double[] mean, int numberOfThreads, CancellationToken cancellationToken)
    {
        _references = [.. Enumerable.Repeat(mean, numberOfComponents)];
        MixtureStatistics Of(bool isDiagonal) =>
            new MixtureExpectation(rows, numberOfComponents, isDiagonal, numberOfThreads, cancellationToken).Run(responsibilities, _references);
        _diagonal = new(() => Of(isDiagonal: true));
        _full = new(() => Of(isDiagonal: false));
    }

    public override GaussianMixtureModel Under(MixtureMaximization maximization) =>
        maximization.Run((maximization.IsDiagonal ? _diagonal : _full).Value, _references);
}
