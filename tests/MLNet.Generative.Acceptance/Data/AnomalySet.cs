using System.Globalization;
using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative.Acceptance;

/// <summary>Rows of which some are known to be strange.</summary>
/// <param name="Name">The name of the set.</param>
/// <param name="Rows">The rows: features, and whether it is an anomaly.</param>
public sealed record AnomalySet(string Name, IReadOnlyList<(float[] Features, bool IsAnomaly)> Rows)
{
    /// <summary>The number of features.</summary>
    public int Dimension => Rows[0].Features.Length;

    /// <summary>Reads a compressed file of comma-separated values: a line of names, then features and, last, 1 for an anomaly and 0 for a normal row.</summary>
    /// <exception cref="InvalidDataException">A line has another number of cells than the first, or does not end with 0 or 1.</exception>
    public static AnomalySet Read(string path, string name)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        int columns = reader.ReadLine()?.Split(',').Length ?? 0;
        var rows = new List<(float[], bool)>();
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            string[] cells = line.Split(',');
            if (cells.Length != columns || cells[^1] is not ("0" or "1"))
                throw new InvalidDataException($"{path}, row {rows.Count}: '{line}' is not {columns - 1} features and a label of 0 or 1.");
            rows.Add((Array.ConvertAll(cells[..^1], cell => float.Parse(cell, CultureInfo.InvariantCulture)), cells[^1] == "1"));
        }
        return new AnomalySet(name, rows);
    }

    /// <summary>Half of the normal rows, drawn at random, to train on; the other half and all anomalies to test on.</summary>
    public (IDataView Training, IDataView Test) Split(MLContext context, int seed)
    {
        (float[] Features, bool IsAnomaly)[] normal = [.. Rows.Where(row => !row.IsAnomaly)];
        new Random(seed).Shuffle(normal);
        int half = normal.Length / 2;
        return (ToDataView(context, normal[..half]), ToDataView(context, [.. normal[half..], .. Rows.Where(row => row.IsAnomaly)]));
    }

    private IDataView ToDataView(MLContext context, IEnumerable<(float[] Features, bool IsAnomaly)> rows)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Dimension);
        return context.Data.LoadFromEnumerable(rows.Select(row => new Row { Features = row.Features, Label = row.IsAnomaly ? 1 : 0 }).ToArray(), schema);
    }

    private sealed class Row
    {
        public float[] Features = [];
        public float Label;
    }
}
