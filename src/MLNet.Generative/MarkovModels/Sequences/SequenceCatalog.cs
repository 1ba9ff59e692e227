using MLNet.Generative;

namespace Microsoft.ML;

/// <summary>Extension methods that turn rows of single steps into rows of whole sequences, and back.</summary>
public static class SequenceCatalog
{
    /// <summary>
    /// Groups rows of single steps into one row per sequence, as sequence models need it: the key column and a vector of all values of the rows that have that key.
    /// </summary>
    /// <param name="catalog">The data catalog.</param>
    /// <param name="data">The rows, one per step.</param>
    /// <param name="keyColumnName">
    /// The column that tells which sequence a row belongs to: text, a key, a number, a truth value, a time or a row id. Every row must have a key.
    /// </param>
    /// <param name="valueColumnName">
    /// The column of a step's value. A <see cref="float"/>, a <see cref="double"/> or a key becomes a vector of unknown size of T values; a vector of known size D of
    /// <see cref="float"/> or <see cref="double"/> becomes one of shape (T, D), row after row. Missing values stay what they are.
    /// </param>
    /// <param name="orderColumnName">
    /// The column that the steps of a sequence are sorted by: a number, a key, a date or a time span; rows with equal ones stay in their order. Rows may then come in any
    /// order. With <see langword="null"/>, rows stay in their order, and those of one key must follow each other.
    /// </param>
    /// <param name="sequenceColumnNames">
    /// Columns, of any scalar type, that hold one value for a whole sequence, such as a label or a weight: it is kept. An error where rows of a sequence differ there.
    /// <see langword="null"/> for none.
    /// </param>
    /// <returns>
    /// The key column, the value column and the sequence columns, under their names; no others. Sequences come in the order in which their keys first appear. Nothing is read until a cursor is opened.
    /// </returns>
    /// <remarks>
    /// <para>
    /// Without an order column, memory holds one sequence and the keys. With one, rows are sorted, at most 64 MB of them in memory; more rows than that are sorted in a
    /// file in <see cref="MLContext.TempFilePath"/>, as large as the columns, which is deleted with the cursor.
    /// </para>
    /// <para>
    /// Reading throws <see cref="InvalidOperationException"/> where a row has no key or no place in the order, where a key comes again after another one and there is no
    /// order column, and where a sequence has more values than an array can hold.
    /// </para>
    /// <para>ML.NET's normalizers do not take vectors of unknown size: normalise before grouping.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The key column is a value column too.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has a type that will not do.</exception>
    /// <example>
    /// <code>
    /// // Patient, Day, Temperature -> one row per patient, with a vector of temperatures in the order of the days.
    /// IDataView sequences = mlContext.Data.GroupSequences(rows, "Patient", "Temperature", orderColumnName: "Day");
    /// </code>
    /// </example>
    public static IDataView GroupSequences(
        this DataOperationsCatalog catalog, IDataView data, string keyColumnName, string valueColumnName, string? orderColumnName = null, string[]? sequenceColumnNames = null)
    {
        ArgumentNullException.ThrowIfNull(valueColumnName);
        return GroupSequences(catalog, data, keyColumnName, [valueColumnName], orderColumnName, sequenceColumnNames);
    }

    /// <summary>Groups rows of single steps into one row per sequence, with several values per step.</summary>
    /// <param name="catalog">The data catalog.</param>
    /// <param name="data">The rows, one per step.</param>
    /// <param name="keyColumnName">The column that tells which sequence a row belongs to.</param>
    /// <param name="valueColumnNames">The columns of a step's values, at least one; each becomes a column of sequences.</param>
    /// <param name="orderColumnName">The column that the steps of a sequence are sorted by; <see langword="null"/> to keep the order of the rows.</param>
    /// <param name="sequenceColumnNames">Columns that hold one value for a whole sequence, which is kept; <see langword="null"/> for none.</param>
    /// <returns>The key column, the value columns and the sequence columns, under their names.</returns>
    /// <remarks>
    /// What <see cref="GroupSequences(DataOperationsCatalog, IDataView, string, string, string?, string[])"/> says of one value column holds for each of several.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">No value column is given, or one column twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has a type that will not do.</exception>
    /// <example>
    /// <code>
    /// IDataView sequences = mlContext.Data.GroupSequences(rows, "Patient", ["Temperature", "Pulse"], orderColumnName: "Day");
    /// </code>
    /// </example>
    public static IDataView GroupSequences(
        this DataOperationsCatalog catalog, IDataView data, string keyColumnName, string[] valueColumnNames, string? orderColumnName = null, string[]? sequenceColumnNames = null)
    {
        ViewHost host = ViewHost.Of(catalog, nameof(GroupSequences));
        CheckNames(data, keyColumnName, valueColumnNames, sequenceColumnNames);
        return new GroupedView(host, data, keyColumnName, valueColumnNames, orderColumnName, sequenceColumnNames);
    }

