namespace MLNet.Generative;

/// <summary>One block of rows on its way through a model: the buffers, and what was found for each row. Made once per use, for one thread.</summary>
/// <param name="model">The model.</param>
internal sealed class VaeBlock(VaeModel model)
{
    private const int Rows = BlockInference.RowsPerBlock;

    private readonly float[] _rows = new float[Rows * model.Dimension];
    private readonly bool[] _isPossible = new bool[Rows];
    private readonly bool[] _isFinite = new bool[Rows];
    private readonly double[] _reconstruction = new double[Rows];
    private readonly double[] _klPerDimension = new double[Rows * model.LatentDimension];

    /// <summary>The posterior means, after <see cref="Encode"/>, or the codes to decode.</summary>
    public float[] Means { get; } = new float[Rows * model.LatentDimension];

    /// <summary>The posterior standard deviations, after <see cref="Encode"/>.</summary>
    public float[] StandardDeviations { get; } = new float[Rows * model.LatentDimension];

    /// <summary>E[x|z], after <see cref="Decode"/>, in the network's units.</summary>
    public float[] Reconstructions { get; } = new float[Rows * model.Dimension];

    /// <summary>The rows in the network's units.</summary>
    public float[] Scaled => _rows;

    /// <summary>Puts a row into a place.</summary>
    /// <returns>Whether all its values can occur under the likelihood.</returns>
    public bool SetRow(int place, ReadOnlySpan<double> row)
    {
        Span<float> scaled = _rows.AsSpan(place * model.Dimension, model.Dimension);
        model.Scaling.Apply(row, scaled);
        _isFinite[place] = AllFinite(scaled);
        _isPossible[place] = true;
        foreach (double value in row)
            _isPossible[place] &= model.Inference.Supports(value);
        return _isPossible[place];
    }

    /// <summary>Clears all places from one on, so that what they hold from before cannot matter.</summary>
    public void ClearFrom(int place)
    {
        _rows.AsSpan(place * model.Dimension).Clear();
        _isFinite.AsSpan(place).Fill(true);
    }

    /// <summary>Puts the next rows of many into all places, or as many as there are.</summary>
    /// <returns>How many.</returns>
    public int Load(ReadOnlySpan<double> rows, int start, int count)
    {
        int length = Math.Min(Rows, count - start);
        for (int i = 0; i < length; i++)
            SetRow(i, rows.Slice((start + i) * model.Dimension, model.Dimension));
        ClearFrom(length);
        return length;
    }

    /// <summary>Finds the posterior of each row. Of a row that is not finite, or too far away for 32 bits, nothing is known: it gets the prior.</summary>
    public void Encode()
    {
        model.Inference.Encode(_rows, Means, StandardDeviations);
        for (int place = 0; place < Rows; place++)
        {
            Span<float> means = Means.AsSpan(place * model.LatentDimension, model.LatentDimension);
            Span<float> deviations = StandardDeviations.AsSpan(place * model.LatentDimension, model.LatentDimension);
            if (_isFinite[place] && AllFinite(means) && AllFinite(deviations))
                continue;
            means.Clear();
            deviations.Fill(1);
        }
    }

    /// <summary>Decodes <see cref="Means"/>.</summary>
    public void Decode() => model.Inference.Decode(Means, Reconstructions);

    /// <summary>Finds the evidence lower bound of each row.</summary>
    public void Score() => model.Inference.Score(_rows, _reconstruction, _klPerDimension);

    /// <summary>E_q[log p(x|z)] of a row, after <see cref="Score"/>.</summary>
    public double Reconstruction(int place) => _reconstruction[place];

    /// <summary>The KL divergence of each latent dimension of a row, after <see cref="Score"/>.</summary>
    public ReadOnlySpan<double> KlPerDimension(int place) => _klPerDimension.AsSpan(place * model.LatentDimension, model.LatentDimension);

    /// <summary>The evidence lower bound of a row, after <see cref="Score"/>; −∞ if the row is not possible.</summary>
    public double LogDensity(int place)
    {
        double kl = 0;
        foreach (double part in KlPerDimension(place))
            kl += part;
        double bound = _reconstruction[place] - kl;
        return _isPossible[place] && _isFinite[place] && !double.IsNaN(bound) ? bound : double.NegativeInfinity;
    }

    private static bool AllFinite(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
                return false;
        }
        return true;
    }
}
