using CsCheck;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests.Pipelines;

/// <summary>One cursor over a view that is scored in blocks: where it says it is, in what order it is read, and how it ends.</summary>
public sealed class BlockScoredCursorTests
{
    private const int RowsPerBlock = 7;

    private readonly MLContext _context = new(seed: 1);
    private readonly IndependentNormalsTransformer _fitted;

    public BlockScoredCursorTests() => _fitted = Fit(_context, RowsPerBlock);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(RowsPerBlock - 1)]
    [InlineData(RowsPerBlock)]
    [InlineData(RowsPerBlock + 1)]
    [InlineData(3 * RowsPerBlock)]
    [InlineData(5 * RowsPerBlock + 2)]
    public async Task Position_batch_and_id_are_those_of_the_input(int numberOfRows)
    {
        IDataView input = ColumnsOfEveryKind.View(numberOfRows);
        IDataView transformed = _fitted.Transform(input);
        AssertInStep(input.GetRowCursor(input.Schema), transformed.GetRowCursor(transformed.Schema));
        AssertInStep(input.GetRowCursor(input.Schema, new Random(3)), transformed.GetRowCursor(transformed.Schema, new Random(3)));
        foreach (int n in (int[])[1, 2, numberOfRows + 3])
        {
            DataViewRowCursor[] expected = input.GetRowCursorSet(input.Schema, n);
            DataViewRowCursor[] actual = transformed.GetRowCursorSet(transformed.Schema, n);
            Assert.Equal(expected.Length, actual.Length);
            // Cursors of one set may wait for one another, so that each pair runs on a thread of its own.
            await Task.WhenAll(expected.Zip(actual).Select(pair => Task.Factory.StartNew(
                () => AssertInStep(pair.First, pair.Second), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        }
    }

    [Fact]
    public void Values_may_be_read_in_any_order_at_any_rows()
    {
        IDataView transformed = _fitted.Transform(ColumnsOfEveryKind.View(40));
        RowTable expected = RowTable.Read(_fitted.WithRowsPerBlock(1).Transform(ColumnsOfEveryKind.View(40)));
        // Each number moves a cursor on, or reads a column, perhaps through a getter fetched just then.
        int columns = transformed.Schema.Count;
        Gen.Int[0, 3 * columns].Array[0, 200].Sample(steps => AssertReads(transformed, expected, steps), iter: 200, threads: 1);
    }

    [Fact]
    public async Task Many_cursors_on_many_threads_do_not_disturb_each_other()
    {
        IDataView transformed = _fitted.Transform(ColumnsOfEveryKind.View(100));
        RowTable expected = RowTable.Read(_fitted.WithRowsPerBlock(1).Transform(ColumnsOfEveryKind.View(100)));
        const int numberOfThreads = 12;
        using var barrier = new Barrier(numberOfThreads);
        await Task.WhenAll(Enumerable.Range(0, numberOfThreads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                barrier.SignalAndWait();
                var random = new Random(thread);
                for (int pass = 0; pass < 10; pass++)
                    AssertReads(transformed, expected, [.. Enumerable.Range(0, 300).Select(_ => random.Next(3 * transformed.Schema.Count + 1))]);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(RowsPerBlock - 1)]
    [InlineData(RowsPerBlock)]
    [InlineData(2 * RowsPerBlock + 4)]
    public void Cancelled_pass_ends_with_the_block(int lastRow)
    {
        var input = new WatchedView(ColumnsOfEveryKind.View(50));
        IDataView transformed = _fitted.Transform(input);
        using (DataViewRowCursor cursor = transformed.GetRowCursor(transformed.Schema))
        {
            Func<object>[] readers = [.. transformed.Schema.Select(column => RowTable.CreateReader(cursor, column))];
            for (int n = 0; n <= lastRow; n++)
                Assert.True(cursor.MoveNext());
            Cancellation.Cancel(_context);
            int end = (lastRow / RowsPerBlock + 1) * RowsPerBlock;
            for (int n = lastRow + 1; n < end; n++)
            {
                Assert.True(cursor.MoveNext());
                Assert.All(readers, read => Assert.NotNull(read()));
            }
            Assert.ThrowsAny<OperationCanceledException>(() => cursor.MoveNext());
            Assert.Equal(end, input.NumberOfRowsRead);
            Assert.Equal(0, input.NumberOfOpenCursors);
            Assert.Equal(-1, cursor.Position);
            Assert.False(cursor.MoveNext());
        }
        Assert.Equal([1], input.NumbersOfDisposals);
        RowTable.Read(Fit(new MLContext(), 1).Transform(input)).AssertSame(RowTable.Read(Fit(new MLContext(), RowsPerBlock).Transform(input)), "a new context");
    }

    [Fact]
    public void Cancelled_pass_ends_in_steps_that_stand_on_blocks()
    {
        IDataView input = ColumnsOfEveryKind.View(5000);
        foreach (Func<MLContext, IDataView, IDataView> step in (Func<MLContext, IDataView, IDataView>[])
            [
                (context, view) => context.Data.Cache(view),
                (context, view) => context.Data.SkipRows(view, 2),
                (context, view) => context.Data.ShuffleRows(view, shufflePoolSize: 20),
                (context, view) => context.AnomalyDetection.Trainers.FromDensity(Normals(context, RowsPerBlock)).Fit(input).Transform(view),
            ])
        {
            var context = new MLContext(seed: 1);
            var watched = new WatchedView(input);
            IDataView transformed = step(context, Normals(context, RowsPerBlock).Fit(input).Transform(watched));
            using (DataViewRowCursor cursor = transformed.GetRowCursor(transformed.Schema))
            {
                Assert.True(cursor.MoveNext());
                Cancellation.Cancel(context);
                Exception exception = Assert.ThrowsAny<Exception>(() =>
                {
                    while (cursor.MoveNext())
                    {
                    }
                });
                Assert.True(IsCancellation(exception), exception.ToString());
            }
            Assert.True(SpinWait.SpinUntil(() => watched.NumberOfOpenCursors == 0, TimeSpan.FromSeconds(10)), $"{watched.NumberOfOpenCursors} cursors of the input are open below {transformed.GetType().Name}.");
        }
    }

    [Theory]
    [InlineData(RowsPerBlock, 0)]
    [InlineData(RowsPerBlock, 1)]
    [InlineData(RowsPerBlock, 30)]
    [InlineData(1, 0)]
    [InlineData(1, 30)]
    public void Cursor_given_up_stays_at_its_end(int rowsPerBlock, int numberOfMoves)
    {
        var input = new WatchedView(ColumnsOfEveryKind.View(30));
        IDataView transformed = Fit(_context, rowsPerBlock).Transform(input);
        DataViewRowCursor[] cursors = [.. Enumerable.Range(0, 3).Select(_ => Assert.Single(transformed.GetRowCursorSet(transformed.Schema, 1)))];
        foreach (DataViewRowCursor cursor in cursors)
        {
            Func<object> read = RowTable.CreateReader(cursor, transformed.Schema["Sum"]);
            for (int n = 0; n < numberOfMoves; n++)
                Assert.True(cursor.MoveNext());
            cursor.Dispose();
            cursor.Dispose();
            Assert.Equal(-1, cursor.Position);
            Assert.Throws<InvalidOperationException>(() => read());
            if (rowsPerBlock > 1)
                Assert.False(cursor.MoveNext());
        }
        Assert.Equal([1, 1, 1], input.NumbersOfDisposals);
    }

    [Theory]
    [InlineData(5, 8)]
    [InlineData(8, 5)]
    [InlineData(1000, 3)]
    [InlineData(3, 1000)]
    [InlineData(2, 1)]
    public void Blocks_stand_on_blocks_of_another_size(int first, int second)
    {
        IDataView input = ColumnsOfEveryKind.View(60);
        IDataView expected = Tower(_context, 1, 1).Fit(input).Transform(input);
        var watched = new WatchedView(input);
        IDataView transformed = Tower(_context, first, second).Fit(input).Transform(watched);
        RowTable.Read(expected).AssertSame(RowTable.Read(transformed), "two densities and a detector");
        RowTable.Read(expected, column => column.Index % 3 == 0).AssertSame(RowTable.Read(transformed, column => column.Index % 3 == 0), "some columns");
        RowTable.Read(expected).AssertSame(RowTable.ReadSetByBatch(transformed.GetRowCursorSet(transformed.Schema, 3), [.. transformed.Schema]), "set");
        DataViewRowCursor given = transformed.GetRowCursor(transformed.Schema);
        for (int n = 0; n < 11; n++)
            Assert.True(given.MoveNext());
        given.Dispose();
        Assert.All(watched.NumbersOfDisposals, disposals => Assert.Equal(1, disposals));
    }

    [Fact]
    public void Cross_validation_is_the_same_in_blocks()
    {
        IDataView data = ColumnsOfEveryKind.View(120);
        double[] Errors(int rowsPerBlock)
        {
            var context = new MLContext(seed: 1);
            EstimatorChain<RegressionPredictionTransformer<Microsoft.ML.Trainers.LinearRegressionModelParameters>> pipeline = Normals(context, rowsPerBlock)
                .Append(context.Regression.Trainers.OnlineGradientDescent(labelColumnName: "Single", featureColumnName: "Squares"));
            return [.. context.Regression.CrossValidate(data, pipeline, numberOfFolds: 3, labelColumnName: "Single", seed: 1).Select(fold => fold.Metrics.RootMeanSquaredError)];
        }
        Assert.Equal(Errors(1), Errors(RowsPerBlock));
    }

    private static EstimatorChain<AnomalyTransformer> Tower(MLContext context, int first, int second) =>
        Normals(context, first)
            .Append(new IndependentNormalsEstimator(context, new IndependentNormalsEstimator.Options { FeatureColumnName = "Squares", RowsPerBlock = second }))
            .Append(context.AnomalyDetection.Trainers.FromDensity(new IndependentNormalsEstimator(context, new IndependentNormalsEstimator.Options { RowsPerBlock = first + 1 })));

    private static IndependentNormalsEstimator Normals(MLContext context, int rowsPerBlock) =>
        new(context, new IndependentNormalsEstimator.Options { RowsPerBlock = rowsPerBlock });

    private static IndependentNormalsTransformer Fit(MLContext context, int rowsPerBlock) => Normals(context, rowsPerBlock).Fit(ColumnsOfEveryKind.View(40, seed: 2));

    private static bool IsCancellation(Exception? exception) => exception is OperationCanceledException || exception is not null && IsCancellation(exception.InnerException);

    private static void AssertInStep(DataViewRowCursor expected, DataViewRowCursor actual)
    {
        using (expected)
        using (actual)
        {
            ValueGetter<DataViewRowId> getExpectedId = expected.GetIdGetter();
            ValueGetter<DataViewRowId> getActualId = actual.GetIdGetter();
            (DataViewRowId expectedId, DataViewRowId actualId) = (default, default);
            bool isOnRow;
            do
            {
                isOnRow = expected.MoveNext();
                Assert.Equal(isOnRow, actual.MoveNext());
                Assert.Equal(expected.Position, actual.Position);
                if (!isOnRow)
                    continue;
                Assert.Equal(expected.Batch, actual.Batch);
                getExpectedId(ref expectedId);
                getActualId(ref actualId);
                Assert.Equal(expectedId, actualId);
            }
            while (isOnRow);
        }
    }

    private static void AssertReads(IDataView view, RowTable expected, int[] steps)
    {
        DataViewSchema.Column[] columns = [.. view.Schema];
        using DataViewRowCursor cursor = view.GetRowCursor(columns);
        var readers = new Func<object>?[columns.Length];
        foreach (int step in steps)
        {
            int column = step % columns.Length;
            if (step >= 2 * columns.Length || cursor.Position < 0)
            {
                if (!cursor.MoveNext())
                    return;
                continue;
            }
            if (step >= columns.Length)
                readers[column] = null;
            object value = (readers[column] ??= RowTable.CreateReader(cursor, columns[column]))();
            expected.AssertValue((int)cursor.Position, column, value);
        }
    }
}
