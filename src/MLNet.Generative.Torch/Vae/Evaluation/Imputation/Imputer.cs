using MathNet.Numerics.Distributions;

namespace MLNet.Generative;

/// <summary>
/// Fills in missing values: E[x_mis | x_obs] ≈ Σ_k w_k E[x_mis | z_k] / Σ_k w_k with w_k = p(x_obs | z_k) p(z_k) / r(z_k), and z_k drawn from r (Mattei and Frellsen 2019, section 3). r is a
/// <see cref="DefensiveMixture"/> and not the encoder's q(z|x), which has never been asked what else could be where nothing is known. The noise behind z_k is the same for every row: a row's
/// values depend on that row alone. Made once per use, for one thread.
/// </summary>
internal sealed class Imputer
{
    private readonly VaeModel _model;
    private readonly int _samples;
    private readonly double[] _noise;
    private readonly StartCodes _starts;
    private readonly float[] _codes;
    private readonly double[] _logRatios = new double[CodeInference.CodesPerCall];
    private double[]? _marginalMeans;

    /// <summary>Makes an imputer.</summary>
    /// <param name="model">The model.</param>
    /// <param name="samples">K, the number of codes for a row.</param>
    /// <param name="seed">The seed of the noise.</param>
    public Imputer(VaeModel model, int samples, int seed)
    {
        _model = model;
        _samples = samples;
        if ((long)NumberOfPairs * model.LatentDimension > Array.MaxLength)
            throw new ArgumentOutOfRangeException(nameof(samples), samples, $"{samples} importance samples are too many for {model.LatentDimension} latent dimensions. Take fewer: 10,000 are a lot.");
        _noise = new double[NumberOfPairs * model.LatentDimension];
        Normal.Samples(new Random(seed), _noise, 0, 1);
        _starts = new StartCodes(model.Inference.Codes, model.LatentDimension);
        _codes = new float[CodeInference.CodesPerCall * model.LatentDimension];
    }

    private int NumberOfPairs => _samples / 2 + _samples % 2;

    private CodeInference Codes => _model.Inference.Codes;

    /// <summary>Fills in the missing values of a row. Of a row that has no known value, or one that is infinite or cannot occur, they are the means over all rows that the model gives.</summary>
    /// <param name="row">D values, with NaN for a missing one.</param>
    /// <param name="completed">Receives D values; those that are known as they are.</param>
    public void Impute(ReadOnlySpan<double> row, Span<double> completed)
    {
        row.CopyTo(completed);
        if (!completed.Contains(double.NaN))
            return;

        double[] means = Condition(row) is { } known && Expect(known) is { } found ? found : MarginalMeans();
        for (int j = 0; j < row.Length; j++)
        {
            if (double.IsNaN(row[j]))
                completed[j] = Math.Clamp(_model.Scaling.Means[j] + _model.Scaling.Scales[j] * means[j], -double.MaxValue, double.MaxValue);
        }
    }

    // What is known of a row, or null if nothing is or if it is impossible.
    private IncompleteRow? Condition(ReadOnlySpan<double> row)
    {
        var values = new float[row.Length];
        var observed = new bool[row.Length];
        _model.Scaling.Apply(row, values);
        bool isAnyKnown = false;
        for (int j = 0; j < row.Length; j++)
        {
            observed[j] = !double.IsNaN(row[j]);
            if (!observed[j])
                values[j] = 0;
            else if (!float.IsFinite(values[j]) || !_model.Inference.Rows.IsPossible(row[j]))
                return null;
            isAnyKnown |= observed[j];
        }
        return isAnyKnown ? new IncompleteRow(values, observed) : null;
    }

    private double[]? Expect(IncompleteRow row)
    {
        (double[] mean, double[] deviation) = Codes.Encode(row);
        IReadOnlyList<PosteriorMode> modes = PosteriorMode.Find(Codes, row, _starts.For(row, mean));
        return Average(row, new DefensiveMixture(modes, mean, deviation, NumberOfPairs).Draw);
    }

    // Where nothing is known the codes come from the prior, and all weigh the same.
    private double[] MarginalMeans() => _marginalMeans ??= Average(
        new IncompleteRow(new float[_model.Dimension], new bool[_model.Dimension]),
        static (_, noise, code) =>
        {
            for (int l = 0; l < code.Length; l++)
                code[l] = (float)noise[l];
            return 0;
        }) ?? new double[_model.Dimension];

    private double[]? Average(IncompleteRow row, Func<int, ReadOnlySpan<double>, Span<float>, double> draw)
    {
        int latents = _model.LatentDimension;
        var noise = new double[latents];
        var sums = new double[_model.Dimension];
        double logScale = double.NegativeInfinity;
        double total = 0;
        for (int start = 0; start < _samples; start += CodeInference.CodesPerCall)
        {
            int length = Math.Min(CodeInference.CodesPerCall, _samples - start);
            for (int k = 0; k < length; k++)
            {
                // Codes come in pairs of opposite noise.
                int pair = (start + k) / 2;
                double sign = k % 2 == 0 ? 1 : -1;
                for (int l = 0; l < latents; l++)
                    noise[l] = sign * _noise[pair * latents + l];
                _logRatios[k] = draw(pair, noise, _codes.AsSpan(k * latents, latents));
            }
            _codes.AsSpan(length * latents).Clear();
            _logRatios.AsSpan(length).Fill(double.NegativeInfinity);

            (double found, double weight, double[] weighted) = Codes.Weigh(row, _codes, _logRatios);
            if (weight == 0)
                continue;
            double largest = Math.Max(logScale, found);
            double before = Math.Exp(logScale - largest);
            double now = Math.Exp(found - largest);
            total = before * total + now * weight;
            for (int j = 0; j < sums.Length; j++)
                sums[j] = before * sums[j] + now * weighted[j];
            logScale = largest;
        }
        double[] means = Array.ConvertAll(sums, sum => sum / total);
        return Array.TrueForAll(means, double.IsFinite) ? means : null;
    }
}
