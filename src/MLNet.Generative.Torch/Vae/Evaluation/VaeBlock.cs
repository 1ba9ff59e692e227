using System.Numerics;
using TorchSharp;

namespace MLNet.Generative;

/// <summary>
/// One block of rows on its way through a model: the buffers, and what was found for each row. Made once per use, for one thread. Few rows go through small calls where these give the
/// same bits as large ones.
/// </summary>
internal sealed class VaeBlock : IDisposable
{
    // So many small calls take about as long as a large one.
    private const int MostInSmallCalls = 64;

    private readonly VaeModel _model;
    private readonly Predicate<ShapeUse> _shapesAgree;
    private readonly BlockRows _rows;
    private readonly RowContent[] _contents;
    private readonly double[] _bounds;
    private readonly double[] _reconstruction;
    private readonly double[] _klPerDimension;
    private BlockRows? _otherRows;
    private BlockRows? _codes;
    private BlockRows? _otherCodes;

    /// <summary>Makes a block.</summary>
    /// <param name="model">The model.</param>
    /// <param name="capacity">How many rows there may be at once: more than <see cref="BlockRows.Many"/> will not be taken.</param>
    /// <param name="shapesAgree">Whether small calls give the bits of large ones; <see langword="null"/> to have it checked.</param>
    public VaeBlock(VaeModel model, int capacity, Predicate<ShapeUse>? shapesAgree = null)
    {
        _model = model;
        _shapesAgree = shapesAgree ?? model.Inference.ShapesAgree;
        Capacity = capacity <= BlockRows.Few ? BlockRows.Few : BlockRows.Many;
        _rows = new BlockRows(Capacity, model.Dimension);
        _contents = new RowContent[Capacity];
        _bounds = new double[Capacity];
        _reconstruction = new double[Capacity];
        _klPerDimension = new double[Capacity * model.LatentDimension];
        Means = new float[Capacity * model.LatentDimension];
        StandardDeviations = new float[Means.Length];
    }

    /// <summary>How many rows it has place for.</summary>
    public int Capacity { get; }

    /// <summary>The posterior means, after <see cref="Encode"/> or a score, or the codes to decode.</summary>
    public float[] Means { get; }

    /// <summary>The posterior standard deviations, after <see cref="Encode"/> or a score.</summary>
    public float[] StandardDeviations { get; }

    /// <summary>E[x|z], after <see cref="Decode"/>, in the network's units.</summary>
    public float[] Reconstructions { get; private set; } = [];

    /// <summary>Puts a row into a place: first the row of place 0, then the others.</summary>
    /// <param name="place">The place.</param>
    /// <param name="row">D values of 64 bits, or of 32; NaN where one is missing.</param>
    /// <returns>Whether all its values are finite and can occur under the likelihood, or are missing.</returns>
    public bool SetRow<T>(int place, ReadOnlySpan<T> row)
        where T : unmanaged, INumberBase<T>
    {
        if (place == 0)
            _rows.CloseHoles();
        _contents[place] = _model.Inference.Rows.Read(row, _rows, place);
        return (_contents[place] & RowContent.IsImpossible) == 0;
    }

    /// <summary>Puts the next rows of many into all places, or as many as there are.</summary>
    /// <returns>How many.</returns>
    public int Load(ReadOnlySpan<double> rows, int start, int count)
    {
        int length = Math.Min(Capacity, count - start);
        for (int i = 0; i < length; i++)
            SetRow(i, rows.Slice((start + i) * _model.Dimension, _model.Dimension));
        return length;
    }

    /// <summary>Finds the posterior of each row.</summary>
    /// <param name="count">The number of rows.</param>
    public void Encode(int count)
    {
        int latents = _model.LatentDimension;
        ForCalls(_rows, ref _otherRows, count, ShapeUse.Encode, (rows, start, length) =>
            _model.Inference.Encode(rows, Means.AsSpan(start * latents, length * latents), StandardDeviations.AsSpan(start * latents, length * latents)));
        FillPriors(count);
    }

    /// <summary>Decodes <see cref="Means"/>.</summary>
    /// <param name="count">The number of codes.</param>
    public void Decode(int count)
    {
        int latents = _model.LatentDimension;
        _codes ??= new BlockRows(Capacity, latents);
        if (Reconstructions.Length == 0)
            Reconstructions = new float[Capacity * _model.Dimension];
        for (int i = 0; i < count; i++)
            Means.AsSpan(i * latents, latents).CopyTo(_codes.Row(i));
        ForCalls(_codes, ref _otherCodes, count, ShapeUse.Decode, (codes, start, length) =>
            _model.Inference.Decode(codes, Reconstructions.AsSpan(start * _model.Dimension, length * _model.Dimension)));
    }

