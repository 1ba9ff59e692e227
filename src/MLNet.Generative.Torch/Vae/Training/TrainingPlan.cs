using System.Globalization;

namespace MLNet.Generative;

/// <summary>What the data decide before training starts: the likelihood, the scaling of features, and whether they can be learned from at all.</summary>
/// <param name="Architecture">What the autoencoder is made of.</param>
/// <param name="Scaling">The network's units.</param>
/// <param name="Remarks">What is worth knowing.</param>
/// <param name="Warnings">What asks for attention.</param>
internal sealed record TrainingPlan(VaeArchitecture Architecture, FeatureScaling Scaling, IReadOnlyList<string> Remarks, IReadOnlyList<string> Warnings)
{
    // Beyond this ratio of a noise to a feature's scale, residuals have no digits left in 32 bits, and the squares of gradients overflow.
    private const double LargestRatio = 1e8;

    /// <summary>The values that are not known.</summary>
    public MissingFeatures Missing { get; init; } = MissingFeatures.None;

    /// <summary>Checks rows and options against each other.</summary>
    /// <param name="rows">The rows, one after another, with NaN for a value that is missing.</param>
    /// <param name="weights">A positive weight for each; empty for weights of 1.</param>
    /// <param name="dimension">The number of features.</param>
    /// <param name="options">Options that have been checked by themselves.</param>
    /// <param name="names">What errors call a feature.</param>
    /// <exception cref="ArgumentException">There are no rows, their number of values is no multiple of the dimension, or the noise has another scale than the data.</exception>
    /// <exception cref="InvalidOperationException">A value is infinite, or cannot occur under the likelihood, or a feature is missing in every row.</exception>
    public static TrainingPlan Create(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, int dimension, VaeEstimator.Options options, FeatureNames names)
    {
        CheckShape(rows, dimension);
        var missing = MissingFeatures.Find(rows, dimension, names);
        int count = rows.Length / dimension - missing.EmptyRows.Count;
        var remarks = new List<string>(missing.Remarks());
        var warnings = new List<string>();
        VaeLikelihood likelihood = options.Likelihood;
        if (likelihood == VaeLikelihood.Auto)
        {
            // Missing values are looked for like others: Equals takes NaN for equal to itself.
            bool isBinary = !rows.ContainsAnyExcept(0, 1, double.NaN);
            likelihood = isBinary || options.DynamicBinarization ? VaeLikelihood.Bernoulli : VaeLikelihood.Gaussian;
            string reason = isBinary ? "every value is 0 or 1" : options.DynamicBinarization ? "training draws zeros and ones" : "not every value is 0 or 1";
            remarks.Add($"Likelihood {likelihood} was chosen, because {reason}.");
        }
        CheckValues(rows, dimension, likelihood, names, options.DynamicBinarization);

        var architecture = new VaeArchitecture(
            dimension, options.LatentDimension, options.HiddenLayers, options.DecoderHiddenLayers!, options.Activation, likelihood, options.FixedStandardDeviation);
        FeatureScaling scaling = FeatureScaling.None(dimension);
        if (architecture.IsGaussian)
        {
            scaling = FeatureScaling.Standardize(rows, dimension, out IReadOnlyList<int> constant, weights);
            if (constant.Count > 0)
            {
                string floor = likelihood == VaeLikelihood.Gaussian ? ", and their density is bounded only by the floor of the variance" : "";
                warnings.Add($"{constant.Count} of {dimension} features are constant, the first of them {names.Feature(constant[0])}: they carry no information{floor}.");
            }
            CheckScales(scaling, architecture, names);
        }
        if (options.ValidationFraction > 0 && TrainingRows.CountValidation(count, options.ValidationFraction) == 0)
        {
            if (options.EarlyStoppingPatience is not null)
                throw new ArgumentException($"ValidationFraction {options.ValidationFraction} of {count} rows is none, so there is nothing to tell when to stop. Raise ValidationFraction, or give no EarlyStoppingPatience.", nameof(options));
            warnings.Add($"ValidationFraction {options.ValidationFraction} of {count} rows is none, so nothing is kept for validation.");
        }
        if (options.LatentDimension > dimension)
            remarks.Add($"There are more latent dimensions ({options.LatentDimension}) than features ({dimension}); with Beta near 1, those that are not needed should become inactive.");
        return new TrainingPlan(architecture, scaling, remarks, warnings) { Missing = missing };
    }

    /// <summary>Throws unless there are rows, all of them whole.</summary>
    /// <exception cref="ArgumentException">There are no rows, or their number of values is no multiple of the dimension.</exception>
    public static void CheckShape(ReadOnlySpan<double> rows, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (rows.IsEmpty || rows.Length % dimension != 0)
            throw new ArgumentException($"There are {rows.Length} values, which is not one or more rows of {dimension} features.", nameof(rows));
    }

    /// <summary>Throws if a value is infinite, or cannot occur under a likelihood. A missing one is neither.</summary>
    /// <exception cref="InvalidOperationException">There is such a value.</exception>
    public static void CheckValues(ReadOnlySpan<double> rows, int dimension, VaeLikelihood likelihood, FeatureNames names, bool isBinarized = false)
    {
        bool isUnitInterval = likelihood is VaeLikelihood.Bernoulli or VaeLikelihood.ContinuousBernoulli;
        for (int i = 0; i < rows.Length; i++)
        {
            double value = rows[i];
            if (double.IsNaN(value) || double.IsFinite(value) && (!isUnitInterval || value is >= 0 and <= 1))
                continue;
            string found = $"Row {i / dimension}, {names.Feature(i % dimension)} is {names.Value(value)}";
            if (!double.IsFinite(value))
                throw new InvalidOperationException($"{found}. Features must be finite: remove the row, or replace the value.");
            string advice = isBinarized ? "switch DynamicBinarization off" : $"use likelihood {nameof(VaeLikelihood.Gaussian)}";
            throw new InvalidOperationException($"{found}, but likelihood {likelihood} is for values from 0 to 1. Scale the values to that range, or {advice}.");
        }
    }

    private static void CheckScales(FeatureScaling scaling, VaeArchitecture architecture, FeatureNames names)
    {
        if (architecture.Likelihood == VaeLikelihood.Gaussian)
            return;
        bool isFixed = architecture.Likelihood == VaeLikelihood.GaussianFixedVariance;
        double unit = isFixed ? architecture.FixedStandardDeviation : FeatureScaling.RootMeanSquare(scaling.Scales);
        for (int j = 0; j < scaling.Scales.Length; j++)
        {
            double ratio = unit / scaling.Scales[j];
            if (ratio is >= 1 / LargestRatio and <= LargestRatio)
                continue;
            string what = isFixed ? $"the given standard deviation, {unit:g3}" : $"the one of all features together, {unit:g3}";
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The standard deviation of {names.Feature(j)} is {scaling.Scales[j]:g3}, too far from {what}, for likelihood {architecture.Likelihood}. Use likelihood {nameof(VaeLikelihood.Gaussian)}, or normalise the features."));
        }
    }
}
