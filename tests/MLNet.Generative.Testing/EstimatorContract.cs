using Microsoft.ML;
using Xunit;

namespace MLNet.Generative.Testing;

/// <summary>
/// What every estimator of every package keeps: the ten checks of ML.NET's own estimator test, and those that ML.NET never makes. A test class lists its
/// contracts by name, and its one theory runs <see cref="Cases"/>.
/// </summary>
public sealed class EstimatorContract
{
    private static readonly Action<EstimatorContract>[] Checks =
    [
        InputChecks.Valid_input_has_an_output_schema,
        InputChecks.Invalid_input_fails_in_GetOutputSchema,
        InputChecks.Invalid_input_fails_in_Fit,
        InputChecks.Invalid_input_fails_in_the_fitted_transformer,
        InputChecks.Invalid_input_fails_in_the_loaded_transformer,
        InputChecks.Input_for_Fit_only_is_fitted_but_not_transformed,
        SchemaChecks.Row_mapper_is_bound_to_the_input_schema,
        SchemaChecks.Transformed_data_have_the_output_schema,
        SchemaChecks.Loaded_transformer_has_the_same_output_schema,
        SchemaChecks.Input_schema_is_saved,
        SchemaChecks.Promised_columns_are_delivered_and_no_others,
        ValueChecks.Loaded_values_are_the_same_in_four_passes,
        ValueChecks.Getters_can_be_read_twice,
        ValueChecks.Values_belong_to_who_reads_them,
        ValueChecks.Single_rows_give_what_Transform_gives,
        ValueChecks.Dependencies_are_all_that_a_single_row_needs,
        ValueChecks.Sparse_input_gives_what_dense_input_gives,
        ValueChecks.No_rows_give_no_rows,
        CursorChecks.Cursor_sets_cover_the_same_rows,
        CursorChecks.Concurrent_cursors_give_the_same_values,
        CursorChecks.Cursors_without_active_columns_count_the_rows,
        CursorChecks.Shuffled_cursors_give_the_same_rows,
        CursorChecks.Cursors_and_transformers_can_be_disposed,
        CursorChecks.Cursors_count_their_rows,
        CursorChecks.Only_active_columns_can_be_read,
        CursorChecks.Input_is_asked_for_what_is_needed_and_disposed,
        CursorShapeChecks.Columns_of_the_input_alone_are_as_they_were,
        CursorShapeChecks.Sets_of_any_size_give_the_rows_in_order_of_their_batches,
        CursorShapeChecks.Same_seed_shuffles_in_the_same_way,
        CursorShapeChecks.Two_cursors_can_be_read_in_turn,
        CursorShapeChecks.Getters_can_be_fetched_late_and_rows_left_unread,
        CursorShapeChecks.Nothing_can_be_read_where_there_is_no_row,
        CursorShapeChecks.Cursor_given_up_anywhere_disposes_its_input_once,
        CursorShapeChecks.Cancelled_pass_ends_and_leaves_nothing_open,
        ViewChecks.Any_number_of_rows_gives_the_same_values,
        ViewChecks.Cached_rows_are_the_same,
        ViewChecks.Filtered_rows_are_the_same,
        ViewChecks.Appended_rows_are_the_same,
        ViewChecks.Split_rows_are_the_same,
        ViewChecks.Rows_in_a_binary_file_are_the_same,
        FileChecks.Saving_twice_gives_the_same_entries,
        FileChecks.Saving_what_was_loaded_gives_the_same_entries,
        FileChecks.Fitting_twice_gives_the_same_entries,
        FileChecks.Truncated_file_throws,
        FileChecks.Truncated_entry_throws,
        FileChecks.Altered_block_throws,
        FileChecks.Transformed_data_can_be_saved_as_a_step,
        EnvironmentChecks.Culture_changes_nothing,
        EnvironmentChecks.Fresh_process_gives_the_same_values,
    ];

    private readonly Lazy<ITransformer> _fitted;
    private readonly Lazy<ModelFile> _file;
    private readonly Lazy<ITransformer> _loaded;
    private readonly Lazy<RowTable> _expected;

    /// <summary>A contract, whose model is fitted once when the first check needs it.</summary>
    public EstimatorContract()
    {
        _fitted = new(Fit);
        _file = new(Save);
        _loaded = new(() => File.Load());
        _expected = new(Transform);
    }

    /// <summary>The estimator.</summary>
    public required IEstimator<ITransformer> Estimator { get; init; }

    /// <summary>Data that it can be fitted to.</summary>
    public required IDataView FitInput { get; init; }

    /// <summary>Data that the fitted transformer takes: at least 100 rows, with invalid values among them if the transformer takes those.</summary>
    public required IDataView TransformInput { get; init; }

    /// <summary>Data that neither the estimator nor the transformer takes.</summary>
    public required IReadOnlyList<IDataView> InvalidInputs { get; init; }

    /// <summary>Data that the estimator takes but not the transformer fitted to <see cref="FitInput"/>, for example vectors of another size.</summary>
    public required IDataView FitOnlyInput { get; init; }

    /// <summary>The fitted transformer.</summary>
    public ITransformer Fitted => _fitted.Value;

    /// <summary>The file it was saved to.</summary>
    public ModelFile File => _file.Value;

    /// <summary>The transformer loaded from the file.</summary>
    public ITransformer Loaded => _loaded.Value;

    /// <summary>What the fitted transformer makes of <see cref="TransformInput"/>: all columns in one pass.</summary>
    internal RowTable Expected => _expected.Value;

    /// <summary>Each check of each contract, as the data of a theory.</summary>
    /// <param name="contracts">The contracts by name.</param>
    public static TheoryData<string, string> Cases(IReadOnlyDictionary<string, EstimatorContract> contracts)
    {
        ArgumentNullException.ThrowIfNull(contracts);
        var cases = new TheoryData<string, string>();
        foreach (string contract in contracts.Keys)
        {
            foreach (Action<EstimatorContract> check in Checks)
                cases.Add(contract, check.Method.Name);
        }
        return cases;
    }

    /// <summary>Runs one check.</summary>
    /// <param name="check">Its name.</param>
    public void Run(string check) => Checks.Single(candidate => candidate.Method.Name == check)(this);

    private ITransformer Fit() => Estimator.Fit(FitInput);

    private ModelFile Save() => ModelFile.Save(Fitted, TransformInput.Schema);

    private RowTable Transform() => RowTable.Read(Fitted.Transform(TransformInput));
}
