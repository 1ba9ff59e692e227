namespace MLNet.Generative;

/// <summary>
/// What was counted in training sequences: after each history of n symbols, and, for the first n symbols, after each shorter one that begins with the start of its sequence.
/// </summary>
/// <param name="Code">How histories are packed.</param>
/// <param name="Starts">What followed starts of 0 to n − 1 symbols.</param>
/// <param name="Inner">What followed histories of n symbols.</param>
internal sealed record TransitionCounts(SymbolCode Code, IReadOnlyList<HistoryTable> Starts, HistoryTable Inner)
{
    /// <summary>n.</summary>
    public int Order => Inner.Length;

    /// <summary>The counts of histories of each length below n, wherever they are in a sequence.</summary>
    public HistoryTable[] Shorten()
    {
        var shorter = new HistoryTable[Order];
        for (int length = Order - 1; length >= 0; length--)
            shorter[length] = (length + 1 < Order ? shorter[length + 1] : Inner).Shorten(Starts[length]);
        return shorter;
    }
}
