using System.Globalization;

namespace MLNet.Generative.Acceptance;

/// <summary>
/// Six sets with known anomalies, half of the normal rows to train on, the other half and all anomalies to test on: the area under the ROC curve of an autoencoder's ELBO, and beside it
/// a Gaussian mixture's and ML.NET's <c>RandomizedPca</c>'s; means over seeds of split and training.
/// </summary>
/// <param name="numberOfSteps">How many steps train an autoencoder.</param>
/// <param name="numberOfSeeds">How many splits and trainings a figure is the mean of.</param>
public sealed class AnomalySets(int numberOfSteps, int numberOfSeeds) : IAcceptanceCase
{
    private static readonly IReadOnlyDictionary<string, double> s_lowest = new Dictionary<string, double> { ["vowels"] = 95, ["Ionosphere"] = 95, ["glass"] = 85 };

    /// <summary>The full size.</summary>
    public AnomalySets()
        : this(numberOfSteps: 3000, numberOfSeeds: 3)
    {
    }

    /// <inheritdoc/>
    public string Name => "anomalies";

    /// <inheritdoc/>
    public string Summary => $"Six sets with anomalies: area under the ROC curve of ELBO, Gaussian mixture and RandomizedPca, mean of {numberOfSeeds} seeds.";

    /// <inheritdoc/>
    public IReadOnlyList<DataFolder> Needs => [DataFolder.Anomalies];

    /// <inheritdoc/>
    public IEnumerable<AcceptanceFigure> Measure(AcceptanceRun run) =>
        Measure(DataFolder.Anomalies.Files.Select(file => AnomalySet.Read(Path.Combine(run.PathOf(DataFolder.Anomalies), file), NameOf(file))), run);

    /// <summary>The same on sets of any kind.</summary>
    public IEnumerable<AcceptanceFigure> Measure(IEnumerable<AnomalySet> sets, AcceptanceRun run)
    {
        foreach (AnomalySet set in sets)
        {
            double lowest = s_lowest.GetValueOrDefault(set.Name, double.NegativeInfinity);
            yield return new AcceptanceFigure($"{set.Name}: ELBO, AUROC in %", Mean("ELBO", detectors => detectors.AreaOfElbo(set)), lowest);
            yield return new AcceptanceFigure($"{set.Name}: Gaussian mixture, AUROC in %", Mean("Gaussian mixture", detectors => detectors.AreaOfGaussianMixture(set)));
            yield return new AcceptanceFigure($"{set.Name}: RandomizedPca, AUROC in %", Mean("RandomizedPca", detectors => detectors.AreaOfRandomizedPca(set)));

            double Mean(string detector, Func<AnomalyDetectors, double> measure)
            {
                double[] areas = [.. Enumerable.Range(1, numberOfSeeds).Select(seed => measure(new AnomalyDetectors(numberOfSteps, seed)))];
                run.Report($"{set.Name}, {detector}: {string.Join(", ", areas.Select(area => area.ToString("f2", CultureInfo.InvariantCulture)))}");
                return areas.Average();
            }
        }
    }

    // 14_glass.csv.gz is called glass.
    private static string NameOf(string file) => file[(file.IndexOf('_', StringComparison.Ordinal) + 1)..file.IndexOf('.', StringComparison.Ordinal)];
}
