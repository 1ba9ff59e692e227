using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace MLNet.Generative.Testing;

/// <summary>Compares schemas: columns, types, and annotations with their kinds, types and values.</summary>
public static class SchemaComparison
{
    /// <summary>Fails unless two schemas are equal, hidden columns included.</summary>
    public static void AssertSame(DataViewSchema expected, DataViewSchema actual, string what)
    {
        Assert.True(
            expected.Select(column => column.Name).SequenceEqual(actual.Select(column => column.Name)),
            $"{what}: expected columns {Join(expected)}, got {Join(actual)}.");
        for (int i = 0; i < expected.Count; i++)
        {
            string column = $"{what}: column {i} '{expected[i].Name}'";
            Assert.True(expected[i].IsHidden == actual[i].IsHidden, $"{column} should {(expected[i].IsHidden ? "" : "not ")}be hidden.");
            Assert.True(expected[i].Type.Equals(actual[i].Type), $"{column} should be {expected[i].Type}, is {actual[i].Type}.");
            AssertSame(expected[i].Annotations, actual[i].Annotations, column);
        }
    }

    /// <summary>Fails unless what a schema shape promises is what a schema delivers, annotations included, and the other way round.</summary>
    public static void AssertDelivers(SchemaShape promised, DataViewSchema delivered)
    {
        SchemaShape shape = SchemaShape.Create(delivered);
        Assert.Equal(promised.Select(column => column.Name).Order(StringComparer.Ordinal), shape.Select(column => column.Name).Order(StringComparer.Ordinal));
        foreach (SchemaShape.Column promise in promised)
        {
            Assert.True(shape.TryFindColumn(promise.Name, out SchemaShape.Column delivery));
            Assert.True(promise.IsCompatibleWith(delivery), $"Column '{promise.Name}' lacks something that is promised: promised {Describe(promise)}, delivered {Describe(delivery)}.");
            Assert.True(delivery.IsCompatibleWith(promise), $"Column '{promise.Name}' has something that is not promised: promised {Describe(promise)}, delivered {Describe(delivery)}.");
        }
    }

    /// <summary>The shape of a schema.</summary>
    public static SchemaShape ToShape(this DataViewSchema schema) => SchemaShape.Create(schema);

    private static void AssertSame(DataViewSchema.Annotations expected, DataViewSchema.Annotations actual, string what)
    {
        DataViewSchema.Column[] expectedKinds = [.. expected.Schema.OrderBy(kind => kind.Name, StringComparer.Ordinal)];
        DataViewSchema.Column[] actualKinds = [.. actual.Schema.OrderBy(kind => kind.Name, StringComparer.Ordinal)];
        Assert.True(
            expectedKinds.Select(kind => kind.Name).SequenceEqual(actualKinds.Select(kind => kind.Name)),
            $"{what} should have annotations {Join(expectedKinds)}, has {Join(actualKinds)}.");
        foreach ((DataViewSchema.Column e, DataViewSchema.Column a) in expectedKinds.Zip(actualKinds))
        {
            Assert.True(e.Type.Equals(a.Type), $"{what}, annotation '{e.Name}' should be {e.Type}, is {a.Type}.");
            object expectedValue = ColumnReader.ReadAnnotation(expected, e);
            object actualValue = ColumnReader.ReadAnnotation(actual, a);
            Assert.True(
                ColumnReader.AreSame(expectedValue, actualValue),
                $"{what}, annotation '{e.Name}': expected {ColumnReader.Format(expectedValue)}, got {ColumnReader.Format(actualValue)}.");
        }
    }

    private static string Describe(SchemaShape.Column column) =>
        $"{column.GetTypeString()} with annotations ({string.Join(", ", column.Annotations.Select(kind => $"{kind.Name} {kind.GetTypeString()}"))})";

    private static string Join(IEnumerable<DataViewSchema.Column> columns) => string.Join(", ", columns.Select(column => $"'{column.Name}'"));
}