    /// <summary>Turns rows of whole sequences into one row per step: what <c>GroupSequences</c> does, backwards.</summary>
    /// <param name="catalog">The data catalog.</param>
    /// <param name="data">The rows, one per sequence.</param>
    /// <param name="keyColumnName">A column that is repeated in every step of its sequence: any but a vector.</param>
    /// <param name="valueColumnName">
    /// The column of a sequence's values. A vector of unknown size becomes a scalar, one of shape (T, D) a vector of size D.
    /// </param>
    /// <param name="sequenceColumnNames">Further columns, of any scalar type, that are repeated in every step of their sequence; <see langword="null"/> for none.</param>
    /// <returns>The key column, the value column and the sequence columns, under their names. A row with an empty sequence gives no row. Nothing is read until a cursor is opened.</returns>
    /// <remarks>Reading throws <see cref="InvalidOperationException"/> where the length of a vector is no multiple of D.</remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The key column is a value column too.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has a type that will not do.</exception>
    /// <example>
    /// <code>
    /// IDataView rows = mlContext.Data.FlattenSequences(sequences, "Patient", "Temperature");
    /// </code>
    /// </example>
    public static IDataView FlattenSequences(this DataOperationsCatalog catalog, IDataView data, string keyColumnName, string valueColumnName, string[]? sequenceColumnNames = null)
    {
        ArgumentNullException.ThrowIfNull(valueColumnName);
        return FlattenSequences(catalog, data, keyColumnName, [valueColumnName], sequenceColumnNames);
    }

    /// <summary>Turns rows of whole sequences into one row per step, with several values per step: those that a model has added, for example.</summary>
    /// <param name="catalog">The data catalog.</param>
    /// <param name="data">The rows, one per sequence.</param>
    /// <param name="keyColumnName">A column that is repeated in every step of its sequence: any but a vector.</param>
    /// <param name="valueColumnNames">The columns of a sequence's values, at least one; all of them have the same number of steps.</param>
    /// <param name="sequenceColumnNames">Further columns that are repeated in every step of their sequence; <see langword="null"/> for none.</param>
    /// <returns>The key column, the value columns and the sequence columns, under their names.</returns>
    /// <remarks>
    /// What <see cref="FlattenSequences(DataOperationsCatalog, IDataView, string, string, string[])"/> says of one value column holds for each of several. Reading throws
    /// <see cref="InvalidOperationException"/> also where columns that are read together have different numbers of steps.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">No value column is given, or one column twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has a type that will not do.</exception>
    /// <example>
    /// <code>
    /// // The hidden state of each step, next to what was measured.
    /// IDataView rows = mlContext.Data.FlattenSequences(model.Transform(sequences), "Patient", ["Temperature", "PredictedLabel"]);
    /// </code>
    /// </example>
    public static IDataView FlattenSequences(this DataOperationsCatalog catalog, IDataView data, string keyColumnName, string[] valueColumnNames, string[]? sequenceColumnNames = null)
    {
        ViewHost host = ViewHost.Of(catalog, nameof(FlattenSequences));
        CheckNames(data, keyColumnName, valueColumnNames, sequenceColumnNames);
        return new FlattenedView(host, data, keyColumnName, valueColumnNames, sequenceColumnNames);
    }

    private static void CheckNames(IDataView data, string keyColumnName, string[] valueColumnNames, string[]? sequenceColumnNames)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(keyColumnName);
        ArgumentNullException.ThrowIfNull(valueColumnNames);
        if (valueColumnNames.Length == 0)
            throw new ArgumentException("No value column is given. Name at least one.", nameof(valueColumnNames));
        var names = new HashSet<string>(StringComparer.Ordinal) { keyColumnName };
        Check(valueColumnNames, "value", nameof(valueColumnNames));
        Check(sequenceColumnNames ?? [], "sequence", nameof(sequenceColumnNames));

        void Check(string[] given, string role, string parameter)
        {
            foreach (string name in given)
            {
                if (name is null)
                    throw new ArgumentException($"The name of a {role} column is null.", parameter);
                if (!names.Add(name))
                    throw new ArgumentException($"Column '{name}' is given twice. The key column, the value columns and the sequence columns must differ: copy the column with CopyColumns.", parameter);
            }
        }
    }
}
