using MLNet.Generative;

namespace Microsoft.ML;

/// <summary>Extension methods that create hidden Markov models.</summary>
public static class HmmCatalog
{
    /// <summary>Creates a <see cref="HmmEstimator"/>, which learns a hidden Markov model from sequences and labels their steps, scores and samples with it.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="inputColumnName">
    /// The column of sequences: a vector of variable size of <see cref="float"/> or <see cref="double"/>, with D values per step, or of keys for categorical emissions.
    /// </param>
    /// <param name="numberOfStates">The number of hidden states: at least 1.</param>
    /// <param name="emission">The family of distributions that states emit.</param>
    /// <param name="covarianceType">What the covariances of Gaussians have in common.</param>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/> is null.</exception>
    /// <exception cref="ArgumentException">A parameter is out of range.</exception>
    /// <example>
    /// <code>
    /// IDataView sequences = mlContext.Data.GroupSequences(rows, "Machine", "Temperature");
    /// HmmTransformer model = mlContext.Transforms.Hmm("Temperature", numberOfStates: 3).Fit(sequences);
    /// </code>
    /// </example>
    public static HmmEstimator Hmm(
        this TransformsCatalog catalog,
        string inputColumnName = HmmEstimator.Options.Defaults.InputColumnName,
        int numberOfStates = HmmEstimator.Options.Defaults.NumberOfStates,
        EmissionType emission = EmissionType.Gaussian,
        CovarianceType covarianceType = CovarianceType.Full) =>
        Hmm(catalog, Options(inputColumnName, numberOfStates, emission, covarianceType));

    /// <summary>Creates a <see cref="HmmEstimator"/> with advanced options.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="options">The options; later changes to them have no effect.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static HmmEstimator Hmm(this TransformsCatalog catalog, HmmEstimator.Options options)
    {
        TrainingHost host = TrainingHost.Of(catalog, nameof(HmmEstimator));
        ArgumentNullException.ThrowIfNull(options);
        return new HmmEstimator(host, options);
    }

    /// <summary>Learns hidden Markov models with several numbers of states and compares them.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="data">The training data.</param>
    /// <param name="options">How to learn each; <see cref="HmmEstimator.Options.NumberOfStates"/> is ignored. Take 10 or more initialisations.</param>
    /// <param name="numbersOfStates">The numbers of states to compare, each at least 1.</param>
    /// <param name="criterion">What decides: the smallest wins, among models that are not degenerate.</param>
    /// <returns>The table and the best fitted transformer.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">
    /// An argument or option is out of range, a column is missing or has the wrong type, an initial model is given, or the smallest model cannot be learned from the data.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// There are no sequences, a length is no multiple of D, a value is missing or infinite, or a weight is negative or not finite.
    /// </exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public static HmmSelection<HmmTransformer> SelectHmm(
        this TransformsCatalog catalog,
        IDataView data,
        HmmEstimator.Options options,
        IReadOnlyList<int> numbersOfStates,
        InformationCriterion criterion = InformationCriterion.Bic)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Hmm(catalog, options).Select(data, numbersOfStates, criterion);
    }

    /// <summary>
    /// Creates an <see cref="AnomalyEstimator"/> on a <see cref="HmmEstimator"/>: sequences whose steps are improbable under the model are anomalies.
    /// </summary>
    /// <param name="catalog">The anomaly detection catalog's trainers.</param>
    /// <param name="inputColumnName">
    /// The column of sequences: a vector of variable size of <see cref="float"/> or <see cref="double"/>, with D values per step, or of keys for categorical emissions.
    /// </param>
    /// <param name="numberOfStates">The number of hidden states: at least 1.</param>
    /// <param name="emission">The family of distributions that states emit.</param>
    /// <param name="covarianceType">What the covariances of Gaussians have in common.</param>
    /// <param name="contamination">The share of training sequences that the threshold labels as anomalies: greater than 0, at most 0.5.</param>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/> is null.</exception>
    /// <exception cref="ArgumentException">A parameter is out of range.</exception>
    public static AnomalyEstimator Hmm(
        this AnomalyDetectionCatalog.AnomalyDetectionTrainers catalog,
        string inputColumnName = HmmEstimator.Options.Defaults.InputColumnName,
        int numberOfStates = HmmEstimator.Options.Defaults.NumberOfStates,
        EmissionType emission = EmissionType.Gaussian,
        CovarianceType covarianceType = CovarianceType.Full,
        float contamination = AnomalyEstimator.Options.DefaultContamination) =>
        Hmm(catalog, Options(inputColumnName, numberOfStates, emission, covarianceType), contamination);

    /// <summary>Creates an <see cref="AnomalyEstimator"/> on a <see cref="HmmEstimator"/> with advanced options.</summary>
    /// <param name="catalog">The anomaly detection catalog's trainers.</param>
    /// <param name="options">The model's options; later changes to them have no effect. Their output columns do not appear in the output.</param>
    /// <param name="contamination">The share of training sequences that the threshold labels as anomalies: greater than 0, at most 0.5.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static AnomalyEstimator Hmm(
        this AnomalyDetectionCatalog.AnomalyDetectionTrainers catalog,
        HmmEstimator.Options options,
        float contamination = AnomalyEstimator.Options.DefaultContamination)
    {
        TrainingHost host = TrainingHost.Of(catalog, nameof(HmmEstimator));
        ArgumentNullException.ThrowIfNull(options);
        return catalog.FromDensity(new HmmEstimator(host, options), contamination);
    }

    private static HmmEstimator.Options Options(string inputColumnName, int numberOfStates, EmissionType emission, CovarianceType covarianceType) =>
        new()
        {
            InputColumnName = inputColumnName,
            NumberOfStates = numberOfStates,
            Emission = emission,
            CovarianceType = covarianceType,
        };
}
