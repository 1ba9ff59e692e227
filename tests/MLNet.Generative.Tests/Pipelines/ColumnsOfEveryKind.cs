using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative.Tests.Pipelines;

/// <summary>A row with a column of every type that ML.NET has, beside the features. Vectors vary in size, and in how sparse they are.</summary>
internal sealed class ColumnsOfEveryKind
{
    [VectorType(3)]
    public float[] Features { get; set; } = [];

    public bool Bool { get; set; }

    public sbyte SByte { get; set; }

    public byte Byte { get; set; }

    public short Short { get; set; }

    public ushort UShort { get; set; }

    public int Int { get; set; }

    public uint UInt { get; set; }

    public long Long { get; set; }

    public ulong ULong { get; set; }

    public float Single { get; set; }

    public double Double { get; set; }

    public string Text { get; set; } = "";

    public DateTime DateTime { get; set; }

    public DateTimeOffset DateTimeOffset { get; set; }

    public TimeSpan TimeSpan { get; set; }

    public DataViewRowId RowId { get; set; }

    [KeyType(100)]
    public uint Key { get; set; }

    [KeyType(100)]
    public byte SmallKey { get; set; }

    [KeyType(100)]
    public ulong LargeKey { get; set; }

    [VectorType(5)]
    public VBuffer<double> KnownSize { get; set; }

    public VBuffer<float> VariableSize { get; set; }

    public string[] Texts { get; set; } = [];

    [KeyType(100)]
    public uint[] Keys { get; set; } = [];

    public TimeSpan[] TimeSpans { get; set; } = [];

    /// <summary>A data view of such rows, all different. It can be shuffled and read by several cursors.</summary>
    public static IDataView View(int count, int seed = 1)
    {
        var random = new Random(seed);
        DataOperationsCatalog data = new MLContext().Data;
        return data.Cache(data.LoadFromEnumerable(Enumerable.Range(0, count).Select(n => Draw(n, random)).ToList()));
    }

    private static ColumnsOfEveryKind Draw(int n, Random random) => new()
    {
        Features = [.. Enumerable.Range(0, 3).Select(_ => random.NextSingle())],
        Bool = n % 3 == 1,
        SByte = (sbyte)n,
        Byte = (byte)n,
        Short = (short)n,
        UShort = (ushort)n,
        Int = -n,
        UInt = (uint)n,
        Long = -n,
        ULong = (ulong)n,
        Single = random.NextSingle(),
        Double = random.NextDouble(),
        Text = n % 5 == 0 ? "" : $"row {n}",
        DateTime = new DateTime(2000, 1, 1).AddHours(n),
        DateTimeOffset = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.FromHours(2)).AddMinutes(n),
        TimeSpan = TimeSpan.FromSeconds(n),
        RowId = new DataViewRowId((ulong)n, 17),
        Key = (uint)(n % 101),
        SmallKey = (byte)(n % 101),
        LargeKey = (ulong)(n % 101),
        KnownSize = Vector(5, random, random.NextDouble),
        VariableSize = Vector(random.Next(6), random, random.NextSingle),
        Texts = [.. Enumerable.Range(0, random.Next(4)).Select(i => $"text {n}.{i}")],
        Keys = [.. Enumerable.Range(0, random.Next(4)).Select(i => (uint)((n + i) % 101))],
        TimeSpans = [.. Enumerable.Range(0, random.Next(4)).Select(i => TimeSpan.FromSeconds(n + i))],
    };

    private static VBuffer<T> Vector<T>(int length, Random random, Func<T> draw)
    {
        if (random.Next(2) == 0)
            return new VBuffer<T>(length, [.. Enumerable.Range(0, length).Select(_ => draw())]);
        int[] indices = [.. Enumerable.Range(0, length).Where(_ => random.Next(2) == 0)];
        return new VBuffer<T>(length, indices.Length, [.. indices.Select(_ => draw())], indices);
    }
}
