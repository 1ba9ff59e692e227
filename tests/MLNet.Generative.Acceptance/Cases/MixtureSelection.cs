using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative.Acceptance;

/// <summary>
/// Which Gaussian mixture: all numbers of components up to a largest one and all 14 covariance structures, on Old Faithful and iris, as a user asks for them, with several seeds.
/// The known answers are three components of equal covariance, EEE,3, and two of equal shape, VEV,2.
/// </summary>
/// <param name="largestNumberOfComponents">The largest number of components.</param>
/// <param name="numberOfSeeds">How many selections on each data set.</param>
public sealed class MixtureSelection(int largestNumberOfComponents, int numberOfSeeds) : IAcceptanceCase
{
    private const double Tolerance = 1e-5;

    private static readonly (string Name, string File, int Features, string Structure, int Components, double Bic)[] s_answers =
    [
        ("Old Faithful", "faithful.csv", 2, "EEE", 3, 2314.295678),
        ("iris", "iris.csv", 4, "VEV", 2, 561.728462),
    ];

    /// <summary>The full size.</summary>
    public MixtureSelection()
        : this(largestNumberOfComponents: 9, numberOfSeeds: 5)
    {
    }

    /// <inheritdoc/>
    public string Name => "gmm-selection";

    /// <inheritdoc/>
    public string Summary => $"1 to {largestNumberOfComponents} components × 14 covariance structures on Old Faithful and iris, {numberOfSeeds} seeds each: the answer and the time.";

    /// <inheritdoc/>
    public IReadOnlyList<DataFolder> Needs => [];

    // All selections together, the first with all that .NET compiles for it.
    private static double MostSeconds => Environment.ProcessorCount >= 4 ? 10 : 20;

    /// <inheritdoc/>
    public IEnumerable<AcceptanceFigure> Measure(AcceptanceRun run)
    {
        double total = 0;
        foreach ((string name, string file, int features, string structure, int components, double bic) in s_answers)
        {
            int right = 0;
            double longest = 0;
            double lowest = double.PositiveInfinity, highest = double.NegativeInfinity;
            for (int seed = 1; seed <= numberOfSeeds; seed++)
            {
                var mlContext = new MLContext(seed);
                IDataView data = mlContext.Data.LoadFromTextFile(
                    Path.Combine(AppContext.BaseDirectory, "data", file), [new TextLoader.Column("Features", DataKind.Double, 0, features - 1)], separatorChar: ',', hasHeader: true);

                long start = Stopwatch.GetTimestamp();
                GaussianMixtureSelection<GaussianMixtureTransformer> selection =
                    mlContext.Clustering.SelectGaussianMixture(data, maximumNumberOfComponents: largestNumberOfComponents);
                double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

                GaussianMixtureSelectionRow best = selection.BestRow;
                run.Report($"{name}, seed {seed}: {best.Structure},{best.NumberOfComponents} in {seconds:f2} s");
                right += best.Structure == structure && best.NumberOfComponents == components ? 1 : 0;
                total += seconds;
                longest = Math.Max(longest, seconds);
                (lowest, highest) = (Math.Min(lowest, best.Get(InformationCriterion.Bic)), Math.Max(highest, best.Get(InformationCriterion.Bic)));
            }
            yield return new AcceptanceFigure($"{name}: seeds that name {structure},{components}", right, numberOfSeeds, numberOfSeeds);
            yield return new AcceptanceFigure($"{name}: lowest BIC of the best", lowest, bic - Tolerance, bic + Tolerance);
            yield return new AcceptanceFigure($"{name}: highest BIC of the best", highest, bic - Tolerance, bic + Tolerance);
            yield return new AcceptanceFigure($"{name}: longest selection, s", longest);
        }
        yield return new AcceptanceFigure("all selections together, s", total, Highest: MostSeconds);
    }
}
