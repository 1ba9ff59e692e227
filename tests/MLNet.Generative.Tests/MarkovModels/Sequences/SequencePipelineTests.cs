using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests.MarkovModels.Sequences;

/// <summary>Grouped views with the rest of ML.NET around them.</summary>
public sealed class SequencePipelineTests
{
    private static readonly string[] Columns = ["Name", .. Step.Values];

    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void Split_by_key_keeps_sequences_whole()
    {
        IDataView rows = _context.Data.LoadFromEnumerable(Step.Contiguous(1, 60, 8));
        DataOperationsCatalog.TrainTestData split = _context.Data.TrainTestSplit(rows, testFraction: 0.3, samplingKeyColumnName: "Name");
        string[] train = [.. RowTable.Read(Group(split.TrainSet)).Format(Columns)];
        string[] test = [.. RowTable.Read(Group(split.TestSet)).Format(Columns)];
        Assert.NotEmpty(test);
        Assert.Equal(RowTable.Read(Group(rows)).Format(Columns).Order(StringComparer.Ordinal), train.Concat(test).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Saved_sequences_keep_their_types()
    {
        using var folder = new TemporaryFolder();
        IDataView grouped = Group(_context.Data.LoadFromEnumerable(Step.Contiguous(1, 60, 8)));
        using (FileStream file = File.Create(folder.PathOf("sequences.idv")))
            _context.Data.SaveAsBinary(grouped, file);
        IDataView loaded = _context.Data.LoadFromBinary(folder.PathOf("sequences.idv"));
        Assert.Equal(grouped.Schema.Select(column => column.Type), loaded.Schema.Select(column => column.Type));
        Assert.Equal(RowTable.Read(grouped).Format(Columns), RowTable.Read(loaded).Format(Columns));
        Assert.Equal(
            RowTable.Read(_context.Data.FlattenSequences(grouped, "Name", Step.Values)).Format(Columns),
            RowTable.Read(_context.Data.FlattenSequences(loaded, "Name", Step.Values)).Format(Columns));
    }

    [Fact]
    public void Operations_of_MLNet_stand_on_top()
    {
        IDataView rows = _context.Data.LoadFromEnumerable(Step.Contiguous(1, 60, 8));
        foreach (IDataView view in (IDataView[])[Group(rows), _context.Data.FlattenSequences(Group(rows), "Name", Step.Values)])
        {
            IReadOnlyList<string> all = RowTable.Read(view).Format(Columns);
            Assert.Equal(all.Skip(7), RowTable.Read(_context.Data.SkipRows(view, 7)).Format(Columns));
            Assert.Equal(all.Take(7), RowTable.Read(_context.Data.TakeRows(view, 7)).Format(Columns));
            IDataView cached = _context.Data.Cache(view);
            Assert.Equal(all, RowTable.Read(cached).Format(Columns));
            Assert.Equal(all, RowTable.Read(cached).Format(Columns));
            IReadOnlyList<string> shuffled = RowTable.Read(_context.Data.ShuffleRows(view, seed: 3)).Format(Columns);
            Assert.NotEqual(all, shuffled);
            Assert.Equal(all.Order(StringComparer.Ordinal), shuffled.Order(StringComparer.Ordinal));
            Assert.Equal(5, view.Preview(5).RowView.Length);
        }
    }

    [Fact]
    public void Steps_are_normalised_before_grouping()
    {
        IDataView rows = _context.Data.LoadFromEnumerable(Step.Contiguous(1, 60, 8));
        IDataView normalised = _context.Transforms.NormalizeMinMax("Double").Fit(rows).Transform(rows);
        Assert.Equal(1, normalised.GetColumn<double>("Double").Max(Math.Abs), 1e-12);
        Assert.Equal(
            normalised.GetColumn<double>("Double"),
            _context.Data.GroupSequences(normalised, "Name", "Double").GetColumn<double[]>("Double").SelectMany(values => values));
    }

    [Fact]
    public void Steps_of_a_text_file_are_grouped_without_keeping_its_lines()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllLines(folder.PathOf("steps.csv"), Step.Contiguous(1, 60, 8).Select(step => FormattableString.Invariant($"{step.Name},{step.Double:R}")));
        IDataView rows = _context.Data.LoadFromTextFile(
            folder.PathOf("steps.csv"), [new TextLoader.Column("Name", DataKind.String, 0), new TextLoader.Column("Double", DataKind.Double, 1)], separatorChar: ',');
        IDataView grouped = _context.Data.GroupSequences(rows, "Name", "Double");
        Assert.Equal(60, RowTable.Read(grouped).NumberOfRows);
        Assert.Equal(RowTable.Read(rows).Format("Name", "Double"), RowTable.Read(_context.Data.FlattenSequences(grouped, "Name", "Double")).Format("Name", "Double"));

        using DataViewRowCursor cursor = grouped.GetRowCursor(grouped.Schema);
        ReadOnlyMemory<char> name = default;
        Assert.True(cursor.MoveNext());
        cursor.GetGetter<ReadOnlyMemory<char>>(grouped.Schema["Name"])(ref name);
        Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetString(name, out string? text, out _, out int length));
        Assert.Equal(text.Length, length);
    }

    private IDataView Group(IDataView rows) => _context.Data.GroupSequences(rows, "Name", Step.Values);
}
