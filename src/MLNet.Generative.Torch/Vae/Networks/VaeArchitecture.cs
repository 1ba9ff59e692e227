namespace MLNet.Generative;

/// <summary>What a variational autoencoder is made of, without its weights.</summary>
/// <param name="Dimension">D, the number of features.</param>
/// <param name="LatentDimension">L, the number of latent dimensions.</param>
/// <param name="HiddenLayers">The sizes of the encoder's hidden layers, from the input on; empty for a linear encoder.</param>
/// <param name="DecoderHiddenLayers">The sizes of the decoder's hidden layers, from the latent code on.</param>
/// <param name="Activation">The function between layers.</param>
/// <param name="Likelihood">The distribution of a row given its code; never <see cref="VaeLikelihood.Auto"/>.</param>
/// <param name="FixedStandardDeviation">σ of <see cref="VaeLikelihood.GaussianFixedVariance"/>, in the features' units.</param>
internal sealed record VaeArchitecture(
    int Dimension,
    int LatentDimension,
    IReadOnlyList<int> HiddenLayers,
    IReadOnlyList<int> DecoderHiddenLayers,
    VaeActivation Activation,
    VaeLikelihood Likelihood,
    double FixedStandardDeviation)
{
    /// <summary>Whether features are standardised before they reach the encoder: those of a Gaussian likelihood are.</summary>
    public bool IsGaussian => Likelihood is VaeLikelihood.Gaussian or VaeLikelihood.GaussianSharedVariance or VaeLikelihood.GaussianFixedVariance;

    /// <summary>The number of variances that are learned: one per feature, one for all, or none.</summary>
    public int NumberOfVariances => Likelihood switch
    {
        VaeLikelihood.Gaussian => Dimension,
        VaeLikelihood.GaussianSharedVariance => 1,
        _ => 0,
    };

    /// <summary>The names, shapes and places of all parameters, in the order in which they are drawn, stored and read.</summary>
    public IEnumerable<ParameterShape> Parameters()
    {
        int width = Dimension;
        for (int layer = 0; layer < HiddenLayers.Count; layer++)
        {
            foreach (ParameterShape shape in Affine($"encoder.{layer}", width, HiddenLayers[layer]))
                yield return shape;
            width = HiddenLayers[layer];
        }
        foreach (ParameterShape shape in Affine("encoder.mean", width, LatentDimension).Concat(Affine("encoder.logVariance", width, LatentDimension)))
            yield return shape;

        width = LatentDimension;
        for (int layer = 0; layer < DecoderHiddenLayers.Count; layer++)
        {
            foreach (ParameterShape shape in Affine($"decoder.{layer}", width, DecoderHiddenLayers[layer]))
                yield return shape;
            width = DecoderHiddenLayers[layer];
        }
        foreach (ParameterShape shape in Affine("decoder.output", width, Dimension))
            yield return shape;

        if (NumberOfVariances > 0)
            yield return new ParameterShape("likelihood.logVariance", [NumberOfVariances], InitialBound: 0);
    }

    private static ParameterShape[] Affine(string name, int inputs, int outputs)
    {
        // The bound of torch's own layers.
        double bound = 1 / Math.Sqrt(inputs);
        return [new ParameterShape(name + ".weight", [outputs, inputs], bound), new ParameterShape(name + ".bias", [outputs], bound)];
    }
}

/// <summary>A parameter: its name, its shape, and the bound of the uniform distribution around 0 from which it is drawn.</summary>
internal sealed record ParameterShape(string Name, IReadOnlyList<long> Shape, double InitialBound)
{
    /// <summary>How many numbers it has.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => checked(product * size));
}
