namespace MLNet.Generative;

/// <summary>A chain and its summary in a model file.</summary>
internal static class MarkovChainFormat
{
    // *** Binary format of a model ***
    // int: M, number of symbols
    // int: n, order
    // double: pseudo-count
    // bool: whether it backs off
    // double: smallest count of a history that does not
    // for histories of 0 to n − 1 symbols from the start of a sequence, then for those of n symbols:
    //     int: number of transitions
    //     for each, in order: ulong: its last 64 bits, packed; ulong: the bits before, only if there can be any; double: its count
    //
    // *** Binary format of a summary ***
    // double: log-likelihood
    // double: number of observations
    // int: number of notes
    // string[]: notes

    public static void Write(BinaryWriter writer, MarkovChainModel model)
    {
        writer.Write(model.NumberOfSymbols);
        writer.Write(model.Order);
        writer.Write(model.Smoothing);
        writer.Write(model.BackOff);
        writer.Write(model.MinimumCount);
        foreach (HistoryTable table in model.Seen.Starts.Append(model.Seen.Inner))
        {
            bool isWide = IsWide(model.Seen.Code, table.Length);
            writer.Write(table.NumberOfTransitions);
            foreach ((UInt128 transition, double count) in table.Enumerate())
            {
                writer.Write((ulong)transition);
                if (isWide)
                    writer.Write((ulong)(transition >> 64));
                writer.Write(count);
            }
        }
    }

    public static MarkovChainModel ReadModel(BlockReader reader)
    {
        int numberOfSymbols = reader.ReadInt32();
        reader.Check(numberOfSymbols >= 1, $"the number of symbols is {numberOfSymbols}");
        var code = new SymbolCode(numberOfSymbols);
        int order = reader.ReadInt32();
        reader.Check(order >= 0 && order <= code.LongestHistory, $"the order is {order}");
        double smoothing = reader.ReadFinite("the pseudo-count");
        reader.Check(smoothing >= 0, $"the pseudo-count is {smoothing}");
        bool backOff = reader.ReadBoolean();
        double minimumCount = reader.ReadFinite("the smallest count");
        reader.Check(minimumCount >= 0, $"the smallest count is {minimumCount}");

        var tables = new HistoryTable[order + 1];
        for (int length = 0; length <= order; length++)
            tables[length] = ReadTable(reader, code, length);
        return new MarkovChainModel(new TransitionCounts(code, tables[..order], tables[order]), smoothing, backOff, minimumCount);
    }

    public static void Write(BinaryWriter writer, MarkovChainSummary summary)
    {
        writer.Write(summary.LogLikelihood);
        writer.Write(summary.NumberOfObservations);
        writer.Write(summary.Notes.Count);
        foreach (string note in summary.Notes)
            writer.Write(note);
    }

    public static MarkovChainSummary ReadSummary(BlockReader reader, MarkovChainModel model)
    {
        double logLikelihood = reader.ReadFinite("the log-likelihood");
        double observations = reader.ReadFinite("the number of observations");
        reader.Check(observations > 0, $"the number of observations is {observations}");
        string[] notes = reader.ReadStrings(reader.ReadSize(0, "the number of notes"));
        return new MarkovChainSummary(logLikelihood, observations, model.NumberOfParameters, model.NumberOfObservedHistories, model.NumberOfObservedTransitions, notes);
    }

    private static HistoryTable ReadTable(BlockReader reader, SymbolCode code, int length)
    {
        int count = reader.ReadSize(1, "the number of transitions");
        bool isWide = IsWide(code, length);
        reader.Check((long)count * (isWide ? 24 : 16) <= reader.Remaining, $"the number of transitions is {count}");
        var transitions = new UInt128[count];
        var counts = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            ulong lower = reader.ReadUInt64();
            transitions[i] = new UInt128(isWide ? reader.ReadUInt64() : 0, lower);
            counts[i] = reader.ReadFinite("a count");
            sum += counts[i];
            reader.Check(counts[i] > 0, $"a count is {counts[i]}");
            reader.Check(i == 0 || transitions[i] > transitions[i - 1], "transitions are not in order");
            reader.Check(IsValid(code, transitions[i], length + 1), "a symbol is outside the alphabet");
        }
        reader.Check(double.IsFinite(sum), $"the counts sum to {sum}");
        return HistoryTable.Of(code, length, transitions, counts);
    }

    private static bool IsWide(SymbolCode code, int length) => (length + 1) * code.BitsPerSymbol > 64;

    private static bool IsValid(SymbolCode code, UInt128 symbols, int length)
    {
        for (int i = 0; i < length; i++)
        {
            if (code.Last(symbols) >= code.NumberOfSymbols)
                return false;
            symbols = code.WithoutLast(symbols);
        }
        return symbols == UInt128.Zero;
    }
}
