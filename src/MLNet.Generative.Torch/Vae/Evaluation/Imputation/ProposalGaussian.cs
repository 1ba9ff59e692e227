using MathNet.Numerics.LinearAlgebra;

namespace MLNet.Generative;

/// <summary>A Gaussian to draw codes from: N(m, (C Cᵀ)⁻¹), with C lower triangular.</summary>
internal sealed class ProposalGaussian
{
    private readonly double[] _mean;
    private readonly double[] _factor;
    private readonly double[] _difference;
    private readonly bool _isDiagonal;

    private ProposalGaussian(double[] mean, double[] factor, bool isDiagonal)
    {
        _mean = mean;
        _factor = factor;
        _isDiagonal = isDiagonal;
        _difference = new double[mean.Length];
        for (int l = 0; l < mean.Length; l++)
            LogDeterminant += Math.Log(factor[l * mean.Length + l]);
    }

    /// <summary>log |C|.</summary>
    public double LogDeterminant { get; }

    /// <summary>A Gaussian with a precision matrix.</summary>
    public static ProposalGaussian Create(double[] mean, Matrix<double> precision) =>
        new(mean, precision.Cholesky().Factor.ToRowMajorArray(), isDiagonal: false);

    /// <summary>A Gaussian with independent dimensions.</summary>
    public static ProposalGaussian Create(double[] mean, double[] standardDeviations)
    {
        var factor = new double[mean.Length * mean.Length];
        for (int l = 0; l < mean.Length; l++)
            factor[l * mean.Length + l] = 1 / standardDeviations[l];
        return new ProposalGaussian(mean, factor, isDiagonal: true);
    }

    /// <summary>m + s C⁻ᵀ ε.</summary>
    /// <param name="noise">ε, standard normal.</param>
    /// <param name="scale">s.</param>
    /// <param name="code">Receives L numbers.</param>
    public void Draw(ReadOnlySpan<double> noise, double scale, Span<float> code)
    {
        int latents = _mean.Length;
        double[] solved = _difference;
        for (int i = latents - 1; i >= 0; i--)
        {
            double value = noise[i];
            for (int j = i + 1; j < latents && !_isDiagonal; j++)
                value -= _factor[j * latents + i] * solved[j];
            solved[i] = value / _factor[i * latents + i];
            code[i] = (float)(_mean[i] + scale * solved[i]);
        }
    }

    /// <summary>|Cᵀ (z − m)|², the squared distance in standard deviations.</summary>
    public double SquaredDistance(ReadOnlySpan<float> code)
    {
        int latents = _mean.Length;
        for (int l = 0; l < latents; l++)
            _difference[l] = code[l] - _mean[l];
        double sum = 0;
        for (int i = 0; i < latents; i++)
        {
            double value = _factor[i * latents + i] * _difference[i];
            for (int j = i + 1; j < latents && !_isDiagonal; j++)
                value += _factor[j * latents + i] * _difference[j];
            sum += value * value;
        }
        return sum;
    }
}
