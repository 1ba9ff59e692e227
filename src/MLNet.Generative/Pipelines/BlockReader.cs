using System.ComponentModel;
using System.Text;
using Microsoft.ML.Runtime;

namespace MLNet.Generative;

/// <summary>
/// Reads the payload of a verified block and checks every number: sizes must fit into what is left, values must be finite. For the authors of transformers in this
/// family of packages.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class BlockReader : BinaryReader
{
    private readonly IExceptionContext? _context;
    private readonly string _file;

    internal BlockReader(IExceptionContext? context, byte[] payload, string file = "The model file")
        : base(new MemoryStream(payload), Encoding.UTF8)
    {
        _context = context;
        _file = file;
    }

    /// <summary>The number of bytes that are left.</summary>
    public long Remaining => BaseStream.Length - BaseStream.Position;

    /// <summary>Throws if a condition on what was read does not hold.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="problem">What is wrong with the file if it does not hold.</param>
    /// <exception cref="FormatException">The condition does not hold.</exception>
    public void Check(bool condition, string problem)
    {
        if (!condition)
            throw _context.ExceptDecode($"{_file} cannot be read: {problem}.");
    }

    /// <summary>Reads a size.</summary>
    /// <param name="lowest">The smallest that is allowed.</param>
    /// <param name="what">What it is the size of, for errors.</param>
    /// <exception cref="FormatException">The size is smaller, or larger than what is left to read.</exception>
    public int ReadSize(int lowest, string what)
    {
        int size = ReadInt32();
        Check(size >= lowest && size <= Remaining, $"{what} is {size}");
        return size;
    }

    /// <summary>Reads a finite number.</summary>
    /// <param name="what">What it is, for errors.</param>
    /// <exception cref="FormatException">The number is not finite.</exception>
    public double ReadFinite(string what)
    {
        double value = ReadDouble();
        Check(double.IsFinite(value), $"{what} is {value}");
        return value;
    }

    /// <summary>Reads finite numbers.</summary>
    /// <param name="count">How many.</param>
    /// <param name="what">What they are, for errors.</param>
    /// <exception cref="FormatException">There are not so many, or one is not finite.</exception>
    public double[] ReadFinite(long count, string what)
    {
        Check(count * sizeof(double) <= Remaining, $"{what} has fewer numbers than {count}");
        var values = new double[count];
        for (long i = 0; i < count; i++)
            values[i] = ReadFinite(what);
        return values;
    }

    /// <summary>Reads finite 32-bit numbers.</summary>
    /// <param name="count">How many.</param>
    /// <param name="what">What they are, for errors.</param>
    /// <exception cref="FormatException">There are not so many, or one is not finite.</exception>
    public float[] ReadFiniteSingles(long count, string what)
    {
        Check(count >= 0 && count <= Remaining / sizeof(float), $"{what} has fewer numbers than {count}");
        var values = new float[count];
        for (long i = 0; i < count; i++)
        {
            values[i] = ReadSingle();
            Check(float.IsFinite(values[i]), $"a number of {what} is {values[i]}");
        }
        return values;
    }

    /// <summary>Reads texts.</summary>
    /// <param name="count">How many.</param>
    public string[] ReadStrings(int count)
    {
        var values = new string[count];
        for (int i = 0; i < count; i++)
            values[i] = ReadString();
        return values;
    }

    /// <summary>Reads one of the values of an enumeration.</summary>
    /// <param name="what">What it is, for errors.</param>
    /// <exception cref="FormatException">The number is none of its values.</exception>
    public TEnum ReadEnum<TEnum>(string what)
        where TEnum : struct, Enum
    {
        int number = ReadInt32();
        var value = (TEnum)Enum.ToObject(typeof(TEnum), number);
        Check(Enum.IsDefined(value), $"{what} is {number}");
        return value;
    }
}
