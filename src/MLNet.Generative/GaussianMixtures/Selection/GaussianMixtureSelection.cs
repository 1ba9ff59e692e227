using Microsoft.ML;

namespace MLNet.Generative;

/// <summary>Mixtures with several numbers of components and covariance types, fitted to the same rows, and the best of them.</summary>
/// <typeparam name="TFit">What a fit is: a <see cref="GaussianMixtureTransformer"/> or a <see cref="GaussianMixtureFit"/>.</typeparam>
public sealed class GaussianMixtureSelection<TFit>
    where TFit : class
{
    // mclust lists three; a few more show how close the race was.
    private const int NumberOfPrintedFits = 10;

    internal GaussianMixtureSelection(IReadOnlyList<GaussianMixtureSelectionRow> table, InformationCriterion criterion, GaussianMixtureSelectionRow bestRow, TFit best)
    {
        Table = table;
        Criterion = criterion;
        BestRow = bestRow;
        Best = best;
    }

    /// <summary>One row for each mixture: numbers of components upwards, and for each all covariance types.</summary>
    public IReadOnlyList<GaussianMixtureSelectionRow> Table { get; }

    /// <summary>What decided.</summary>
    public InformationCriterion Criterion { get; }

    /// <summary>
    /// The mixture with the smallest criterion among those that are not degenerate, or among all if all are. Of equal ones, such as all with one component and a full
    /// covariance, the first in the table with the fewest parameters.
    /// </summary>
    public TFit Best { get; }

    /// <summary>Its row of the <see cref="Table"/>.</summary>
    public GaussianMixtureSelectionRow BestRow { get; }

    /// <summary>The table as a data view, to save, print or plot with ML.NET.</summary>
    /// <param name="mlContext">The context that makes the view.</param>
    /// <returns>
    /// One row for each mixture, with columns NumberOfComponents (<see cref="int"/>), CovarianceType (text, the letters), LogLikelihood, NumberOfParameters, Aic, Aicc, Bic, Icl
    /// (all <see cref="double"/>, NaN where no mixture could be fitted), NumberOfIterations (<see cref="int"/>), StopReason (text), IsDegenerate, IsBest (<see cref="bool"/>)
    /// and Notes (text).
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="mlContext"/> is null.</exception>
    public IDataView ToDataView(MLContext mlContext)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        return mlContext.Data.LoadFromEnumerable(Table.Select(row => new GaussianMixtureSelectionRecord(row, ReferenceEquals(row, BestRow))).ToArray());
    }

    /// <summary>
    /// The table as text: the criterion of every mixture, a line for each number of components and a column for each covariance type, with a star at the best; then the ten
    /// best in detail.
    /// </summary>
    public override string ToString() => ToString(NumberOfPrintedFits);

    /// <summary>The table as text, as <see cref="ToString()"/> gives it, with another number of mixtures in detail.</summary>
    /// <param name="numberOfFits">How many of the best mixtures to describe: not negative; <see cref="int.MaxValue"/> for all.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="numberOfFits"/> is negative.</exception>
    public string ToString(int numberOfFits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(numberOfFits);
        return GaussianMixtureSelectionText.Of(Table, Criterion, BestRow, numberOfFits);
    }

    /// <summary>The same table with the best mixture as something else.</summary>
    internal GaussianMixtureSelection<TOther> With<TOther>(Func<TFit, TOther> convert)
        where TOther : class => new(Table, Criterion, BestRow, convert(Best));
}
