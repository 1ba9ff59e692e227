namespace MLNet.Generative;

/// <summary>
/// Counts the latent dimensions that are in use: those whose posterior mean varies over the rows, Var_x E_q[z_l] > 0.01 (Burda, Grosse and Salakhutdinov 2015, section 5.2).
/// </summary>
/// <param name="latentDimension">L, the number of latent dimensions.</param>
internal sealed class ActiveUnits(int latentDimension)
{
    private const double ActiveVariance = 1e-2;

    private readonly double[] _sums = new double[latentDimension];
    private readonly double[] _squares = new double[latentDimension];
    private long _rows;

    /// <summary>Adds the posterior means of rows.</summary>
    /// <param name="means">L numbers for each row.</param>
    public void Add(ReadOnlySpan<float> means)
    {
        for (int i = 0, l = 0; i < means.Length; i++)
        {
            double mean = means[i];
            _sums[l] += mean;
            _squares[l] += mean * mean;
            l = l + 1 == latentDimension ? 0 : l + 1;
        }
        _rows += means.Length / latentDimension;
    }

    /// <summary>How many are active.</summary>
    public int Count() =>
        Enumerable.Range(0, latentDimension).Count(l => _squares[l] / _rows - _sums[l] / _rows * (_sums[l] / _rows) > ActiveVariance);
}
