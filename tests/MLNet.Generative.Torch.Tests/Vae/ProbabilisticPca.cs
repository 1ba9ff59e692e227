using MathNet.Numerics.LinearAlgebra;

namespace MLNet.Generative.Tests;

/// <summary>
/// Probabilistic principal component analysis, exactly: the best that a linear autoencoder can be (Tipping and Bishop 1999; Lucas et al. 2019). Its evidence lower bound equals
/// log p(x). Given β and a fixed noise s², latent i is in use only if the eigenvalue l_i exceeds β s², and then its mean KL divergence is ½ log(l_i / (β s²)).
/// </summary>
internal sealed class ProbabilisticPca
{
    private readonly double _beta;
    private readonly int _latentDimension;

    private ProbabilisticPca(double[] rows, int dimension, int latentDimension, double? noiseVariance, double beta)
    {
        _beta = beta;
        _latentDimension = latentDimension;
        Matrix<double> data = Matrix<double>.Build.DenseOfRowMajor(rows.Length / dimension, dimension, rows);
        Vector<double> mean = data.ColumnSums() / data.RowCount;
        data = Matrix<double>.Build.DenseOfRows(data.EnumerateRows().Select(row => row - mean));
        var decomposition = (data.TransposeThisAndMultiply(data) / data.RowCount).Evd(Symmetricity.Symmetric);
        Eigenvalues = [.. decomposition.EigenValues.Select(value => value.Real).Reverse()];
        NoiseVariance = noiseVariance ?? Eigenvalues.Skip(latentDimension).Average();
        Matrix<double> loadings = Matrix<double>.Build.Dense(dimension, latentDimension, (j, i) =>
            decomposition.EigenVectors[j, dimension - 1 - i] * Math.Sqrt(Math.Max(0, Eigenvalues[i] - beta * NoiseVariance)));
        Distribution = new LinearGaussian(loadings, mean, Vector<double>.Build.Dense(dimension, NoiseVariance));
    }

    /// <summary>l, the largest first.</summary>
    public double[] Eigenvalues { get; }

    /// <summary>s².</summary>
    public double NoiseVariance { get; }

    public LinearGaussian Distribution { get; }

    /// <summary>The mean KL divergence of each latent, the largest first.</summary>
    public double[] KlPerLatent => [.. Eigenvalues.Take(_latentDimension).Select(l => Math.Max(0, 0.5 * Math.Log(l / (_beta * NoiseVariance))))];

    public double Kl => KlPerLatent.Sum();

    /// <summary>The mean of E_q[log p(x|z)]: what is left of the squared distance is β s² in each active direction, and l_i in the others.</summary>
    public double Reconstruction => -0.5 * (Eigenvalues.Length * Math.Log(2 * Math.PI * NoiseVariance) +
        Eigenvalues.Select((l, i) => i < _latentDimension ? Math.Min(l, _beta * NoiseVariance) : l).Sum() / NoiseVariance);

    /// <summary>The most that E_q[log p(x|z)] − β KL can be; with β = 1 the mean of log p(x).</summary>
    public double Objective => Reconstruction - _beta * Kl;

    /// <summary>The maximum-likelihood fit: s² is the mean of the eigenvalues that are left over.</summary>
    public static ProbabilisticPca Fit(double[] rows, int dimension, int latentDimension) => new(rows, dimension, latentDimension, null, beta: 1);

    /// <summary>The best with a given noise and weight of the KL divergence.</summary>
    public static ProbabilisticPca FitLoadings(double[] rows, int dimension, int latentDimension, double noiseVariance, double beta) =>
        new(rows, dimension, latentDimension, noiseVariance, beta);
}
