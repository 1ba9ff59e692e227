using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests.MarkovModels.Sequences;

/// <summary>Rows of one key follow each other and become one row.</summary>
public sealed class GroupSequencesTests
{
    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void Steps_become_vectors_of_their_type()
    {
        IDataView rows = _context.Data.LoadFromEnumerable(
        [
            // ML.NET counts the keys of a class from 0, and from 1 in a column, where 0 is a missing one.
            new Step { Name = "b", Single = 1, Double = 10, Symbol = 0, Point = [1, 2, 3], Pair = [1, 2] },
            new Step { Name = "b", Single = 2, Double = 20, Symbol = 5, Point = [0, 0, 4], Pair = [3, 4] },
            new Step { Name = "a", Single = 3, Double = 30, Symbol = 4, Point = [5, 0, 0], Pair = [5, 6] },
        ]);
        IDataView grouped = _context.Data.GroupSequences(rows, "Name", Step.Values);

        Assert.Equal(
            ["Name: String", "Single: Vector<Single>", "Double: Vector<Double>", "Symbol: Vector<Key<Byte, 0-4>>", "Point: Vector<Single, *, 3>", "Pair: Vector<Double, *, 2>"],
            grouped.Schema.Select(column => $"{column.Name}: {column.Type}"));
        Assert.Equal(
            ["b;1 2;10 20;1 0;1 2 3 0 0 4;1 2 3 4", "a;3;30;5;5 0 0;5 6"],
            RowTable.Read(grouped).Format(["Name", .. Step.Values]).Select(line => line.Replace("'", "", StringComparison.Ordinal)));
        Assert.False(grouped.CanShuffle);
        Assert.Null(grouped.GetRowCount());
    }

    [Fact]
    public void Sequences_are_read_by_classes_with_arrays()
    {
        IDataView grouped = _context.Data.GroupSequences(_context.Data.LoadFromEnumerable(Step.Contiguous(1, 4, 6)), "Key", ["Point", "Symbol"]);
        List<Sequence> sequences = [.. _context.Data.CreateEnumerable<Sequence>(grouped, reuseRowObject: false)];
        Assert.Equal(4, sequences.Count);
        Assert.All(sequences, sequence => Assert.Equal(sequence.Point!.Length, 3 * sequence.Symbol!.Length));
    }

    [Fact]
    public void What_keys_stand_for_is_kept()
    {
        IDataView rows = _context.Data.LoadFromEnumerable(Step.Contiguous(1, 4, 6));
        rows = _context.Transforms.Conversion.MapValueToKey("Who", "Name").Append(_context.Transforms.Conversion.MapValueToKey("What", "Number")).Fit(rows).Transform(rows);
        IDataView grouped = _context.Data.GroupSequences(rows, "Who", "What");
        IDataView flattened = _context.Data.FlattenSequences(grouped, "Who", "What");
        VBuffer<ReadOnlyMemory<char>> names = default;
        VBuffer<long> expected = default;
        VBuffer<long> numbers = default;
        rows.Schema["What"].GetKeyValues(ref expected);
        foreach (IDataView view in (IDataView[])[grouped, flattened])
        {
            view.Schema["Who"].GetKeyValues(ref names);
            Assert.Equal(4, names.Length);
            view.Schema["What"].GetKeyValues(ref numbers);
            Assert.Equal(expected.DenseValues(), numbers.DenseValues());
        }
        Assert.Equal(RowTable.Read(rows).Format("Who", "What"), RowTable.Read(flattened).Format("Who", "What"));
    }