    /// <summary>Finds the log-density of each row, the bound that the model scores by, and the posteriors.</summary>
    /// <param name="count">The number of rows.</param>
    public void Score(int count)
    {
        if (!_model.Inference.IsImportanceWeighted)
        {
            ScoreElbo(count);
            return;
        }
        int latents = _model.LatentDimension;
        ForCalls(_rows, ref _otherRows, count, ShapeUse.ImportanceWeightedBound, (rows, start, length) => _model.Inference.ImportanceWeightedBound(
            rows,
            Means.AsSpan(start * latents, length * latents),
            StandardDeviations.AsSpan(start * latents, length * latents),
            _bounds.AsSpan(start, length)));
        FillPriors(count);
    }

    /// <summary>Finds the evidence lower bound of each row, its parts, and the posteriors.</summary>
    /// <param name="count">The number of rows.</param>
    public void ScoreElbo(int count)
    {
        int latents = _model.LatentDimension;
        ForCalls(_rows, ref _otherRows, count, ShapeUse.Elbo, (rows, start, length) => _model.Inference.Elbo(
            rows,
            Means.AsSpan(start * latents, length * latents),
            StandardDeviations.AsSpan(start * latents, length * latents),
            _reconstruction.AsSpan(start, length),
            _klPerDimension.AsSpan(start * latents, length * latents)));
        FillPriors(count);
        ForgetUnknown(count);
        for (int i = 0; i < count; i++)
        {
            double kl = 0;
            foreach (double part in KlPerDimension(i))
                kl += part;
            _bounds[i] = _reconstruction[i] - kl;
        }
    }

    /// <summary>Finds the importance-weighted bound of each row with samples of its own.</summary>
    /// <param name="count">The number of rows.</param>
    /// <param name="samples">K, the number of samples.</param>
    /// <param name="generator">Where random numbers come from.</param>
    public void ScoreImportanceWeighted(int count, int samples, torch.Generator generator)
    {
        _rows.ClearFrom(count);
        _model.Inference.ImportanceWeightedBound(_rows, samples, generator, _bounds.AsSpan(0, count));
    }

    /// <summary>E_q[log p(x|z)] of a row, after <see cref="ScoreElbo"/>.</summary>
    public double Reconstruction(int place) => _reconstruction[place];

    /// <summary>The KL divergence of each latent dimension of a row, after <see cref="ScoreElbo"/>.</summary>
    public ReadOnlySpan<double> KlPerDimension(int place) => _klPerDimension.AsSpan(place * _model.LatentDimension, _model.LatentDimension);

    /// <summary>The bound of a row, after a score: 0 if nothing of it is known, −∞ if it is not possible.</summary>
    public double LogDensity(int place)
    {
        RowContent content = _contents[place];
        if ((content & RowContent.IsUnknown) != 0)
            return 0;
        return (content & (RowContent.IsImpossible | RowContent.IsInfinite)) == 0 && !double.IsNaN(_bounds[place]) ? _bounds[place] : double.NegativeInfinity;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rows.Dispose();
        _otherRows?.Dispose();
        _codes?.Dispose();
        _otherCodes?.Dispose();
    }

    // Of a row of which no value is known, or one is too far away for 32 bits, nothing is learned: its posterior is the prior.
    private void FillPriors(int count)
    {
        int latents = _model.LatentDimension;
        for (int place = 0; place < count; place++)
        {
            Span<float> means = Means.AsSpan(place * latents, latents);
            Span<float> deviations = StandardDeviations.AsSpan(place * latents, latents);
            if ((_contents[place] & (RowContent.IsUnknown | RowContent.IsInfinite)) == 0 && AllFinite(means) && AllFinite(deviations))
                continue;
            means.Clear();
            deviations.Fill(1);
        }
    }

    private void ForgetUnknown(int count)
    {
        for (int place = 0; place < count; place++)
        {
            if ((_contents[place] & RowContent.IsUnknown) == 0)
                continue;
            _reconstruction[place] = 0;
            _klPerDimension.AsSpan(place * _model.LatentDimension, _model.LatentDimension).Clear();
        }
    }

    private void ForCalls(BlockRows rows, ref BlockRows? other, int count, ShapeUse use, Action<BlockRows, int, int> call)
    {
        bool isSmall = count <= MostInSmallCalls && _shapesAgree(use);
        int rowsPerCall = isSmall ? BlockRows.Few : BlockRows.Many;
        if (rowsPerCall == rows.Count)
        {
            rows.ClearFrom(count);
            call(rows, 0, count);
            return;
        }
        other ??= new BlockRows(rowsPerCall, rows.Width);
        for (int start = 0; start < count; start += rowsPerCall)
        {
            int length = Math.Min(rowsPerCall, count - start);
            other.Copy(rows, start, length);
            call(other, start, length);
        }
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
