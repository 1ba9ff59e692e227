using Microsoft.ML;
using Xunit;

namespace MLNet.Generative.Testing;

/// <summary>Which inputs are taken, and that the others are refused early and clearly.</summary>
internal static class InputChecks
{
    public static void Valid_input_has_an_output_schema(EstimatorContract contract) =>
        Assert.NotNull(contract.Estimator.GetOutputSchema(contract.FitInput.Schema.ToShape()));

    public static void Invalid_input_fails_in_GetOutputSchema(EstimatorContract contract) =>
        ForEachInvalid(contract, (input, what) => AssertRefused(() => contract.Estimator.GetOutputSchema(input.Schema.ToShape()), input, what));

    public static void Invalid_input_fails_in_Fit(EstimatorContract contract) =>
        ForEachInvalid(contract, (input, what) => AssertRefused(() => contract.Estimator.Fit(input), input, what));

    public static void Invalid_input_fails_in_the_fitted_transformer(EstimatorContract contract) =>
        ForEachInvalid(contract, (input, what) => AssertRefused(contract.Fitted, input, what));

    public static void Invalid_input_fails_in_the_loaded_transformer(EstimatorContract contract) =>
        ForEachInvalid(contract, (input, what) => AssertRefused(contract.Loaded, input, what));

    public static void Input_for_Fit_only_is_fitted_but_not_transformed(EstimatorContract contract)
    {
        IDataView input = contract.FitOnlyInput;
        contract.Estimator.GetOutputSchema(input.Schema.ToShape());
        contract.Estimator.Fit(input).Transform(input);
        AssertRefused(contract.Fitted, input, "fitted transformer, input for Fit only");
        AssertRefused(contract.Loaded, input, "loaded transformer, input for Fit only");
    }

    private static void ForEachInvalid(EstimatorContract contract, Action<IDataView, string> check)
    {
        Assert.NotEmpty(contract.InvalidInputs);
        foreach (IDataView input in contract.InvalidInputs)
            check(input, $"input with {string.Join(", ", input.Schema.Select(column => $"{column.Name}: {column.Type}"))}");
    }

    private static void AssertRefused(ITransformer transformer, IDataView input, string what)
    {
        AssertRefused(() => transformer.GetOutputSchema(input.Schema), input, $"GetOutputSchema, {what}");
        AssertRefused(() => transformer.GetRowToRowMapper(input.Schema), input, $"GetRowToRowMapper, {what}");
        AssertRefused(() => transformer.Transform(input), input, $"Transform, {what}");
    }

    private static void AssertRefused(Func<object> action, IDataView input, string what)
    {
        Exception? exception = Record.Exception(() => action());
        if (exception is not (ArgumentOutOfRangeException or InvalidOperationException))
            Assert.Fail($"{what} should throw ArgumentOutOfRangeException or InvalidOperationException, but threw {exception?.ToString() ?? "nothing"}.");
        Assert.True(
            input.Schema.Any(column => exception.Message.Contains($"'{column.Name}'", StringComparison.Ordinal)),
            $"{what}: the message names no column: {exception.Message}");
    }
}
