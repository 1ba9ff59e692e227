using Microsoft.ML;
using MLNet.Generative.Testing;
using Xunit;
using Xunit.Sdk;

namespace MLNet.Generative.Tests;

/// <summary>What the contract compares with: it notices the smallest difference, and says where it is.</summary>
public sealed class ComparisonTests
{
    [Fact]
    public void Schemas_with_another_annotation_value_differ()
    {
        IDataView a = DataViews.OfFeatures([1, 2], 2, isSingle: true, slotNames: ["one", "two"]);
        IDataView b = DataViews.OfFeatures([1, 2], 2, isSingle: true, slotNames: ["one", "three"]);
        SchemaComparison.AssertSame(a.Schema, a.Schema, "same");
        AssertFails(() => SchemaComparison.AssertSame(a.Schema, b.Schema, "other"), "column 0 'Features', annotation 'SlotNames': expected ['one'; 'two'], got ['one'; 'three']");
    }

    [Fact]
    public void Schemas_with_another_annotation_or_type_differ()
    {
        IDataView a = DataViews.OfFeatures([1, 2], 2, isSingle: true);
        AssertFails(() => SchemaComparison.AssertSame(a.Schema, DataViews.OfFeatures([1, 2], 2, isSingle: true, slotNames: ["one", "two"]).Schema, "other"), "'SlotNames'");
        AssertFails(() => SchemaComparison.AssertSame(a.Schema, DataViews.OfFeatures([1, 2], 2, isSingle: false).Schema, "other"), "should be Vector<Single, 2>, is Vector<Double, 2>");
        AssertFails(() => SchemaComparison.AssertSame(a.Schema, DataViews.OfFeatures([1, 2], 2, isSingle: true, weights: [1]).Schema, "other"), "'Weight'");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Values_differ_by_their_last_bit_and_by_the_sign_of_zero(bool isSingle)
    {
        double one = isSingle ? MathF.BitIncrement(1) : Math.BitIncrement(1);
        RowTable table = Read(1, 0, isSingle);
        table.AssertSame(Read(1, 0, isSingle), "same");
        Read(double.NaN, 0, isSingle).AssertSame(Read(double.NaN, 0, isSingle), "NaN");
        AssertFails(() => table.AssertSame(Read(one, 0, isSingle), "other"), "row 0, column 0 'Features'");
        AssertFails(() => table.AssertSame(Read(1, -0.0, isSingle), "other"), "row 0, column 0 'Features': expected [1; 0], got [1; -0]");
    }

    [Fact]
    public void Tables_with_other_rows_differ()
    {
        RowTable table = RowTable.Read(DataViews.OfFeatures([1, 2, 3], 1, isSingle: true));
        AssertFails(() => table.AssertSame(RowTable.Read(DataViews.OfFeatures([1, 2], 1, isSingle: true)), "other"), "expected 3 rows, got 2");
        AssertFails(() => table.AssertSame(RowTable.Read(new MLContext(seed: 1).Data.ShuffleRows(DataViews.OfFeatures([1, 2, 3], 1, isSingle: true), seed: 3)), "other"), "should have id");
    }

    private static RowTable Read(double first, double second, bool isSingle) => RowTable.Read(DataViews.OfFeatures([first, second], 2, isSingle));

    private static void AssertFails(Action comparison, string message) =>
        Assert.Contains(message, Assert.ThrowsAny<XunitException>(comparison).Message, StringComparison.Ordinal);
}
