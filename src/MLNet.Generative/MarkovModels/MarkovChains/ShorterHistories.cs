namespace MLNet.Generative;

/// <summary>
/// Finds what followed a history, and backs off to shorter ones, if it is asked to: the longest end of the history that occurred often enough (the idea of Katz 1987, without
/// his discounting, so that every history has one plain distribution).
/// </summary>
internal sealed class ShorterHistories
{
    private readonly TransitionCounts _counts;
    private readonly HistoryTable[]? _shorter;
    private readonly double _minimumCount;

    public ShorterHistories(TransitionCounts counts, bool backOff, double minimumCount)
    {
        _counts = counts;
        _shorter = backOff ? counts.Shorten() : null;
        _minimumCount = backOff ? minimumCount : 0;
    }

    /// <summary>The table and the place in it that describe a history; <see langword="null"/> if nothing is known of it.</summary>
    /// <param name="history">n symbols, or fewer from the start of a sequence.</param>
    /// <param name="length">Their number.</param>
    /// <param name="place">Receives the place.</param>
    public HistoryTable? Find(UInt128 history, int length, out int place)
    {
        HistoryTable table = length < _counts.Order ? _counts.Starts[length] : _counts.Inner;
        if (Accepts(table, history, out place))
            return table;
        if (_shorter is null)
            return null;
        for (int kept = Math.Min(length, _counts.Order - 1); kept > 0; kept--)
        {
            if (Accepts(_shorter[kept], _counts.Code.Suffix(history, kept), out place))
                return _shorter[kept];
        }
        // Below the empty history there is nothing: its counts serve, however low.
        place = 0;
        return _shorter.Length > 0 ? _shorter[0] : _counts.Inner;
    }

    private bool Accepts(HistoryTable table, UInt128 history, out int place)
    {
        place = table.Find(history);
        return place >= 0 && table.Total(place) >= _minimumCount;
    }
}
