using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace MLNet.Generative.Testing;

/// <summary>The values of the output columns: the same by every road.</summary>
internal static class ValueChecks
{
    public static void Loaded_values_are_the_same_in_four_passes(EstimatorContract contract)
    {
        IDataView original = contract.Fitted.Transform(contract.TransformInput);
        IDataView loaded = contract.Loaded.Transform(contract.TransformInput);
        var passes = new List<(string Name, Func<DataViewSchema.Column, bool> IsActive)>
        {
            ("all columns", _ => true),
            ("even columns", column => column.Index % 2 == 0),
            ("odd columns", column => column.Index % 2 == 1),
        };
        passes.AddRange(original.Schema.Select(only => ($"column {only.Index} alone", (Func<DataViewSchema.Column, bool>)(column => column.Index == only.Index))));
        foreach ((string name, Func<DataViewSchema.Column, bool> isActive) in passes)
        {
            RowTable expected = contract.Expected.Select(isActive);
            expected.AssertSame(RowTable.Read(original, isActive), $"fitted transformer, {name}");
            expected.AssertSame(RowTable.Read(loaded, isActive), $"loaded transformer, {name}");
        }
    }

    public static void Getters_can_be_read_twice(EstimatorContract contract)
    {
        IDataView transformed = contract.Fitted.Transform(contract.TransformInput);
        using DataViewRowCursor cursor = transformed.GetRowCursor(transformed.Schema);
        // Read in the other order first: which column is read first must not matter.
        Func<object>[] readers = [.. transformed.Schema.Select(column => RowTable.CreateReader(cursor, column))];
        ValueGetter<DataViewRowId> getId = cursor.GetIdGetter();
        var rows = new List<(DataViewRowId, object[])>();
        DataViewRowId id = default;
        while (cursor.MoveNext())
        {
            foreach (Func<object> read in readers.Reverse())
                read();
            getId(ref id);
            rows.Add((id, Array.ConvertAll(readers, read => read())));
        }
        contract.Expected.AssertSame(RowTable.Of([.. transformed.Schema], rows), "values read again");
    }

    public static void Values_belong_to_who_reads_them(EstimatorContract contract)
    {
        foreach (IDataView transformed in (IDataView[])[contract.Fitted.Transform(contract.TransformInput), contract.Loaded.Transform(contract.TransformInput)])
        {
            using DataViewRowCursor cursor = transformed.GetRowCursor(transformed.Schema);
            contract.Expected.AssertSame(RowTable.ReadAndOverwrite(cursor, [.. transformed.Schema]), "values read by one who overwrites what he gets");
        }
    }

    public static void Single_rows_give_what_Transform_gives(EstimatorContract contract)
    {
        IRowToRowMapper mapper = contract.Loaded.GetRowToRowMapper(contract.TransformInput.Schema);
        contract.Expected.AssertSame(ReadRows(contract, mapper, [.. mapper.OutputSchema]), "single rows");
    }

    public static void Dependencies_are_all_that_a_single_row_needs(EstimatorContract contract)
    {
        IRowToRowMapper mapper = contract.Fitted.GetRowToRowMapper(contract.TransformInput.Schema);
        foreach (DataViewSchema.Column column in mapper.OutputSchema)
            contract.Expected.Select(other => other.Index == column.Index).AssertSame(ReadRows(contract, mapper, [column]), $"single rows with only '{column.Name}'");
    }

    public static void Sparse_input_gives_what_dense_input_gives(EstimatorContract contract)
    {
        string[] vectors = [.. contract.TransformInput.Schema.Where(column => IsRealVector(column.Type)).Select(column => column.Name)];
        IDataView dense = WithZeros(contract.TransformInput, vectors, isSparse: false);
        IDataView sparse = WithZeros(contract.TransformInput, vectors, isSparse: true);
        foreach (ITransformer transformer in (ITransformer[])[contract.Fitted, contract.Loaded])
            RowTable.Read(transformer.Transform(dense)).AssertSame(RowTable.Read(transformer.Transform(sparse)), "sparse input");
    }

    public static void No_rows_give_no_rows(EstimatorContract contract)
    {
        var empty = new EmptyDataView(new MLContext(), contract.TransformInput.Schema);
        foreach (IDataView none in (IDataView[])[empty, new MLContext().Data.SkipRows(contract.TransformInput, contract.Expected.NumberOfRows)])
        {
            IDataView transformed = contract.Loaded.Transform(none);
            SchemaComparison.AssertSame(contract.Fitted.GetOutputSchema(contract.TransformInput.Schema), transformed.Schema, "schema without rows");
            Assert.Equal(0, RowTable.Read(transformed).NumberOfRows);
        }
    }

    // The rows one by one, with only those input columns active that the mapper says it needs.
    private static RowTable ReadRows(EstimatorContract contract, IRowToRowMapper mapper, DataViewSchema.Column[] columns)
    {
        using DataViewRowCursor cursor = contract.TransformInput.GetRowCursor(mapper.GetDependencies(columns));
        using DataViewRow row = mapper.GetRow(cursor, columns);
        return RowTable.Read(cursor, row, columns);
    }

    private static bool IsRealVector(DataViewType type) =>
        type is VectorDataViewType { ItemType: NumberDataViewType item } && (item == NumberDataViewType.Single || item == NumberDataViewType.Double);

    // The same data with about half of the numbers replaced by zero.
    private static IDataView WithZeros(IDataView input, string[] columns, bool isSparse) =>
        columns.Aggregate(input, (view, name) => ((VectorDataViewType)view.Schema[name].Type).ItemType == NumberDataViewType.Single
            ? WithZeros<float>(view, name, isSparse)
            : WithZeros<double>(view, name, isSparse));

    private static IDataView WithZeros<T>(IDataView input, string name, bool isSparse)
        where T : struct
    {
        DataViewType type = input.Schema[name].Type;
        return LambdaColumnMapper.Create(new MLContext(), "WithZeros", input, name, name, type, type, (in VBuffer<T> source, ref VBuffer<T> target) =>
        {
            // Which are kept depends on the value alone, so that every pass sees the same rows.
            T[] values = [.. source.DenseValues()];
            int[] kept = [.. Enumerable.Range(0, values.Length).Where(i => values[i].ToString()!.Sum(c => c) % 2 == 0)];
            target = isSparse
                ? new VBuffer<T>(values.Length, kept.Length, Array.ConvertAll(kept, i => values[i]), kept)
                : new VBuffer<T>(values.Length, [.. values.Select((value, i) => kept.Contains(i) ? value : default)]);
        });
    }
}
