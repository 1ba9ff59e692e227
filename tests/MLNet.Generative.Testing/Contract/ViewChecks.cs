using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace MLNet.Generative.Testing;

/// <summary>ML.NET's own views over transformed data: each gives the rows that it promises, with the values that they have.</summary>
internal static class ViewChecks
{
    public static void Any_number_of_rows_gives_the_same_values(EstimatorContract contract)
    {
        DataOperationsCatalog data = new MLContext().Data;
        int count = contract.Expected.NumberOfRows;
        foreach (int taken in (int[])[1, 2, 6, 7, 8, 31, 32, 33, count - 1, count])
        {
            RowTable first = contract.Expected.Where(n => n < taken);
            first.AssertSame(RowTable.Read(contract.Loaded.Transform(data.TakeRows(contract.TransformInput, taken))), $"{taken} rows transformed");
            first.AssertSame(RowTable.Read(data.TakeRows(contract.Loaded.Transform(contract.TransformInput), taken)), $"{taken} of the transformed rows");
            RowTable rest = contract.Expected.Where(n => n >= taken);
            rest.AssertSame(RowTable.Read(contract.Loaded.Transform(data.SkipRows(contract.TransformInput, taken))), $"all but {taken} rows transformed");
            rest.AssertSame(RowTable.Read(data.SkipRows(contract.Loaded.Transform(contract.TransformInput), taken)), $"all but {taken} of the transformed rows");
        }
    }

    public static void Cached_rows_are_the_same(EstimatorContract contract)
    {
        IDataView cached = new MLContext().Data.Cache(contract.Loaded.Transform(contract.TransformInput));
        contract.Expected.AssertSame(RowTable.Read(cached), "cached rows");
        contract.Expected.AssertSame(RowTable.Read(cached), "cached rows, read again");
        contract.Expected.AssertSame(RowTable.ReadSetByBatch(cached.GetRowCursorSet(cached.Schema, 3), [.. cached.Schema]), "set of cached rows");
    }

    public static void Filtered_rows_are_the_same(EstimatorContract contract)
    {
        Func<IDataView, IDataView> filter = view => new RowsAtPlaces(view, n => n % 5 is 1 or 2);
        RowTable expected = contract.Expected.Where(n => n % 5 is 1 or 2);
        expected.AssertSame(RowTable.Read(contract.Loaded.Transform(filter(contract.TransformInput))), "filtered before");
        expected.AssertSame(RowTable.Read(filter(contract.Loaded.Transform(contract.TransformInput))), "filtered after");
    }

    public static void Appended_rows_are_the_same(EstimatorContract contract)
    {
        var context = new MLContext();
        IDataView before = contract.Loaded.Transform(Append(context, contract.TransformInput, contract.TransformInput));
        IDataView transformed = contract.Loaded.Transform(contract.TransformInput);
        IDataView after = Append(context, transformed, transformed);
        RowTable expected = contract.Expected.Append(contract.Expected).Renumber();
        expected.AssertSame(RowTable.Read(before).Renumber(), "appended before");
        expected.AssertSame(RowTable.Read(after).Renumber(), "appended after");
    }

    public static void Split_rows_are_the_same(EstimatorContract contract)
    {
        DataOperationsCatalog data = new MLContext(seed: 1).Data;
        DataOperationsCatalog.TrainTestData before = data.TrainTestSplit(contract.TransformInput, testFraction: 0.3, seed: 1);
        AssertParts(contract, [contract.Loaded.Transform(before.TrainSet), contract.Loaded.Transform(before.TestSet)], "split before");
        IDataView transformed = contract.Loaded.Transform(contract.TransformInput);
        DataOperationsCatalog.TrainTestData after = data.TrainTestSplit(transformed, testFraction: 0.3, seed: 1);
        AssertParts(contract, [after.TrainSet, after.TestSet], "split after");
        AssertParts(contract, [.. data.CrossValidationSplit(transformed, numberOfFolds: 4, seed: 1).Select(fold => fold.TestSet)], "test sets of folds");
        foreach (DataOperationsCatalog.TrainTestData fold in data.CrossValidationSplit(contract.TransformInput, numberOfFolds: 2, seed: 1))
            AssertParts(contract, [contract.Loaded.Transform(fold.TrainSet), contract.Loaded.Transform(fold.TestSet)], "fold transformed");
    }

    public static void Rows_in_a_binary_file_are_the_same(EstimatorContract contract)
    {
        using var folder = new TemporaryFolder();
        DataOperationsCatalog data = new MLContext().Data;
        foreach (IDataView input in (IDataView[])[contract.TransformInput, data.Cache(contract.TransformInput)])
        {
            string path = folder.PathOf($"{Guid.NewGuid()}.idv");
            using (FileStream stream = File.Create(path))
                data.SaveAsBinary(contract.Loaded.Transform(input), stream);
            RowTable saved = RowTable.Read(data.LoadFromBinary(path));
            contract.Expected.Select(column => !column.IsHidden).Renumber().AssertSame(saved.Renumber(), "saved rows");
        }
    }

    // The parts may have columns by which ML.NET made them.
    private static void AssertParts(EstimatorContract contract, IReadOnlyList<IDataView> parts, string what)
    {
        HashSet<string> names = [.. contract.Expected.Columns.Select(column => column.Name)];
        RowTable[] tables = [.. parts.Select(part => RowTable.Read(part, column => !column.IsHidden && names.Contains(column.Name)))];
        Assert.All(tables, table => Assert.InRange(table.NumberOfRows, 1, contract.Expected.NumberOfRows - 1));
        contract.Expected.Select(column => !column.IsHidden).SortById().AssertSame(tables[0].Append(tables[1..]).SortById(), what);
    }

    private static IDataView Append(MLContext context, params IDataView[] views) => AppendRowsDataView.Create(context, views[0].Schema, views);

    /// <summary>The rows of a view that stand at certain places.</summary>
    private sealed class RowsAtPlaces(IDataView source, Func<long, bool> isWanted) : IDataView
    {
        public bool CanShuffle => false;

        public DataViewSchema Schema => source.Schema;

        public long? GetRowCount() => null;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(source.GetRowCursor(columnsNeeded), isWanted);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded)];

        private sealed class Cursor(DataViewRowCursor source, Func<long, bool> isWanted) : DataViewRowCursor
        {
            private long _position = -1;

            public override DataViewSchema Schema => source.Schema;

            public override long Position => _position;

            public override long Batch => 0;

            public override bool MoveNext()
            {
                while (source.MoveNext())
                {
                    if (!isWanted(source.Position))
                        continue;
                    _position++;
                    return true;
                }
                _position = -1;
                return false;
            }

            public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

            public override bool IsColumnActive(DataViewSchema.Column column) => source.IsColumnActive(column);

            public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => source.GetGetter<TValue>(column);

            protected override void Dispose(bool disposing)
            {
                source.Dispose();
                base.Dispose(disposing);
            }
        }
    }
}
