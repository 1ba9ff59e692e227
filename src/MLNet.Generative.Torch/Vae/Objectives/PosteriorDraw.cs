using System.Runtime.InteropServices;
using TorchSharp;

namespace MLNet.Generative;

/// <summary>
/// Samples z = μ + σ ε of the posteriors of some rows, their KL divergence in closed form, and the gradients of both with respect to μ and log σ². These are few numbers: written out, they take a
/// tenth of the time that libtorch needs for an operation on each of them and for its way back.
/// </summary>
internal sealed class PosteriorDraw
{
    private readonly torch.Tensor _posterior;
    private readonly float[] _logVariances;
    private readonly float[] _deviations;
    private readonly float[] _noise;
    private readonly double[]? _weights;
    private readonly int _latents;

    /// <summary>Draws.</summary>
    /// <param name="posterior">μ and log σ² side by side, rows × 2 L, on the CPU; of log σ² what is within <see cref="VaeNetwork.LogVarianceBound"/> counts.</param>
    /// <param name="noise">ε, samples × rows × L.</param>
    /// <param name="batch">The rows that these are the posteriors of.</param>
    public PosteriorDraw(torch.Tensor posterior, torch.Tensor noise, TrainingBatch batch)
    {
        _posterior = posterior;
        _latents = (int)posterior.shape[1] / 2;
        _weights = batch.Weights?.data<double>().ToArray();
        float[] joined = Read(posterior);
        Means = new float[joined.Length / 2];
        _logVariances = new float[Means.Length];
        for (int start = 0; start < Means.Length; start += _latents)
        {
            joined.AsSpan(2 * start, _latents).CopyTo(Means.AsSpan(start));
            joined.AsSpan(2 * start + _latents, _latents).CopyTo(_logVariances.AsSpan(start));
        }
        float[] logVariances = Array.ConvertAll(_logVariances, value => Math.Clamp(value, -VaeNetwork.LogVarianceBound, VaeNetwork.LogVarianceBound));
        _deviations = Array.ConvertAll(logVariances, value => MathF.Exp(0.5f * value));
        _noise = Read(noise);

        Latents = torch.empty([_noise.Length / _latents, _latents], torch.float32, torch.CPU);
        Span<float> latents = MemoryMarshal.Cast<byte, float>(Latents.bytes);
        for (int start = 0; start < latents.Length; start += Means.Length)
        {
            for (int i = 0; i < Means.Length; i++)
                latents[start + i] = Means[i] + _deviations[i] * _noise[start + i];
        }
        Latents.requires_grad = true;
        KlPerDimension = new double[_latents];
        for (int i = 0, l = 0; i < Means.Length; i++)
        {
            double deviation = _deviations[i];
            KlPerDimension[l] += Share(i) * 0.5 * (Means[i] * (double)Means[i] + deviation * deviation - 1 - logVariances[i]);
            l = l + 1 == _latents ? 0 : l + 1;
        }
    }

    /// <summary>z, all rows of the first sample, then those of the next, each of L numbers: where the way back from the decoder ends.</summary>
    public torch.Tensor Latents { get; }

    /// <summary>μ, rows × L.</summary>
    public float[] Means { get; }

    /// <summary>½ (μ² + σ² − 1 − log σ²) for each latent dimension, the mean over rows.</summary>
    public double[] KlPerDimension { get; }

    /// <summary>Goes on from the gradient of the loss at <see cref="Latents"/> into the encoder, together with that of the KL divergence.</summary>
    /// <param name="weightOfKl">What each dimension's KL divergence counts for in the loss.</param>
    public void Differentiate(IReadOnlyList<double> weightOfKl)
    {
        float[] slopes = Read(Latents.grad!);
        torch.Tensor gradient = torch.empty(_posterior.shape, torch.float32, torch.CPU);
        Span<float> joined = MemoryMarshal.Cast<byte, float>(gradient.bytes);
        for (int i = 0; i < Means.Length; i++)
        {
            double sum = 0;
            double product = 0;
            for (int sample = i; sample < slopes.Length; sample += Means.Length)
            {
                sum += slopes[sample];
                product += (double)slopes[sample] * _noise[sample];
            }
            double deviation = _deviations[i];
            double kl = weightOfKl[i % _latents] * Share(i);
            int place = i + i / _latents * _latents;
            joined[place] = (float)(sum + kl * Means[i]);
            bool isWithin = Math.Abs(_logVariances[i]) <= VaeNetwork.LogVarianceBound;
            joined[place + _latents] = isWithin ? (float)(0.5 * (deviation * product + kl * (deviation * deviation - 1))) : 0;
        }
        torch.autograd.backward([_posterior], [gradient]);
    }

    // What a row counts for in a mean over rows.
    private double Share(int place) => (_weights?[place / _latents] ?? 1) * _latents / Means.Length;

    private static float[] Read(torch.Tensor values) => values.detach().contiguous().data<float>().ToArray();
}
