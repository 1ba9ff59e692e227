namespace MLNet.Generative;

/// <summary>
/// What codes are drawn from to find an expectation under p(z|x_obs): most from Gaussians at its modes, some from wider ones, some from the encoder's q(z|x), and some from the prior, so that
/// where one of them is wrong another still finds the mass (Hesterberg 1995). Each gives a fixed number of pairs that lie opposite each other, and a code is weighed by the density of the whole
/// mixture, whichever gave it (the balance heuristic; Owen and Zhou 2000).
/// </summary>
internal sealed class DefensiveMixture
{
    private const double ShareOfModes = 0.6;
    private const double ShareOfWide = 0.2;
    private const double ShareOfEncoder = 0.1;
    private const double WideScale = 2;

    // Modes this near to each other, in squared standard deviations, are one.
    private const double SameMode = 0.01;

    private readonly List<(ProposalGaussian Gaussian, double Scale, double Share)> _components = [];
    private readonly int[] _firstPairs;
    private readonly double[] _logWeights;
    private readonly double[] _logDensities;

    /// <summary>Makes the mixture of a row.</summary>
    /// <param name="modes">The modes that were found; there may be none.</param>
    /// <param name="mean">The mean of q(z|x).</param>
    /// <param name="standardDeviation">Its standard deviations.</param>
    /// <param name="pairs">How many pairs of codes will be drawn.</param>
    public DefensiveMixture(IReadOnlyList<PosteriorMode> modes, double[] mean, double[] standardDeviation, int pairs)
    {
        AddModes(modes);
        if (Array.TrueForAll(mean, double.IsFinite) && Array.TrueForAll(standardDeviation, value => double.IsFinite(value) && value > 0))
            _components.Add((ProposalGaussian.Create(mean, standardDeviation), 1, ShareOfEncoder));
        double rest = 1 - _components.Sum(component => component.Share);
        double[] ones = new double[mean.Length];
        Array.Fill(ones, 1);
        _components.Add((ProposalGaussian.Create(new double[mean.Length], ones), 1, rest));

        _firstPairs = new int[_components.Count + 1];
        _logWeights = new double[_components.Count];
        _logDensities = new double[_components.Count];
        double sum = 0;
        for (int c = 0; c < _components.Count; c++)
        {
            (ProposalGaussian gaussian, double scale, double share) = _components[c];
            sum += share;
            _firstPairs[c + 1] = c + 1 == _components.Count ? pairs : (int)Math.Round(sum * pairs, MidpointRounding.AwayFromZero);
            // Without those factors of 2π that the prior has as well.
            _logWeights[c] = Math.Log((_firstPairs[c + 1] - _firstPairs[c]) / (double)pairs) + gaussian.LogDeterminant - mean.Length * Math.Log(scale);
        }
    }

    /// <summary>Draws a code, and weighs it.</summary>
    /// <param name="pair">Which pair it belongs to.</param>
    /// <param name="noise">Standard normal noise: that of the pair, or its opposite.</param>
    /// <param name="code">Receives L numbers.</param>
    /// <returns>log p(z) / r(z), with r the density of the mixture.</returns>
    public double Draw(int pair, ReadOnlySpan<double> noise, Span<float> code)
    {
        int chosen = 0;
        while (pair >= _firstPairs[chosen + 1])
            chosen++;
        _components[chosen].Gaussian.Draw(noise, _components[chosen].Scale, code);

        double squaredNorm = 0;
        foreach (float value in code)
            squaredNorm += (double)value * value;
        double largest = double.NegativeInfinity;
        ProposalGaussian? previous = null;
        double distance = 0;
        for (int c = 0; c < _components.Count; c++)
        {
            (ProposalGaussian gaussian, double scale, _) = _components[c];
            if (gaussian != previous)
                distance = gaussian.SquaredDistance(code);
            previous = gaussian;
            _logDensities[c] = _logWeights[c] - 0.5 * distance / (scale * scale);
            largest = Math.Max(largest, _logDensities[c]);
        }
        double sum = 0;
        foreach (double logDensity in _logDensities)
            sum += Math.Exp(logDensity - largest);
        return -0.5 * squaredNorm - largest - Math.Log(sum);
    }

    // Shared out by the mass of each mode, p(x_obs, z) |I + Jᵀ F J|^−½.
    private void AddModes(IReadOnlyList<PosteriorMode> modes)
    {
        var gaussians = new List<(ProposalGaussian Gaussian, double LogMass)>();
        foreach (PosteriorMode mode in modes.OrderByDescending(mode => mode.LogJoint))
        {
            float[] code = Array.ConvertAll(mode.Code, value => (float)value);
            if (gaussians.Exists(known => known.Gaussian.SquaredDistance(code) < SameMode))
                continue;
            var gaussian = ProposalGaussian.Create(mode.Code, mode.Precision);
            gaussians.Add((gaussian, mode.LogJoint - gaussian.LogDeterminant));
        }
        if (gaussians.Count == 0)
            return;
        double largest = gaussians.Max(known => known.LogMass);
        double total = gaussians.Sum(known => Math.Exp(known.LogMass - largest));
        foreach ((ProposalGaussian gaussian, double logMass) in gaussians)
        {
            double mass = Math.Exp(logMass - largest) / total;
            _components.Add((gaussian, 1, ShareOfModes * mass));
            _components.Add((gaussian, WideScale, ShareOfWide * mass));
        }
    }
}
