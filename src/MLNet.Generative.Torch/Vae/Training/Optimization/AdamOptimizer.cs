using System.Runtime.InteropServices;
using TorchSharp;

namespace MLNet.Generative;

/// <summary>
/// Adam (Kingma and Ba 2014) on the gradients that libtorch has found, and the average of the weights, in one pass over memory. TorchSharp's own goes over it seven times and
/// leaves the average to an eighth: a third of the training of a small network.
/// </summary>
internal sealed class AdamOptimizer : IDisposable
{
    // As many weights as keep a processor busy for some microseconds: five arrays of this length fit into its cache.
    private const int WeightsPerChunk = 16384;

    private readonly ParameterSet _parameters;
    private readonly ParameterSet _averages;
    private readonly torch.Tensor[] _tensors;
    private readonly (int Parameter, long Start, long Offset, int Length)[] _chunks;
    private readonly double[] _squaredNorms;

    /// <summary>An optimiser that has not made a step yet.</summary>
    /// <param name="parameters">The weights, which it changes.</param>
    /// <param name="average">The average of the weights, which it changes.</param>
    public AdamOptimizer(ParameterSet parameters, WeightAverage average)
    {
        _parameters = parameters;
        _averages = average.Parameters;
        _tensors = [.. parameters.Tensors];
        Means = parameters.Zeros();
        Squares = parameters.Zeros();
        _chunks =
        [
            .. parameters.Segments.SelectMany((segment, parameter) => Enumerable.Range(0, (int)((segment.Length + WeightsPerChunk - 1) / WeightsPerChunk)).Select(chunk =>
            {
                long offset = (long)chunk * WeightsPerChunk;
                return (parameter, segment.Start + offset, offset, (int)Math.Min(WeightsPerChunk, segment.Length - offset));
            })),
        ];
        _squaredNorms = new double[_chunks.Length];
    }

    /// <summary>The number of steps so far.</summary>
    public long NumberOfSteps { get; set; }

    /// <summary>m, the running mean of each gradient.</summary>
    public ParameterSet Means { get; }

    /// <summary>v, the running mean of its square.</summary>
    public ParameterSet Squares { get; }

    /// <summary>Moves the weights against their gradients, and forgets the gradients.</summary>
    /// <param name="learningRate">α, the step size.</param>
    /// <param name="maximumNorm">The largest norm of all gradients together: longer ones are shortened to it (Pascanu, Mikolov and Bengio 2013, algorithm 1). <see langword="null"/> for none.</param>
    public void Step(double learningRate, double? maximumNorm)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable noGradients = torch.no_grad();
        torch.Tensor[] gradients = Array.ConvertAll(_tensors, tensor => tensor.grad!.contiguous());
        bool isOnCpu = _parameters.Device.type == DeviceType.CPU;
        double norm = maximumNorm is null ? 0 : isOnCpu ? Norm(gradients) : NormOnDevice(gradients);
        var step = AdamStep.Of(++NumberOfSteps, learningRate, norm > maximumNorm ? maximumNorm.Value / norm : 1);
        if (isOnCpu)
            ForEachChunk(chunk => Move(step, gradients, chunk));
        else
            MoveOnDevice(step, gradients);
        foreach (torch.Tensor tensor in _tensors)
            tensor.grad = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Means.Dispose();
        Squares.Dispose();
    }

    private void Move(AdamStep step, torch.Tensor[] gradients, int chunk)
    {
        (_, long start, _, int length) = _chunks[chunk];
        Span<float> Part(ParameterSet set) => set.Values.Slice((int)start, length);
        step.Move(Gradient(gradients, chunk), Part(_parameters), Part(Means), Part(Squares), Part(_averages));
    }

    // Chunk by chunk, and the chunks in their order: the same bits for any number of threads.
    private double Norm(torch.Tensor[] gradients)
    {
        ForEachChunk(chunk =>
        {
            double sum = 0;
            foreach (float value in Gradient(gradients, chunk))
                sum += (double)value * value;
            _squaredNorms[chunk] = sum;
        });
        return Math.Sqrt(_squaredNorms.Sum());
    }

    private ReadOnlySpan<float> Gradient(torch.Tensor[] gradients, int chunk)
    {
        (int parameter, _, long offset, int length) = _chunks[chunk];
        return MemoryMarshal.Cast<byte, float>(gradients[parameter].bytes).Slice((int)offset, length);
    }

    private void ForEachChunk(Action<int> work)
    {
        if (_chunks.Sum(chunk => (long)chunk.Length) <= WeightsPerChunk)
        {
            for (int chunk = 0; chunk < _chunks.Length; chunk++)
                work(chunk);
            return;
        }
        Parallel.For(0, _chunks.Length, new ParallelOptions { MaxDegreeOfParallelism = torch.get_num_threads() }, work);
    }

    // The same with libtorch's own operations, for memory that only the device sees.
    private void MoveOnDevice(AdamStep step, torch.Tensor[] gradients)
    {
        using Scalar keepsOfMean = AdamStep.Beta1, takesOfGradient = (1 - AdamStep.Beta1) * step.GradientScale;
        using Scalar keepsOfSquare = AdamStep.Beta2, takesOfSquare = (1 - AdamStep.Beta2) * step.GradientScale * step.GradientScale;
        using Scalar stepSize = -step.StepSize, offset = step.Offset, averageShare = step.AverageShare;
        foreach ((torch.Tensor gradient, (long start, long length)) in gradients.Zip(_parameters.Segments))
        {
            torch.Tensor Part(ParameterSet set) => set.Flat.narrow(0, start, length);
            torch.Tensor flat = gradient.view(length);
            torch.Tensor mean = Part(Means).mul_(keepsOfMean).add_(flat, alpha: takesOfGradient);
            torch.Tensor square = Part(Squares).mul_(keepsOfSquare).addcmul_(flat, flat, value: takesOfSquare);
            torch.Tensor weights = Part(_parameters).addcdiv_(mean, square.sqrt().Plus(offset), value: stepSize);
            torch.Tensor averages = Part(_averages);
            averages.add_(weights - averages, alpha: averageShare);
        }
    }

    private static double NormOnDevice(torch.Tensor[] gradients) =>
        Math.Sqrt(gradients.Sum(gradient => gradient.to(torch.float64).square().sum().item<double>()));
}
