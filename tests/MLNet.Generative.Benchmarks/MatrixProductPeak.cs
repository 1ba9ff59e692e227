using TorchSharp;

namespace MLNet.Generative.Benchmarks;

/// <summary>The most floating-point operations that libtorch does in products of 32-bit matrices: square ones with 1,024 rows. libtorch must be loaded.</summary>
internal static class MatrixProductPeak
{
    private const int Size = 1024;
    private const long OperationsPerRow = 2L * Size * Size;

    private static readonly torch.Tensor Left = torch.ones(Size, Size);
    private static readonly torch.Tensor Right = torch.ones(Size, Size);

    /// <summary>Does about this many operations: the last product is as much shorter as there is less to do.</summary>
    public static void Run(long operations)
    {
        for (long rows = Math.Max(1, operations / OperationsPerRow); rows > 0; rows -= Size)
        {
            using torch.Tensor some = Left.narrow(0, 0, Math.Min(rows, Size));
            using torch.Tensor product = some.matmul(Right);
        }
    }
}
