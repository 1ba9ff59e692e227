using TorchSharp;

namespace MLNet.Generative;

/// <summary>
/// p(x|z): makes a distribution of a decoder's output. Rows are in the network's units; log-densities are in the features' own units, with all normalising constants.
/// </summary>
internal abstract class DecoderLikelihood : IDisposable
{
    /// <summary>log p(x|z) of each row, summed over features, in double precision.</summary>
    /// <param name="rows">Rows × D, in the network's units: finite, also where nothing was observed.</param>
    /// <param name="decoded">The decoder's output, … × rows × D.</param>
    /// <param name="observed">Which features of the rows are known, rows × D truth values: the others are left out of the sum. <see langword="null"/> if all are.</param>
    /// <returns>… × rows.</returns>
    public abstract torch.Tensor LogDensity(torch.Tensor rows, torch.Tensor decoded, torch.Tensor? observed = null);

    /// <summary>Whether <see cref="WithGradient"/> knows the gradient.</summary>
    public virtual bool HasWrittenGradient => false;

    /// <summary>
    /// log p(x|z) as <see cref="LogDensity"/>, and the gradient of some multiple of it with respect to the decoder's output, … × rows × D, where that is a formula; <see langword="null"/> if it has
    /// to be found by differentiation, because the likelihood has parameters of its own.
    /// </summary>
    /// <param name="rows">Rows × D, in the network's units: finite, also where nothing was observed.</param>
    /// <param name="decoded">The decoder's output, … × rows × D, of which no gradient is wanted.</param>
    /// <param name="observed">Which features of the rows are known, rows × D truth values: the others have no gradient. <see langword="null"/> if all are.</param>
    /// <param name="scale">The multiple.</param>
    public virtual (torch.Tensor LogDensity, torch.Tensor Gradient)? WithGradient(torch.Tensor rows, torch.Tensor decoded, torch.Tensor? observed, double scale) => null;

    /// <summary>E[x|z], in the network's units.</summary>
    /// <param name="decoded">The decoder's output.</param>
    public abstract torch.Tensor Mean(torch.Tensor decoded);

    /// <summary>A draw of x given z, in the network's units.</summary>
    /// <param name="decoded">The decoder's output.</param>
    /// <param name="generator">Where random numbers come from.</param>
    public abstract torch.Tensor Draw(torch.Tensor decoded, torch.Generator generator);

    /// <summary>The derivative of log p(x|z) with respect to the decoder's output, and the expectation over x of its negative second derivative, of each feature in double precision.</summary>
    /// <param name="rows">Rows × D, in the network's units: finite.</param>
    /// <param name="decoded">The decoder's output, … × rows × D.</param>
    /// <returns>The score and the Fisher information, … × rows × D.</returns>
    public abstract (torch.Tensor Score, torch.Tensor Information) ScoreAndInformation(torch.Tensor rows, torch.Tensor decoded);

    /// <summary>The least and the greatest value that can occur at all, in the features' units.</summary>
    public virtual (double Lowest, double Highest) Support => (double.MinValue, double.MaxValue);

    /// <summary>The noise variance of each feature, in the features' squared units; empty if the likelihood is not Gaussian.</summary>
    public virtual double[] NoiseVariances() => [];

    /// <summary>How many features have a noise that the floor of the variance keeps from vanishing.</summary>
    public virtual int CountAtFloor() => 0;

    /// <summary>The likelihood of an architecture.</summary>
    public static DecoderLikelihood Create(VaeArchitecture architecture, FeatureScaling scaling, ParameterSet parameters, torch.Device device) => architecture.Likelihood switch
    {
        VaeLikelihood.Bernoulli => new BernoulliLikelihood(),
        VaeLikelihood.ContinuousBernoulli => new ContinuousBernoulliLikelihood(),
        VaeLikelihood.Gaussian => new GaussianLikelihood(scaling, parameters, device),
        VaeLikelihood.GaussianSharedVariance => new GaussianSharedVarianceLikelihood(scaling, parameters, device),
        VaeLikelihood.GaussianFixedVariance => new GaussianFixedVarianceLikelihood(scaling, architecture.FixedStandardDeviation, device),
        _ => throw new InvalidOperationException($"{architecture.Likelihood} is no likelihood of a decoder."),
    };

    /// <summary>Lets go of the tensors that it made; the parameters are not its own.</summary>
    public virtual void Dispose()
    {
    }

    /// <summary>Zeros in the place of features that are not known.</summary>
    protected static torch.Tensor OnlyObserved(torch.Tensor values, torch.Tensor? observed) =>
        observed is null ? values : torch.where(observed, values, torch.zeros_like(values));

    /// <summary>Sums over the features that are known, in double precision.</summary>
    protected static torch.Tensor SumOverFeatures(torch.Tensor values, torch.Tensor? observed) => OnlyObserved(values, observed).sum(-1, type: torch.float64);
}
