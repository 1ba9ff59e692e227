using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Rows through a mixture as a step of a pipeline: to the bit what the model says, by every road, and nothing allocated on the way.</summary>
public sealed class RowScoringTests
{
    private readonly MLContext _context = new(seed: 1);

    public static TheoryData<int, int, CovarianceType> Shapes { get; } = new(
        from shape in ((int, int)[])[(1, 1), (1, 9), (2, 3), (3, 8), (5, 2), (8, 4), (13, 3), (16, 8), (17, 17)]
        from type in (CovarianceType[])[CovarianceType.Full, CovarianceType.Diagonal, CovarianceType.VEE]
        where shape.Item1 > 1 || type != CovarianceType.VEE
        select (shape.Item1, shape.Item2, type));

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Columns_say_what_the_model_says(int dimension, int components, CovarianceType type)
    {
        double[] rows = OddRows(dimension);
        GaussianMixtureTransformer transformer = Fit(dimension, components, type);
        IDataView view = DataViews.OfFeatures(rows, dimension, isSingle: false);
        IDataView scored = transformer.Transform(view);
        RowTable table = RowTable.Read(scored);
        IRowToRowMapper mapper = ((ITransformer)transformer).GetRowToRowMapper(view.Schema);
        using (DataViewRowCursor cursor = view.GetRowCursor(view.Schema))
        using (DataViewRow row = mapper.GetRow(cursor, mapper.OutputSchema))
            table.AssertSame(RowTable.Read(cursor, row, [.. mapper.OutputSchema]), "single rows");

        uint[] labels = [.. scored.GetColumn<uint>("PredictedLabel")];
        float[][] scores = [.. scored.GetColumn<float[]>("Score")];
        float[][] probabilities = [.. scored.GetColumn<float[]>("Probability")];
        float[] logDensities = [.. scored.GetColumn<float>("LogDensity")];
        var posterior = new double[components];
        for (int n = 0; n < labels.Length; n++)
        {
            ReadOnlySpan<double> row = rows.AsSpan(n * dimension, dimension);
            double logDensity = transformer.Model.Posterior(row, posterior);
            Assert.Equal(logDensity, transformer.Model.LogDensity(row));
            Assert.Equal((float)Math.Max(logDensity, float.MinValue), logDensities[n]);
            Assert.Equal(Array.ConvertAll(posterior, probability => (float)probability), probabilities[n]);
            Assert.All(scores[n], score => Assert.True(float.IsFinite(score)));
            bool isInvalid = row.ContainsAny(double.PositiveInfinity, double.NegativeInfinity);
            Assert.Equal(isInvalid, labels[n] == 0);
            if (!isInvalid)
                Assert.Equal((scores[n].Min(), probabilities[n].Max()), (scores[n][labels[n] - 1], probabilities[n][labels[n] - 1]));
        }
    }

    [Fact]
    public void Detectors_score_what_the_model_says()
    {
        double[] rows = OddRows(dimension: 5);
        AnomalyTransformer detector = _context.AnomalyDetection.Trainers.FromDensity(Estimator(components: 3, CovarianceType.Full)).Fit(TrainingView(5));
        GaussianMixtureModel model = ((GaussianMixtureTransformer)detector.Model).Model;
        float[] scores = [.. detector.Transform(DataViews.OfFeatures(rows, 5, isSingle: false)).GetColumn<float>("Score")];
        Assert.Equal(rows.Chunk(5).Select(row => -(float)Math.Max(model.LogDensity(row), float.MinValue)), scores);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_is_allocated_for_a_row(bool isSingle)
    {
        double[] rows = [.. Enumerable.Range(0, 20).SelectMany(_ => OddRows(dimension: 6))];
        IDataView view = DataViews.OfFeatures(rows, 6, isSingle);
        ITransformer detector = _context.AnomalyDetection.Trainers.FromDensity(Estimator(components: 3, CovarianceType.Full)).Fit(TrainingView(6));
        foreach (ITransformer transformer in (ITransformer[])[Fit(6, components: 9, CovarianceType.Full), Fit(6, components: 2, CovarianceType.Diagonal), detector])
        {
            IRowToRowMapper mapper = transformer.GetRowToRowMapper(view.Schema);
            using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
            using DataViewRow row = mapper.GetRow(cursor, mapper.OutputSchema);
            Action[] readers = [.. mapper.OutputSchema.Where(column => column.Name is not ("Features" or "Note")).Select(column => Reader(row, column))];
            long before = 0;
            for (int n = 0; cursor.MoveNext(); n++)
            {
                foreach (Action read in readers)
                    read();
                if (n == 200)
                    before = GC.GetAllocatedBytesForCurrentThread();
                // Not always 0: the runtime may allocate once when it compiles anew what runs often.
                if (n == 1600)
                    Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
            }
        }
    }

    private static Action Reader(DataViewRow row, DataViewSchema.Column column) => column.Type.RawType switch
    {
        var type when type == typeof(float) => Reader<float>(row, column),
        var type when type == typeof(uint) => Reader<uint>(row, column),
        var type when type == typeof(bool) => Reader<bool>(row, column),
        _ => Reader<VBuffer<float>>(row, column),
    };

    private static Action Reader<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> get = row.GetGetter<T>(column);
        T value = default!;
        return () => get(ref value);
    }

    private GaussianMixtureEstimator Estimator(int components, CovarianceType type) =>
        _context.Clustering.Trainers.GaussianMixture(new GaussianMixtureEstimator.Options
        {
            NumberOfComponents = components,
            CovarianceType = type,
            MaximumNumberOfIterations = 5,
        });

    private GaussianMixtureTransformer Fit(int dimension, int components, CovarianceType type) => Estimator(components, type).Fit(TrainingView(dimension));

    private static IDataView TrainingView(int dimension) => DataViews.OfFeatures(RandomMixtures.Rows(new Random(1), 400, dimension), dimension, isSingle: false);

    // Ordinary rows, of which every third lacks features, and between them those that lack all, are infinite in one, or so far out that distances overflow.
    private static double[] OddRows(int dimension)
    {
        var random = new Random(2);
        double[] rows = RandomMixtures.Rows(random, 90, dimension);
        for (int n = 0; n < 90; n++)
        {
            Span<double> row = rows.AsSpan(n * dimension, dimension);
            if (n % 3 == 1)
                row[random.Next(dimension)] = row[random.Next(dimension)] = double.NaN;
            if (n % 10 == 0)
                row.Fill(double.NaN);
            if (n % 5 == 2)
                row[random.Next(dimension)] = ((double[])[double.PositiveInfinity, double.NegativeInfinity, 1e30, -1e200, double.MaxValue])[random.Next(5)];
        }
        return rows;
    }
}
