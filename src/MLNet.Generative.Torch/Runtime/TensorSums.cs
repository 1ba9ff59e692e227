using TorchSharp;

namespace MLNet.Generative;

/// <summary>
/// Sums of tensors. TorchSharp's operator + multiplies the second operand by a number 1 that it makes for the call, and which the garbage collector may free while libtorch still reads it, as
/// <see cref="Number"/> says; the number here is kept.
/// </summary>
internal static class TensorSums
{
    /// <summary>The sum of two tensors, element by element.</summary>
    public static torch.Tensor Plus(this torch.Tensor left, torch.Tensor right) => left.add(right, Number.Of(1));

    /// <summary>The sum of each element and a number.</summary>
    public static torch.Tensor Plus(this torch.Tensor left, Scalar right) => left.add(right, Number.Of(1));
}
