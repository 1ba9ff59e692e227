using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace MLNet.Generative.Tests.MarkovModels.Sequences;

/// <summary>What holds for a whole sequence is kept beside it: its label, its weight.</summary>
public sealed class SequenceAttributeTests
{
    private static readonly Reading[] Readings =
    [
        new() { Machine = "b", Time = 2, Value = 1, Weight = 3, Owner = "Ann" },
        new() { Machine = "b", Time = 1, Value = 2, Weight = 3, Owner = "Ann" },
        new() { Machine = "a", Time = 9, Value = 3, Weight = 1, Owner = "Bob" },
        new() { Machine = "c", Time = 4, Value = 4, Weight = float.NaN, Owner = "" },
        new() { Machine = "c", Time = 3, Value = 5, Weight = float.NaN, Owner = "" },
    ];

    private readonly MLContext _context = new(seed: 1);

    [Theory]
    [InlineData(null)]
    [InlineData("Time")]
    public void One_value_for_each_sequence_is_kept(string? order)
    {
        // With an order, rows may come in any.
        Reading[] readings = order is null ? Readings : [.. Readings.OrderBy(reading => reading.Value % 3)];
        IDataView grouped = _context.Data.GroupSequences(_context.Data.LoadFromEnumerable(readings), "Machine", "Value", order, ["Weight", "Owner"]);

        Assert.Equal(["Machine", "Value", "Weight", "Owner"], grouped.Schema.Select(column => column.Name));
        Dictionary<string, Sequence> sequences = _context.Data.CreateEnumerable<Sequence>(grouped, reuseRowObject: false).ToDictionary(sequence => sequence.Machine);
        Assert.Equal((3, "Ann"), (sequences["b"].Weight, sequences["b"].Owner));
        Assert.Equal((1, "Bob"), (sequences["a"].Weight, sequences["a"].Owner));
        Assert.Equal((float.NaN, ""), (sequences["c"].Weight, sequences["c"].Owner));
        Assert.Equal(order is null ? [1f, 2f] : [2f, 1f], sequences["b"].Value);
    }

    [Fact]
    public void Flattening_gives_it_back_to_every_step()
    {
        IDataView grouped = _context.Data.GroupSequences(_context.Data.LoadFromEnumerable(Readings), "Machine", "Value", sequenceColumnNames: ["Weight", "Owner"]);
        IDataView flattened = _context.Data.FlattenSequences(grouped, "Machine", "Value", ["Owner", "Weight"]);
        Assert.Equal(
            Readings.Select(reading => (reading.Machine, reading.Value, reading.Owner, reading.Weight)),
            _context.Data.CreateEnumerable<Reading>(flattened, reuseRowObject: false, ignoreMissingColumns: true).Select(reading => (reading.Machine, reading.Value, reading.Owner, reading.Weight)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Time")]
    public void Rows_of_a_sequence_that_differ_are_an_error(string? order)
    {
        Reading[] readings = [.. Readings];
        readings[1] = new Reading { Machine = "b", Owner = "Eve", Weight = 3 };
        IDataView grouped = _context.Data.GroupSequences(_context.Data.LoadFromEnumerable(readings), "Machine", "Value", order, ["Weight", "Owner"]);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => grouped.GetColumn<string>("Owner").ToArray());
        Assert.StartsWith("Row 1 has Eve in column 'Owner', but earlier rows of the sequence 'b' have Ann.", error.Message, StringComparison.Ordinal);
        // What is not read is not compared.
        Assert.Equal([3f, 1f, float.NaN], grouped.GetColumn<float>("Weight"));
    }

    [Fact]
    public void A_key_that_comes_again_is_told_before_what_its_row_says()
    {
        Reading[] readings = [.. Readings, new Reading { Machine = "b", Owner = "Eve" }];
        IDataView grouped = _context.Data.GroupSequences(_context.Data.LoadFromEnumerable(readings), "Machine", "Value", sequenceColumnNames: ["Owner"]);
        Assert.StartsWith("Row 5 has 'b' in key column 'Machine', as rows before it had", Assert.Throws<InvalidOperationException>(() => grouped.GetColumn<string>("Owner").ToArray()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Vectors_and_columns_given_twice_are_refused()
    {
        IDataView rows = _context.Data.LoadFromEnumerable(Readings);
        Assert.Throws<ArgumentException>(() => _context.Data.GroupSequences(rows, "Machine", "Value", sequenceColumnNames: ["Value"]));
        Assert.Throws<ArgumentException>(() => _context.Data.GroupSequences(rows, "Machine", "Value", sequenceColumnNames: [null!]));
        Assert.Throws<ArgumentOutOfRangeException>(() => _context.Data.GroupSequences(rows, "Machine", "Value", sequenceColumnNames: ["Absent"]));
        IDataView grouped = _context.Data.GroupSequences(rows, "Machine", "Value", sequenceColumnNames: ["Owner"]);
        Assert.Throws<ArgumentOutOfRangeException>(() => _context.Data.GroupSequences(grouped, "Owner", "Machine", sequenceColumnNames: ["Value"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => _context.Data.FlattenSequences(grouped, "Machine", "Value", ["Absent"]));
    }

    [Fact]
    public void A_weight_of_a_sequence_reaches_the_training()
    {
        Reading[] readings = [.. Enumerable.Range(0, 60).Select(i => new Reading { Machine = $"{i / 6}", Value = MathF.Sin(i) + i % 3, Weight = 1 + i / 6 % 2 })];
        IDataView weighted = _context.Data.GroupSequences(_context.Data.LoadFromEnumerable(readings), "Machine", "Value", sequenceColumnNames: ["Weight"]);
        HmmTransformer fitted = _context.Transforms.Hmm(new HmmEstimator.Options { InputColumnName = "Value", ExampleWeightColumnName = "Weight", Seed = 1 }).Fit(weighted);
        Assert.Equal(60 + 30, fitted.Summary.TotalWeight);
    }

    private sealed class Reading
    {
        public string Machine { get; set; } = "";

        public float Time { get; set; }

        public float Value { get; set; }

        public float Weight { get; set; }

        public string Owner { get; set; } = "";
    }

    private sealed class Sequence
    {
        public string Machine { get; set; } = "";

        public float[] Value { get; set; } = [];

        public float Weight { get; set; }

        public string Owner { get; set; } = "";
    }
}
