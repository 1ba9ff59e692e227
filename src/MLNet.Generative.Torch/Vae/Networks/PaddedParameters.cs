using TorchSharp;

namespace MLNet.Generative;

/// <summary>
/// The parameters of a network with zeros around them, so that every row that goes into a matrix product starts at a multiple of 64 bytes, as libtorch's memory does. MKL's products with
/// few outputs change the last bits of a row with its start, and so with its place in a block: rows of 7 numbers differ from one to the next, rows of 16 do not. The zeros add nothing.
/// </summary>
internal static class PaddedParameters
{
    private const int SinglesPerLine = 16;

    /// <summary>The width of rows, padding included.</summary>
    /// <param name="width">The number of values in a row.</param>
    public static int Pad(int width) => checked((width + SinglesPerLine - 1) / SinglesPerLine * SinglesPerLine);

    /// <summary>Parameters with given values, for use only. What goes into a layer has padding; the decoder's output has none.</summary>
    /// <param name="architecture">The network.</param>
    /// <param name="device">The device.</param>
    /// <param name="values">The values of all parameters, in the architecture's order.</param>
    public static ParameterSet Create(VaeArchitecture architecture, torch.Device device, IReadOnlyList<float[]> values)
    {
        ParameterShape[] shapes = [.. architecture.Parameters()];
        ParameterShape[] padded = Array.ConvertAll(shapes, shape => shape with { Shape = Pad(shape) });
        return ParameterSet.From(padded, device, [.. shapes.Select((shape, i) => Spread(values[i], shape, padded[i]))]);
    }

    private static long[] Pad(ParameterShape parameter)
    {
        if (!parameter.Name.StartsWith("encoder.", StringComparison.Ordinal) && !parameter.Name.StartsWith("decoder.", StringComparison.Ordinal))
            return [.. parameter.Shape];
        bool isOutput = parameter.Name.StartsWith("decoder.output.", StringComparison.Ordinal);
        return [.. parameter.Shape.Select((size, dimension) => isOutput && dimension == 0 ? size : Pad((int)size))];
    }

    private static float[] Spread(float[] values, ParameterShape shape, ParameterShape padded)
    {
        int width = (int)shape.Shape[^1];
        int paddedWidth = (int)padded.Shape[^1];
        var spread = new float[padded.Count];
        for (int row = 0; row < values.Length / width; row++)
            values.AsSpan(row * width, width).CopyTo(spread.AsSpan(row * paddedWidth));
        return spread;
    }
}
