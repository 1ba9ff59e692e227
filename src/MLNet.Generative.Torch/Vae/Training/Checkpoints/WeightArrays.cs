using System.Runtime.InteropServices;

namespace MLNet.Generative;

/// <summary>The values of all parameters in a checkpoint.</summary>
internal static class WeightArrays
{
    /// <summary>Writes them, one array after another.</summary>
    public static void Write(BinaryWriter writer, IReadOnlyList<float[]> arrays)
    {
        foreach (float[] array in arrays)
            writer.Write(MemoryMarshal.AsBytes<float>(array));
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static float[][] Read(BlockReader reader, VaeArchitecture architecture, string what) =>
        [.. architecture.Parameters().Select(parameter => reader.ReadFiniteSingles(parameter.Count, $"{what} of {parameter.Name}"))];
}
