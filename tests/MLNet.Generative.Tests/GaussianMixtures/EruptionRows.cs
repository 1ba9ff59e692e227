using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative.Tests;

/// <summary>Pairs of numbers as data views.</summary>
internal static class EruptionRows
{
    /// <summary>Column Features, a vector of two Singles.</summary>
    public static IDataView Singles(MLContext mlContext, double[] rows) =>
        mlContext.Data.LoadFromEnumerable(rows.Chunk(2).Select(row => new SingleRow { Features = [(float)row[0], (float)row[1]] }).ToArray());

    /// <summary>Column Doubles, a vector of two Doubles.</summary>
    public static IDataView Doubles(MLContext mlContext, double[] rows) =>
        mlContext.Data.LoadFromEnumerable(rows.Chunk(2).Select(row => new DoubleRow { Doubles = row }).ToArray());

    private sealed class SingleRow
    {
        [VectorType(2)]
        public float[] Features = [];
    }

    private sealed class DoubleRow
    {
        [VectorType(2)]
        public double[] Doubles = [];
    }
}