    [Fact]
    public void Keys_may_have_any_type_with_an_equality()
    {
        List<AnyKey> rows =
        [
            .. Enumerable.Range(0, 40).Select(n => n / 5 % 2).Select((bit, n) => new AnyKey
            {
                Bool = n < 20,
                Byte = (byte)(n / 10),
                Single = n < 20 ? -0f : n / 10,
                Date = new DateTime(2020, 1, 1 + n / 10),
                Offset = new DateTimeOffset(2020, 1, 1 + n / 10, 0, 0, 0, TimeSpan.FromHours(n / 10)),
                Span = TimeSpan.FromTicks(n / 10 * (long.MaxValue / 4)),
                Id = new DataViewRowId((ulong)(n / 10), 1),
                Unsigned = ulong.MaxValue - (ulong)(n / 10),
                Value = n,
            }),
        ];
        IDataView view = _context.Data.LoadFromEnumerable(rows);
        foreach (DataViewSchema.Column column in view.Schema.Where(column => column.Name != "Value"))
        {
            int numberOfSequences = column.Name switch { "Bool" => 2, "Single" => 3, _ => 4 };
            RowTable grouped = RowTable.Read(_context.Data.GroupSequences(view, column.Name, "Value"));
            Assert.Equal(numberOfSequences, grouped.NumberOfRows);
            Assert.Equal(
                RowTable.Read(view).Format(column.Name, "Value").Select(line => line.Split(';')[1]),
                grouped.Format("Value").SelectMany(line => line.Split(' ')));
            Assert.Equal(RowTable.Read(view).Format(column.Name).Distinct(), grouped.Format(column.Name));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void Sequences_of_one_step_and_no_sequences_at_all(int numberOfRows)
    {
        IDataView rows = _context.Data.LoadFromEnumerable(Step.Contiguous(3, numberOfRows, 1));
        foreach (string? order in (string?[])[null, "Time"])
        {
            IDataView grouped = _context.Data.GroupSequences(rows, "Name", Step.Values, order);
            Assert.Equal(numberOfRows, RowTable.Read(grouped).NumberOfRows);
            Assert.Equal(RowTable.Read(rows).Format(Step.Values), RowTable.Read(grouped).Format(Step.Values));
            Assert.Equal(numberOfRows, RowTable.Read(_context.Data.FlattenSequences(grouped, "Name", Step.Values)).NumberOfRows);
        }
    }

    [Fact]
    public void Sparse_steps_equal_dense_ones()
    {
        var schema = SchemaDefinition.Create(typeof(SparseStep));
        schema["Point"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 4);
        IDataView rows = _context.Data.LoadFromEnumerable(
            [
                new SparseStep { Point = new VBuffer<float>(4, [1, 2, 3, 4]) },
                new SparseStep { Point = new VBuffer<float>(4, 1, [5], [2]) },
                new SparseStep { Point = new VBuffer<float>(4, 0, [], []) },
            ],
            schema);
        Assert.Equal(["1 2 3 4 0 0 5 0 0 0 0 0"], RowTable.Read(_context.Data.GroupSequences(rows, "Number", "Point")).Format("Point"));
        Assert.Equal(["1 2 3 4 0 0 5 0 0 0 0 0"], RowTable.Read(_context.Data.GroupSequences(rows, "Number", "Point", "Number")).Format("Point"));
    }

    [Fact]
    public void Key_that_comes_again_is_an_error_that_says_what_to_do()
    {
        IDataView rows = _context.Data.LoadFromEnumerable(((string[])["a", "a", "b", "c", "a", "c"]).Select(name => new Step { Name = name }).ToList());
        IDataView grouped = _context.Data.GroupSequences(rows, "Name", "Single");
        using DataViewRowCursor cursor = grouped.GetRowCursor(grouped.Schema);
        Assert.True(cursor.MoveNext());
        Assert.True(cursor.MoveNext());
        string message = Assert.Throws<InvalidOperationException>(() => cursor.MoveNext()).Message;
        Assert.StartsWith("Row 4 has 'a' in key column 'Name'", message, StringComparison.Ordinal);
        Assert.Contains("sort the rows by key, or give an orderColumnName", message, StringComparison.Ordinal);
        Assert.False(cursor.MoveNext());

        rows = _context.Transforms.Conversion.MapValueToKey("Who", "Name").Fit(rows).Transform(rows);
        message = Assert.Throws<InvalidOperationException>(() => RowTable.Read(_context.Data.GroupSequences(rows, "Who", "Single"))).Message;
        Assert.StartsWith("Row 4 has 'a' in key column 'Who'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Row_without_a_key_is_an_error()
    {
        IDataView rows = _context.Data.LoadFromEnumerable(
        [
            new Step { Name = "a", Key = 1, Time = 1, Single = 1 },
            new Step { Name = "a", Key = 1, Time = 1, Single = 1 },
            new Step { Name = "", Key = 1000, Time = double.NaN, Single = float.NaN },
        ]);
        foreach (string key in (string[])["Name", "Key", "Time", "Single"])
        {
            foreach (string? order in (string?[])[null, "Number"])
            {
                string message = Assert.Throws<InvalidOperationException>(() => RowTable.Read(_context.Data.GroupSequences(rows, key, "Double", order))).Message;
                Assert.StartsWith($"Row 2 has no value in key column '{key}'", message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Sequence_that_no_vector_can_hold_is_an_error()
    {
        IDataView rows = _context.Data.LoadFromEnumerable(Enumerable.Range(0, 9).Select(n => new Step { Name = n < 3 ? "short" : "long", Point = new float[3] }).ToList());
        foreach (string? order in (string?[])[null, "Time"])
        {
            var view = new GroupedView(ViewHost.Of(_context.Data, "Test"), rows, "Name", ["Single", "Point"], order, limits: new SequenceLimits(1 << 20, 17));
            string message = Assert.Throws<InvalidOperationException>(() => RowTable.Read(view)).Message;
            Assert.StartsWith("The sequence with 'long' in key column 'Name' has more than 5 steps: with 3 values each, column 'Point' would have more than the 17 values", message, StringComparison.Ordinal);
            Assert.Equal(2, RowTable.Read(view, column => column.Name is "Name" or "Single").NumberOfRows);
            Assert.Equal(2, RowTable.Read(new GroupedView(ViewHost.Of(_context.Data, "Test"), rows, "Name", ["Point"], order, limits: new SequenceLimits(1 << 20, 18))).NumberOfRows);
        }
    }

    [Fact]
    public void Wrong_columns_are_refused_at_once()
    {
        IDataView rows = _context.Data.LoadFromEnumerable(new List<Step>());
        DataOperationsCatalog data = _context.Data;
        AssertRefused("keyColumnName", "Could not find key column 'No'. The columns are: 'Name'", () => data.GroupSequences(rows, "No", "Single"));
        AssertRefused("keyColumnName", "key column 'Point': expected text, a key", () => data.GroupSequences(rows, "Point", "Single"));
        AssertRefused("valueColumnNames", "Could not find value column 'No'", () => data.GroupSequences(rows, "Name", "No"));
        AssertRefused("valueColumnNames", "value column 'Number': expected Single, Double, a key, or a vector", () => data.GroupSequences(rows, "Name", "Number"));
        AssertRefused("valueColumnNames", "value column 'Name'", () => data.GroupSequences(rows, "Key", "Name"));
        AssertRefused("orderColumnName", "Could not find order column 'No'", () => data.GroupSequences(rows, "Key", "Single", "No"));
        AssertRefused("orderColumnName", "order column 'Name': expected a number, a key, DateTime", () => data.GroupSequences(rows, "Key", "Single", "Name"));

        IDataView grouped = data.GroupSequences(rows, "Name", ["Single", "Point"]);
        AssertRefused("valueColumnNames", "value column 'Single'", () => data.GroupSequences(grouped, "Name", "Single"));
        AssertRefused("valueColumnNames", "value column 'Point'", () => data.GroupSequences(grouped, "Name", "Point"));

        Assert.Throws<ArgumentNullException>(() => SequenceCatalog.GroupSequences(null!, rows, "Name", "Single"));
        Assert.Throws<ArgumentNullException>(() => data.GroupSequences(null!, "Name", "Single"));
        Assert.Throws<ArgumentNullException>(() => data.GroupSequences(rows, null!, "Single"));
        Assert.Throws<ArgumentNullException>(() => data.GroupSequences(rows, "Name", (string)null!));
        Assert.Throws<ArgumentNullException>(() => data.GroupSequences(rows, "Name", (string[])null!));
        Assert.Contains("at least one", Assert.Throws<ArgumentException>(() => data.GroupSequences(rows, "Name", [])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => data.GroupSequences(rows, "Name", [null!]));
        Assert.Contains("'Single' is given twice", Assert.Throws<ArgumentException>(() => data.GroupSequences(rows, "Name", ["Single", "Single"])).Message, StringComparison.Ordinal);
        Assert.Contains("'Key' is given twice", Assert.Throws<ArgumentException>(() => data.GroupSequences(rows, "Key", "Key")).Message, StringComparison.Ordinal);
    }

    private static void AssertRefused(string parameter, string message, Func<IDataView> group)
    {
        ArgumentOutOfRangeException refused = Assert.Throws<ArgumentOutOfRangeException>(group);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.Equal(parameter, refused.ParamName);
    }

    private sealed class Sequence
    {
        [VectorType(0, 3)]
        public float[]? Point { get; set; }

        [VectorType]
        [KeyType(5)]
        public byte[]? Symbol { get; set; }
    }

    private sealed class SparseStep
    {
        public int Number { get; set; }

        public VBuffer<float> Point { get; set; }
    }

    private sealed class AnyKey
    {
        public bool Bool { get; set; }

        public byte Byte { get; set; }

        public float Single { get; set; }

        public DateTime Date { get; set; }

        public DateTimeOffset Offset { get; set; }

        public TimeSpan Span { get; set; }

        public DataViewRowId Id { get; set; }

        public ulong Unsigned { get; set; }

        public float Value { get; set; }
    }
}
