using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNet.Generative;

/// <summary>Symbols in columns: keys, or whole numbers from 0.</summary>
internal static class SymbolRows
{
    // Larger numbers are no symbols: a vector of their probabilities would not fit.
    private const int LargestSymbol = (1 << 24) - 1;

    /// <summary>Reads the training sequences of a data view.</summary>
    public static SymbolSequences Read(TrainingChannel channel, IDataView data, MarkovChainEstimator.Options options, out TrainedSequences column)
    {
        FindColumn(channel.Host, data.Schema, options.InputColumnName);
        SequenceRows rows = SequenceRows.Read(channel, data, options.InputColumnName, options.ExampleWeightColumnName, SequenceItems.All, options.CancellationToken);
        column = rows.Column;
        if (column.Items == SequenceItems.Keys && options.NumberOfSymbols is { } given && given != column.KeyCount)
            throw new ArgumentException($"{nameof(options.NumberOfSymbols)} is {given}, but the keys of column '{column.ColumnName}' have {column.KeyCount} values. Leave it null for keys.", nameof(options));

        int numberOfSymbols = column.Items == SequenceItems.Keys ? column.KeyCount : options.NumberOfSymbols ?? LargestSymbol + 1;
        var symbols = new int[rows.Values.Length];
        int largest = 0;
        for (int n = 0; n < rows.Count; n++)
        {
            ReadOnlySpan<double> sequence = rows.Sequence(n);
            int bad = Convert(sequence, numberOfSymbols, symbols.AsSpan(rows.Starts[n]));
            if (bad >= 0)
                throw channel.Host.Except(string.Create(CultureInfo.InvariantCulture, $"Row {rows.Rows[n]}, step {bad} of sequence column '{column.ColumnName}' is {sequence[bad]}. Symbols are whole numbers from 0 to {numberOfSymbols - 1}: use MapValueToKey for others."));
        }
        foreach (int symbol in symbols)
            largest = Math.Max(largest, symbol);
        if (column.Items != SequenceItems.Keys)
            numberOfSymbols = options.NumberOfSymbols ?? largest + 1;
        return new SymbolSequences(symbols, rows.Starts, rows.Weights.IsEmpty ? null : rows.Weights.ToArray(), numberOfSymbols);
    }

    /// <summary>Turns values into symbols.</summary>
    /// <returns>The first step whose value is no symbol; −1 if all are.</returns>
    public static int Convert(ReadOnlySpan<double> values, int numberOfSymbols, Span<int> symbols)
    {
        for (int t = 0; t < values.Length; t++)
        {
            // Not a number is not smaller either.
            if (!(values[t] >= 0 && values[t] < numberOfSymbols) || values[t] != Math.Floor(values[t]))
                return t;
            symbols[t] = (int)values[t];
        }
        return -1;
    }

    private static void FindColumn(IHost host, DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = SequenceColumn.Find(host, schema, name, SequenceItems.All);
        if (SequenceColumn.GetDimension(column) != 1)
            throw host.ExceptSchemaMismatch("inputSchema", "sequence", name, "a vector of variable size of keys, Single or Double with one value per step", column.Type.ToString());
    }
}
