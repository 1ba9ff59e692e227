using System.Globalization;

namespace MLNet.Generative;

/// <summary>How a variational autoencoder describes data: sums over features, means over rows, in nats.</summary>
public sealed class VaeMetrics
{
    internal VaeMetrics(
        long numberOfRows, double reconstruction, IReadOnlyList<double> klDivergencePerDimension, int numberOfActiveUnits, double importanceWeightedLogLikelihood, int numberOfImportanceSamples)
    {
        NumberOfRows = numberOfRows;
        Reconstruction = reconstruction;
        KlDivergencePerDimension = klDivergencePerDimension;
        KlDivergence = klDivergencePerDimension.Sum();
        NumberOfActiveUnits = numberOfActiveUnits;
        ImportanceWeightedLogLikelihood = importanceWeightedLogLikelihood;
        NumberOfImportanceSamples = numberOfImportanceSamples;
    }

    /// <summary>The number of rows.</summary>
    public long NumberOfRows { get; }

    /// <summary>The evidence lower bound, <see cref="Reconstruction"/> − <see cref="KlDivergence"/>: a lower bound on log p(x), up to the sampling error of the scores. The mean of the log-density column where <see cref="VaeEstimator.Options.ScoringSamples"/> is 1.</summary>
    public double Elbo => Reconstruction - KlDivergence;

    /// <summary>E_q[log p(x|z)], with all normalising constants; higher is better, and positive values are possible for real features.</summary>
    public double Reconstruction { get; }

    /// <summary>KL(q(z|x) ‖ p(z)), in closed form and without β: not negative.</summary>
    public double KlDivergence { get; }

    /// <summary>The KL divergence of each latent dimension; they sum to <see cref="KlDivergence"/>.</summary>
    public IReadOnlyList<double> KlDivergencePerDimension { get; }

    /// <summary>The number of latent dimensions whose posterior mean has a variance above 0.01 over the rows (Burda, Grosse and Salakhutdinov 2015, section 5.2).</summary>
    public int NumberOfActiveUnits { get; }

    /// <summary>The importance-weighted bound with <see cref="NumberOfImportanceSamples"/> samples: nearer to log p(x) the more there are (the same, equation 8).</summary>
    public double ImportanceWeightedLogLikelihood { get; }

    /// <summary>K, the number of samples of that bound.</summary>
    public int NumberOfImportanceSamples { get; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"ELBO {Elbo:f4} (reconstruction {Reconstruction:f4}, KL {KlDivergence:f4}), importance-weighted log-likelihood {ImportanceWeightedLogLikelihood:f4} ({NumberOfImportanceSamples} samples), {NumberOfActiveUnits} of {KlDivergencePerDimension.Count} latent dimensions active, {NumberOfRows} rows");
}
