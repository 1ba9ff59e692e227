using CsCheck;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests.MarkovModels.Sequences;

/// <summary>Sequences become rows of single steps again.</summary>
public sealed class FlattenSequencesTests
{
    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void Flattening_undoes_grouping() =>
        Gen.Select(Gen.Int[0, 30], Gen.Int[1, 9], Gen.Int[0, 100_000], Gen.Int[0, 2].Select(n => ((string[])["Name", "Key", "Number"])[n])).Sample(
            (numberOfSequences, longest, seed, key) =>
            {
                IDataView rows = _context.Data.LoadFromEnumerable(Step.Contiguous(seed, numberOfSequences, longest));
                IDataView flattened = _context.Data.FlattenSequences(_context.Data.GroupSequences(rows, key, Step.Values), key, Step.Values);
                string[] names = [key, .. Step.Values];
                Assert.Equal(names.Select(name => rows.Schema[name].Type), flattened.Schema.Select(column => column.Type));
                RowTable back = RowTable.Read(flattened);
                Assert.Equal(RowTable.Read(rows).Format(names), back.Format(names));
                Assert.Equal(back.NumberOfRows, back.Ids.Distinct().Count());
            },
            iter: 100);

    [Fact]
    public void Any_vector_of_unknown_size_is_a_sequence()
    {
        IDataView sequences = _context.Data.LoadFromEnumerable(
        [
            new Sequence { Name = "a", Texts = ["x", "y"], States = [1, 0], Images = [1, 2, 3, 4, 5, 6, 7, 8] },
            new Sequence { Name = "nothing" },
            new Sequence { Name = "b", Texts = ["z"], States = [3], Images = [9, 8, 7, 6] },
            new Sequence { Name = "nothing" },
        ]);
        IDataView steps = _context.Data.FlattenSequences(sequences, "Name", ["Texts", "States", "Images"]);
        Assert.Equal(
            ["Name: String", "Texts: String", "States: Key<UInt32, 0-2>", "Images: Vector<Single, 2, 2>"],
            steps.Schema.Select(column => $"{column.Name}: {column.Type}"));
        Assert.Equal(
            ["'a';'x';1;1 2 3 4", "'a';'y';0;5 6 7 8", "'b';'z';3;9 8 7 6"],
            RowTable.Read(steps).Format("Name", "Texts", "States", "Images"));
        Assert.False(steps.CanShuffle);
        Assert.Null(steps.GetRowCount());
    }

    [Fact]
    public void Sparse_sequences_equal_dense_ones()
    {
        var schema = SchemaDefinition.Create(typeof(SparseSequence));
        schema["Values"].ColumnType = new VectorDataViewType(NumberDataViewType.Single);
        schema["Points"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 0, 2);
        IDataView sequences = _context.Data.LoadFromEnumerable(
            [
                new SparseSequence { Values = new VBuffer<float>(3, 1, [5], [1]), Points = new VBuffer<float>(6, 2, [7, 8], [1, 4]) },
                new SparseSequence { Values = new VBuffer<float>(1, [1]), Points = new VBuffer<float>(2, [2, 3]) },
            ],
            schema);
        Assert.Equal(["0;0 7", "5;0 0", "0;8 0", "1;2 3"], RowTable.Read(_context.Data.FlattenSequences(sequences, "Number", ["Values", "Points"])).Format("Values", "Points"));
    }

    [Fact]
    public void Different_numbers_of_steps_are_an_error()
    {
        IDataView sequences = _context.Data.LoadFromEnumerable(
        [
            new Sequence { Texts = ["x"], States = [1], Images = [1, 2, 3, 4] },
            new Sequence { Texts = ["x", "y"], States = [1], Images = [1, 2, 3, 4, 5, 6, 7, 8] },
        ]);
        IDataView steps = _context.Data.FlattenSequences(sequences, "Name", ["Texts", "States", "Images"]);
        Assert.StartsWith(
            "In row 1 the columns have different numbers of steps: 'Texts' has 2, 'States' has 1, 'Images' has 2.",
            Assert.Throws<InvalidOperationException>(() => RowTable.Read(steps)).Message, StringComparison.Ordinal);
        Assert.Equal(3, RowTable.Read(steps, column => column.Name is "Texts" or "Images").NumberOfRows);
        Assert.Equal(3, RowTable.Read(steps, column => column.Name is "Name").NumberOfRows);
        Assert.Equal(3, RowTable.Read(steps, _ => false).NumberOfRows);
    }

    [Fact]
    public void Step_that_is_not_complete_is_an_error()
    {
        IDataView sequences = _context.Data.LoadFromEnumerable([new Sequence { Images = [1, 2, 3, 4] }, new Sequence { Images = [1, 2, 3, 4, 5] }]);
        Assert.StartsWith(
            "Row 1 of column 'Images' has 5 values, which is no multiple of the 4 that a step has.",
            Assert.Throws<InvalidOperationException>(() => RowTable.Read(_context.Data.FlattenSequences(sequences, "Name", "Images"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_columns_are_refused_at_once()
    {
        IDataView rows = _context.Data.LoadFromEnumerable(new List<Step>());
        DataOperationsCatalog data = _context.Data;
        Assert.Contains("Could not find key column 'No'", Assert.Throws<ArgumentOutOfRangeException>(() => data.FlattenSequences(rows, "No", "Single")).Message, StringComparison.Ordinal);
        Assert.Contains("key column 'Point': expected a scalar", Assert.Throws<ArgumentOutOfRangeException>(() => data.FlattenSequences(rows, "Point", "Single")).Message, StringComparison.Ordinal);
        foreach (string name in (string[])["Single", "Point", "Name"])
        {
            string message = Assert.Throws<ArgumentOutOfRangeException>(() => data.FlattenSequences(rows, "Key", name)).Message;
            Assert.Contains($"value column '{name}': expected a sequence: a vector of unknown size, or of shape (T, D)", message, StringComparison.Ordinal);
        }
        IDataView grouped = data.GroupSequences(rows, "Name", "Single");
        Assert.Throws<ArgumentNullException>(() => SequenceCatalog.FlattenSequences(null!, grouped, "Name", "Single"));
        Assert.Throws<ArgumentNullException>(() => data.FlattenSequences(null!, "Name", "Single"));
        Assert.Throws<ArgumentNullException>(() => data.FlattenSequences(grouped, null!, "Single"));
        Assert.Throws<ArgumentNullException>(() => data.FlattenSequences(grouped, "Name", (string)null!));
        Assert.Throws<ArgumentException>(() => data.FlattenSequences(grouped, "Name", []));
        Assert.Throws<ArgumentException>(() => data.FlattenSequences(grouped, "Name", ["Single", "Single"]));
    }

    private sealed class Sequence
    {
        public string Name { get; set; } = "";

        public string[] Texts { get; set; } = [];

        [VectorType]
        [KeyType(3)]
        public uint[] States { get; set; } = [];

        [VectorType(0, 2, 2)]
        public float[] Images { get; set; } = [];
    }

    private sealed class SparseSequence
    {
        public int Number { get; set; }

        public VBuffer<float> Values { get; set; }

        public VBuffer<float> Points { get; set; }
    }
}
