using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative.Testing;
using TorchSharp;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Passes over views of many blocks: they agree with the model, with each other at the same time, and leave nothing behind.</summary>
public sealed class VaeBlockPassTests : TorchTests
{
    private const int D = SmallVae.Dimension;
    private readonly MLContext _context = new(seed: 1);
    private readonly VaeTransformer _transformer;

    public VaeBlockPassTests()
    {
        var options = SmallVae.Options(options =>
        {
            (options.NumberOfEpochs, options.StandardDeviationColumnName, options.ReconstructionColumnName, options.LogDensityColumnName) = (2, "Deviation", "Reconstruction", "LogDensity");
        });
        _transformer = _context.Transforms.Vae(options).Fit(DataViews.OfFeatures(SmallVae.Rows, D, isSingle: false));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Tails_of_every_length_have_the_models_values(bool isSingle)
    {
        double[] rows = [.. Enumerable.Repeat(SmallVae.Rows.Select(value => (double)(float)value), 6).SelectMany(row => row)];
        for (int i = 3; i < rows.Length; i += 17)
            rows[i] = double.NaN;
        var bounds = new double[rows.Length / D];
        _transformer.Model.LogDensity(rows, bounds);
        double[] means = _transformer.Model.Encode(rows);
        foreach (int count in (int[])[1, 7, 8, 9, 64, 65, 255, 256, 257, 511, 512, 513, 1025])
        {
            IDataView view = _transformer.Transform(DataViews.OfFeatures(rows[..(count * D)], D, isSingle));
            float[] found = [.. view.GetColumn<float>("LogDensity")];
            Assert.Equal(bounds.Take(count).Select(bound => (float)bound), found);
            Assert.Equal(means.Take(2 * count).Select(mean => (float)mean), view.GetColumn<float[]>("Latent").SelectMany(row => row));
        }
    }

    [Fact]
    public void A_sparse_column_has_the_values_of_a_dense_one()
    {
        float[] row = [0, 10, 0, 0, 3];
        var sparse = new VBuffer<float>(D, 2, [10, 3], [1, 4]);
        var schema = SchemaDefinition.Create(typeof(Sparse));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, D);
        IDataView view = _context.Data.LoadFromEnumerable(Enumerable.Repeat(new Sparse { Features = sparse }, 20), schema);
        double expected = _transformer.Model.LogDensity([.. row.Select(value => (double)value)]);
        Assert.All(_transformer.Transform(view).GetColumn<float>("LogDensity"), found => Assert.Equal((float)expected, found));
    }

    [Fact]
    public void Cursors_at_the_same_time_give_what_one_gives()
    {
        double[] rows = [.. Enumerable.Repeat(SmallVae.Rows, 20).SelectMany(row => row)];
        IDataView view = _transformer.Transform(DataViews.OfFeatures(rows, D, isSingle: true));
        float[] expected = [.. view.GetColumn<float>("LogDensity")];
        Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ => Assert.Equal(expected, view.GetColumn<float>("LogDensity")));

        DataViewRowCursor[] cursors = view.GetRowCursorSet([view.Schema["LogDensity"]], 4);
        var found = new List<float>();
        Parallel.ForEach(cursors, cursor =>
        {
            using DataViewRowCursor owned = cursor;
            ValueGetter<float> get = cursor.GetGetter<float>(view.Schema["LogDensity"]);
            float value = 0;
            while (cursor.MoveNext())
            {
                get(ref value);
                lock (found)
                    found.Add(value);
            }
        });
        Assert.Equal(expected.Order(), found.Order());
    }

    [Fact]
    public void A_thousand_blocks_and_their_cursors_leave_no_tensor_and_no_memory()
    {
        // Blocks of 512, rows with holes among them.
        double[] rows = [.. Enumerable.Repeat(SmallVae.Rows, 128).SelectMany(row => row)];
        rows[1234] = double.NaN;
        IDataView view = _transformer.Transform(_context.Data.Cache(DataViews.OfFeatures(rows, D, isSingle: true)));
        long tensors = 0;
        long memory = 0;
        for (int pass = 0; pass < 24; pass++)
        {
            Assert.Equal(25_600, view.GetColumn<float>("LogDensity").Count());
            // And passes that end early.
            Assert.Single(view.GetColumn<float[]>("Latent").Take(1));
            if (pass == 4)
                (tensors, memory) = Measure();
        }
        (long tensorsAfter, long memoryAfter) = Measure();
        Assert.Equal(tensors, tensorsAfter);
        Assert.InRange(memoryAfter - memory, long.MinValue, 16_000_000);
    }

    [Fact]
    public void A_prediction_engine_holds_few_tensors_and_leaves_none_to_be_collected()
    {
        _transformer.Model.LogDensity(SmallVae.Rows.AsSpan(0, D));
        long before = Measure().Tensors;
        Predict(_context, _transformer, before);
        Assert.Equal(before, Measure().Tensors);
    }

    // ML.NET tells no scorer that an engine is done with. A method of its own, so that nothing on the stack keeps the engine from the garbage collector.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Predict(MLContext context, VaeTransformer transformer, long before)
    {
        using PredictionEngine<Row, Row> engine = context.Model.CreatePredictionEngine<Row, Row>(transformer);
        var row = new Row { Features = [.. SmallVae.Rows.Take(D).Select(value => (float)value)] };
        engine.Predict(row);
        long first = Measure().Tensors;
        for (int i = 0; i < 1000; i++)
            engine.Predict(row);
        Assert.Equal(first, Measure().Tensors);
        Assert.InRange(first - before, 1, 4);
    }

    // Without what the garbage collector manages.
    private static (long Tensors, long Memory) Measure()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return (torch.Tensor.TotalCount, process.WorkingSet64 - GC.GetGCMemoryInfo().TotalCommittedBytes);
    }

    private sealed class Sparse
    {
        public VBuffer<float> Features { get; set; }
    }

    private sealed class Row
    {
        [VectorType(D)]
        public float[] Features { get; set; } = [];

        [VectorType(2)]
        public float[] Latent { get; set; } = [];

        public float LogDensity { get; set; }
    }
}
