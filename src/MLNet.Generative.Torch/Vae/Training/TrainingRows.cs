using System.Runtime.InteropServices;
using TorchSharp;

namespace MLNet.Generative;

/// <summary>The rows of a training and their weights, each as one tensor on a device, and in batches of random order.</summary>
internal sealed class TrainingRows : IDisposable
{
    private const int RowsPerCopy = 4096;

    private readonly TrainingBatch _training;
    private readonly TrainingBatch? _validation;

    private TrainingRows(TrainingBatch training, TrainingBatch? validation)
    {
        _training = training;
        _validation = validation;
    }

    /// <summary>The number of rows to learn from.</summary>
    public long Count => _training.Count;

    /// <summary>The number of rows that are kept for measuring.</summary>
    public long ValidationCount => _validation?.Count ?? 0;

    /// <summary>The number of batches in a pass.</summary>
    /// <param name="size">The number of rows in a batch.</param>
    public long CountBatches(int size) => (Count + size - 1) / size;

    /// <summary>Copies rows in the network's units, and keeps a random share of them, but never all, for measuring.</summary>
    /// <param name="rows">The rows, one after another.</param>
    /// <param name="weights">A positive weight for each; empty for weights of 1.</param>
    /// <param name="scaling">The network's units.</param>
    /// <param name="validationFraction">The share to keep.</param>
    /// <param name="device">Where they go.</param>
    /// <param name="generator">Chooses the share.</param>
    public static TrainingRows Create(
        ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, FeatureScaling scaling, float validationFraction, torch.Device device, torch.Generator generator)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        int dimension = scaling.Means.Length;
        int count = rows.Length / dimension;
        torch.Tensor all = torch.empty([count, dimension], torch.float32, torch.CPU);
        var copied = new float[Math.Min(count, RowsPerCopy) * dimension];
        for (int start = 0; start < count; start += RowsPerCopy)
        {
            int length = Math.Min(RowsPerCopy, count - start);
            scaling.Apply(rows.Slice(start * dimension, length * dimension), copied.AsSpan(0, length * dimension));
            all.narrow(0, start, length).copy_(torch.tensor(copied, torch.float32, torch.CPU).narrow(0, 0, (long)length * dimension).view(length, dimension));
        }

        torch.Tensor? allWeights = weights.IsEmpty ? null : torch.tensor(weights.ToArray(), torch.float64, torch.CPU);
        int kept = CountValidation(count, validationFraction);
        if (kept == 0)
            return new TrainingRows(OnDevice(all, allWeights, null, device), null);
        torch.Tensor order = torch.randperm(count, torch.int64, torch.CPU, generator: generator);
        return new TrainingRows(
            OnDevice(all, allWeights, order.narrow(0, kept, count - kept), device),
            OnDevice(all, allWeights, order.narrow(0, 0, kept), device));
    }

    /// <summary>How many rows are kept for measuring: a share of them, but never all.</summary>
    public static int CountValidation(int count, float fraction) => Math.Min((int)Math.Round(fraction * (double)count), count - 1);

    /// <summary>All rows in a new random order, some at a time. The tensors of each batch belong to the current dispose scope.</summary>
    /// <param name="size">The number of rows in a batch.</param>
    /// <param name="generator">Chooses the order.</param>
    public IEnumerable<Func<TrainingBatch>> Batches(int size, torch.Generator generator)
    {
        // The order must outlive the dispose scopes of the steps.
        using torch.Tensor order = torch.randperm(Count, torch.int64, torch.CPU, generator: generator).DetachFromDisposeScope();
        for (long start = 0; start < Count; start += size)
        {
            long first = start;
            yield return () => Select(_training, order.narrow(0, first, Math.Min(size, Count - first)).to(_training.Rows.device));
        }
    }

    /// <summary>The rows that are kept for measuring, some at a time. The tensors of each batch belong to the current dispose scope.</summary>
    /// <param name="size">The number of rows in a batch.</param>
    public IEnumerable<Func<TrainingBatch>> ValidationBatches(int size)
    {
        for (long start = 0; start < ValidationCount; start += size)
        {
            long first = start;
            long length = Math.Min(size, ValidationCount - first);
            yield return () => new TrainingBatch(_validation!.Rows.narrow(0, first, length), _validation.Weights?.narrow(0, first, length));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (torch.Tensor? tensor in (IReadOnlyList<torch.Tensor?>)[_training.Rows, _training.Weights, _validation?.Rows, _validation?.Weights])
            tensor?.Dispose();
    }

    private static TrainingBatch Select(TrainingBatch all, torch.Tensor chosen) =>
        new(CanGather(all.Rows) ? Gather(all.Rows, chosen) : all.Rows.index_select(0, chosen), all.Weights?.index_select(0, chosen));

    // A span has no more than 2³¹ bytes.
    private static bool CanGather(torch.Tensor rows) => rows.device.type == DeviceType.CPU && rows.numel() * sizeof(float) <= int.MaxValue;

    // Row after row on this thread, which is done before libtorch has its threads awake.
    private static torch.Tensor Gather(torch.Tensor rows, torch.Tensor chosen)
    {
        int width = (int)rows.shape[1];
        torch.Tensor gathered = torch.empty([chosen.shape[0], width], torch.float32, torch.CPU);
        ReadOnlySpan<float> from = MemoryMarshal.Cast<byte, float>(rows.bytes);
        Span<float> to = MemoryMarshal.Cast<byte, float>(gathered.bytes);
        ReadOnlySpan<long> places = MemoryMarshal.Cast<byte, long>(chosen.bytes);
        for (int i = 0; i < places.Length; i++)
            from.Slice((int)places[i] * width, width).CopyTo(to[(i * width)..]);
        return gathered;
    }

    private static TrainingBatch OnDevice(torch.Tensor rows, torch.Tensor? weights, torch.Tensor? chosen, torch.Device device)
    {
        TrainingBatch part = chosen is null ? new TrainingBatch(rows, weights) : Select(new TrainingBatch(rows, weights), chosen);
        // By the largest first, so that no sum overflows.
        torch.Tensor? relative = part.Weights is null ? null : part.Weights / part.Weights.max();
        torch.Tensor? ofMeanOne = relative is null ? null : relative / relative.mean();
        return new TrainingBatch(part.Rows.to(device).DetachFromDisposeScope(), ofMeanOne?.to(device).DetachFromDisposeScope());
    }
}
