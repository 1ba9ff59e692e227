namespace MLNet.Generative;

/// <summary>
/// Averages over latent samples for each row of a block. Sample after sample, so that a row's result has the same bits however the samples were shared out among calls.
/// </summary>
internal abstract class SampleAverage(int numberOfRows)
{
    /// <summary>The number of rows.</summary>
    public int NumberOfRows { get; } = numberOfRows;

    /// <summary>Whether it averages importance weights p(x,z) / q(z|x), and not log p(x|z).</summary>
    public abstract bool TakesWeights { get; }

    /// <summary>Takes the next samples.</summary>
    /// <param name="values">Samples × <paramref name="rowsPerSample"/> numbers.</param>
    /// <param name="rowsPerSample">At least the number of rows: what is beyond it is not looked at.</param>
    public void Add(ReadOnlySpan<double> values, int rowsPerSample)
    {
        for (int start = 0; start < values.Length; start += rowsPerSample)
            Add(values.Slice(start, NumberOfRows));
    }

    /// <summary>The averages.</summary>
    /// <param name="averages">Receives a number for each row.</param>
    public abstract void CopyTo(Span<double> averages);

    /// <summary>Takes one sample.</summary>
    protected abstract void Add(ReadOnlySpan<double> values);
}

/// <summary>E_q[log p(x|z)].</summary>
internal sealed class SampleMean(int numberOfRows) : SampleAverage(numberOfRows)
{
    private readonly double[] _sums = new double[numberOfRows];
    private int _samples;

    public override bool TakesWeights => false;

    public override void CopyTo(Span<double> averages)
    {
        for (int i = 0; i < _sums.Length; i++)
            averages[i] = _sums[i] / _samples;
    }

    protected override void Add(ReadOnlySpan<double> values)
    {
        for (int i = 0; i < values.Length; i++)
            _sums[i] += values[i];
        _samples++;
    }
}

/// <summary>log (1/K) Σ_k w_k, from log w_k.</summary>
internal sealed class LogMeanWeight : SampleAverage
{
    private readonly double[] _largest;
    private readonly double[] _sums;
    private int _samples;

    public LogMeanWeight(int numberOfRows)
        : base(numberOfRows)
    {
        _largest = new double[numberOfRows];
        Array.Fill(_largest, double.NegativeInfinity);
        _sums = new double[numberOfRows];
    }

    public override bool TakesWeights => true;

    public override void CopyTo(Span<double> averages)
    {
        for (int i = 0; i < _sums.Length; i++)
            averages[i] = _largest[i] + Math.Log(_sums[i] / _samples);
    }

    protected override void Add(ReadOnlySpan<double> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            double weight = values[i];
            if (weight > _largest[i])
            {
                // The sum is in multiples of the largest weight.
                _sums[i] = _sums[i] * Math.Exp(_largest[i] - weight) + 1;
                _largest[i] = weight;
            }
            else if (weight != double.NegativeInfinity)
            {
                _sums[i] += Math.Exp(weight - _largest[i]);
            }
        }
        _samples++;
    }
}
