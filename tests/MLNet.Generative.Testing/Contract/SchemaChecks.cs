using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace MLNet.Generative.Testing;

/// <summary>Schemas: promised, delivered, saved and loaded.</summary>
internal static class SchemaChecks
{
    public static void Row_mapper_is_bound_to_the_input_schema(EstimatorContract contract)
    {
        DataViewSchema schema = contract.TransformInput.Schema;
        foreach (ITransformer transformer in (ITransformer[])[contract.Fitted, contract.Loaded])
        {
            Assert.True(transformer.IsRowToRowMapper);
            IRowToRowMapper mapper = transformer.GetRowToRowMapper(schema);
            Assert.Same(schema, mapper.InputSchema);
            SchemaComparison.AssertSame(transformer.GetOutputSchema(schema), mapper.OutputSchema, "output schema of the row mapper");
        }
    }

    public static void Transformed_data_have_the_output_schema(EstimatorContract contract)
    {
        foreach (ITransformer transformer in (ITransformer[])[contract.Fitted, contract.Loaded])
        {
            foreach (IDataView input in (IDataView[])[contract.FitInput, contract.TransformInput])
                SchemaComparison.AssertSame(transformer.GetOutputSchema(input.Schema), transformer.Transform(input).Schema, "schema of the transformed data");
        }
    }

    public static void Loaded_transformer_has_the_same_output_schema(EstimatorContract contract)
    {
        foreach (IDataView input in (IDataView[])[contract.FitInput, contract.TransformInput])
            SchemaComparison.AssertSame(contract.Fitted.GetOutputSchema(input.Schema), contract.Loaded.GetOutputSchema(input.Schema), "output schema of the loaded transformer");
    }

    public static void Input_schema_is_saved(EstimatorContract contract)
    {
        contract.File.Load(out DataViewSchema loaded);
        SchemaComparison.AssertSame(contract.TransformInput.Schema, loaded, "saved input schema");
    }

    public static void Promised_columns_are_delivered_and_no_others(EstimatorContract contract)
    {
        SchemaShape promised = contract.Estimator.GetOutputSchema(contract.FitInput.Schema.ToShape());
        SchemaComparison.AssertDelivers(promised, contract.Fitted.GetOutputSchema(contract.FitInput.Schema));
        SchemaComparison.AssertDelivers(promised, contract.Loaded.GetOutputSchema(contract.FitInput.Schema));
    }
}
