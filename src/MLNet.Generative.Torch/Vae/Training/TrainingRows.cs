using TorchSharp;

namespace MLNet.Generative;

/// <summary>The rows of a training as one tensor on a device, and in batches of random order.</summary>
internal sealed class TrainingRows : IDisposable
{
    private const int RowsPerCopy = 4096;

    private readonly torch.Tensor _training;
    private readonly torch.Tensor _validation;

    private TrainingRows(torch.Tensor training, torch.Tensor validation)
    {
        _training = training;
        _validation = validation;
    }

    /// <summary>The number of rows to learn from.</summary>
    public long Count => _training.shape[0];

    /// <summary>The number of rows that are kept for measuring.</summary>
    public long ValidationCount => _validation.shape[0];

    /// <summary>Copies rows in the network's units, and keeps a random share of them, but never all, for measuring.</summary>
    public static TrainingRows Create(ReadOnlySpan<double> rows, FeatureScaling scaling, float validationFraction, torch.Device device, torch.Generator generator)
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

        int kept = CountValidation(count, validationFraction);
        torch.Tensor training = all;
        torch.Tensor validation = torch.empty([0, dimension], torch.float32, torch.CPU);
        if (kept > 0)
        {
            torch.Tensor order = torch.randperm(count, torch.int64, torch.CPU, generator: generator);
            validation = all.index_select(0, order.narrow(0, 0, kept));
            training = all.index_select(0, order.narrow(0, kept, count - kept));
        }
        return new TrainingRows(training.to(device).DetachFromDisposeScope(), validation.to(device).DetachFromDisposeScope());
    }

    /// <summary>How many rows are kept for measuring: a share of them, but never all.</summary>
    public static int CountValidation(int count, float fraction) => Math.Min((int)Math.Round(fraction * (double)count), count - 1);

    /// <summary>All rows in a new random order, some at a time. Each batch belongs to the caller.</summary>
    public IEnumerable<torch.Tensor> Batches(int size, torch.Generator generator)
    {
        // The order must outlive the dispose scopes of the steps.
        using torch.Tensor order = torch.randperm(Count, torch.int64, torch.CPU, generator: generator).DetachFromDisposeScope();
        for (long start = 0; start < Count; start += size)
            yield return Select(order, start, Math.Min(size, Count - start));
    }

    /// <summary>The rows that are kept for measuring, some at a time. Each batch belongs to the caller.</summary>
    public IEnumerable<torch.Tensor> ValidationBatches(int size)
    {
        for (long start = 0; start < ValidationCount; start += size)
            yield return _validation.narrow(0, start, Math.Min(size, ValidationCount - start)).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _training.Dispose();
        _validation.Dispose();
    }

    // In a scope of its own: what lies between the order and the batch must not gather in the caller's.
    private torch.Tensor Select(torch.Tensor order, long start, long length)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return _training.index_select(0, order.narrow(0, start, length).to(_training.device)).DetachFromDisposeScope();
    }
}
