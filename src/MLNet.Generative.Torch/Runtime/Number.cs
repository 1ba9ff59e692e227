using System.Collections.Concurrent;
using TorchSharp;

namespace MLNet.Generative;

/// <summary>
/// Constants of formulas on tensors. A number that is converted where it is used may be freed by the garbage collector while libtorch still reads it (TorchSharp 0.107 does not keep
/// its <see cref="Scalar"/> alive during a call); these are made once and kept.
/// </summary>
internal static class Number
{
    private static readonly ConcurrentDictionary<double, Scalar> Known = new();

    /// <summary>A constant. For values that depend on data, keep a <see cref="Scalar"/> of your own as long as the call lasts.</summary>
    public static Scalar Of(double value) => Known.GetOrAdd(value, static number => number);
}
