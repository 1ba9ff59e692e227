using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace MLNet.Generative;

/// <summary>
/// A Markov chain of order n over M symbols, 0 to M − 1: p(x_1 … x_T) = Π_t p(x_t | history), where the history is the n symbols before, or, nearer to the start,
/// all of them (Markov 1913; Bishop 2006, section 13.1). With order 0 the symbols are independent.
/// </summary>
/// <remarks>
/// <para>Immutable and safe for use by several threads at once; needs no <c>MLContext</c>. Only histories that occurred take memory.</para>
/// <para>
/// The first n symbols have histories of their own, which begin with the start of the sequence. So the probabilities of all sequences of one length sum to 1, and one training
/// sequence alone has likelihood 1 up to its n-th symbol.
/// </para>
/// <para>
/// After a history that never occurred, <see cref="Predict(ReadOnlySpan{int})"/> gives the uniform distribution, because nothing is known, but
/// <see cref="LogLikelihood(ReadOnlySpan{int})"/> is −∞, because that transition was never seen. Both agree where <see cref="Smoothing"/> is positive. With <see cref="BackOff"/> the longest
/// end of the history that did occur is used instead.
/// </para>
/// </remarks>
public sealed class MarkovChainModel
{
    private readonly ShorterHistories _shorter;
    private readonly Lazy<LongRun> _longRun;

    /// <summary>Makes a chain of order 1 from its parameters.</summary>
    /// <param name="initial">The probability of each symbol at the start: M numbers, not negative, with sum 1.</param>
    /// <param name="transitions">Row i holds the probability of each symbol after symbol i: M × M numbers, not negative, each row with sum 1.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The sizes do not agree, a number is negative or not finite, or a sum is not 1.</exception>
    public MarkovChainModel(double[] initial, double[,] transitions)
        : this(TransitionProbabilities.Check(initial, transitions), 0, false, 0)
    {
    }

    internal MarkovChainModel(TransitionCounts counts, double smoothing, bool backOff, double minimumCount)
    {
        Seen = counts;
        Smoothing = smoothing;
        BackOff = backOff;
        MinimumCount = minimumCount;
        _shorter = new ShorterHistories(counts, backOff, minimumCount);
        _longRun = new Lazy<LongRun>(() => LongRun.Of(this));
    }

    /// <summary>n, the number of symbols that the next one depends on.</summary>
    public int Order => Seen.Order;

    /// <summary>M, the size of the alphabet.</summary>
    public int NumberOfSymbols => Seen.Code.NumberOfSymbols;

    /// <summary>The pseudo-count that is added to every transition; 0 for none.</summary>
    public double Smoothing { get; }

    /// <summary>Whether a history that never occurred is replaced by its longest end that did.</summary>
    public bool BackOff { get; }

    /// <summary>With <see cref="BackOff"/>, histories that occurred less often are replaced too.</summary>
    public double MinimumCount { get; }

    /// <summary>M^n (M − 1), the number of free transition probabilities (Katz 1981); a <see cref="double"/> because it soon exceeds every integer type.</summary>
    public double NumberOfParameters => Math.Pow(NumberOfSymbols, Order) * (NumberOfSymbols - 1);

    /// <summary>The number of different histories of n symbols that were seen with a symbol after them.</summary>
    public int NumberOfObservedHistories => Seen.Inner.Count;

    /// <summary>The number of different transitions that were seen.</summary>
    public int NumberOfObservedTransitions => Seen.Inner.NumberOfTransitions;

    /// <summary>The probability of symbol j after symbol i, in row i and column j, of a chain of order 1. A copy: changing it does not change the model.</summary>
    /// <exception cref="InvalidOperationException">The chain is of another order, or has more than 20,000 symbols.</exception>
    public Matrix<double> Transitions
    {
        get
        {
            const int mostSymbols = 20_000;
            if (Order != 1)
                throw new InvalidOperationException($"A chain of order {Order} has no matrix of transitions: that is for order 1. Read {nameof(Counts)}, or ask {nameof(Predict)} for one history.");
            if (NumberOfSymbols > mostSymbols)
                throw new InvalidOperationException($"A matrix of {NumberOfSymbols} × {NumberOfSymbols} transitions is too large; {mostSymbols} symbols are the most. Read {nameof(Counts)}, or ask {nameof(Predict)} for one history.");
            var matrix = new DenseMatrix(NumberOfSymbols, NumberOfSymbols);
            for (int i = 0; i < NumberOfSymbols; i++)
                matrix.SetRow(i, Predict([i]));
            return matrix;
        }
    }

    /// <summary>The transitions that were seen after n symbols, in the order of their histories. Listed as they are read.</summary>
    public IEnumerable<MarkovTransition> Counts => List(Seen.Inner, Order);

    internal TransitionCounts Seen { get; }

    /// <summary>log p(x_1 … x_T), in nats.</summary>
    /// <param name="sequence">The symbols, from 0 to M − 1.</param>
    /// <returns>0 for no symbols; −∞ if a transition was never seen and <see cref="Smoothing"/> is 0.</returns>
    /// <exception cref="ArgumentException">A symbol is outside the alphabet.</exception>
    public double LogLikelihood(ReadOnlySpan<int> sequence) => LogLikelihood(sequence, 0);

    /// <summary>log p(x_n+1 … x_T | x_1 … x_n), in nats: given the first n symbols.</summary>
    /// <param name="sequence">The symbols, from 0 to M − 1.</param>
    /// <returns>0 if there are no more than n symbols; −∞ if a transition was never seen and <see cref="Smoothing"/> is 0.</returns>
    /// <exception cref="ArgumentException">A symbol is outside the alphabet.</exception>
    public double ConditionalLogLikelihood(ReadOnlySpan<int> sequence) => LogLikelihood(sequence, Order);

    /// <summary>The probability of each symbol to come next.</summary>
    /// <param name="history">The sequence so far. Only its last n symbols matter; fewer than n are taken as the start of a sequence.</param>
    /// <returns>M probabilities.</returns>
    /// <exception cref="ArgumentException">A symbol is outside the alphabet.</exception>
    public double[] Predict(ReadOnlySpan<int> history)
    {
        var probabilities = new double[NumberOfSymbols];
        Predict(history, probabilities);
        return probabilities;
    }

    /// <summary>The probability of each symbol to come next.</summary>
    /// <param name="history">The sequence so far. Only its last n symbols matter; fewer than n are taken as the start of a sequence.</param>
    /// <param name="probabilities">Receives M probabilities.</param>
    /// <exception cref="ArgumentException">A symbol is outside the alphabet, or there is not room for exactly M probabilities.</exception>
    public void Predict(ReadOnlySpan<int> history, Span<double> probabilities)
    {
        if (probabilities.Length != NumberOfSymbols)
            throw new ArgumentException($"There is room for {probabilities.Length} probabilities; the chain has {NumberOfSymbols} symbols.", nameof(probabilities));
        CheckSymbols(history, nameof(history));
        ReadOnlySpan<int> last = history[Math.Max(0, history.Length - Order)..];
        After(Seen.Code.Pack(last), last.Length).CopyTo(probabilities);
    }

    /// <summary>Draws a sequence.</summary>
    /// <param name="length">The number of symbols: not negative.</param>
    /// <param name="random">The source of randomness; the same state gives the same sequence.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="random"/> is null.</exception>
    public int[] Sample(int length, Random random)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentNullException.ThrowIfNull(random);
        var sequence = new int[length];
        UInt128 history = UInt128.Zero;
        for (int t = 0; t < length; t++)
        {
            sequence[t] = After(history, Math.Min(t, Order)).Sample(random);
            history = Seen.Code.Suffix(Seen.Code.Append(history, sequence[t]), Math.Min(t + 1, Order));
        }
        return sequence;
    }

    /// <summary>
    /// The share of each symbol in the long run: M probabilities π with π = π P, where P are the transitions between histories. Where the chain can end in several places
    /// that it never leaves, or runs in a cycle, it is the average over time of a chain that starts as sequences do.
    /// </summary>
    /// <exception cref="InvalidOperationException">The chain can reach more histories and transitions than fit into memory.</exception>
    public double[] StationaryDistribution() => (double[])_longRun.Value.Symbols.Clone();

    /// <summary>
    /// The mean number of times that a symbol comes in a row, once it has come: 1 / (1 − P(symbol | symbol)) for order 1 (Rabiner 1989, eq. 5); for higher orders in the
    /// long run.
    /// </summary>
    /// <param name="symbol">The symbol, from 0 to M − 1.</param>
    /// <returns>At least 1; +∞ for a symbol that is never left, NaN for one that a chain of higher order does not produce in the long run.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such symbol.</exception>
    /// <exception cref="InvalidOperationException">The order is higher than 1, and the chain can reach more histories and transitions than fit into memory.</exception>
    public double MeanDuration(int symbol)
    {
        if (symbol < 0 || symbol >= NumberOfSymbols)
            throw new ArgumentOutOfRangeException(nameof(symbol), symbol, $"There is no symbol {symbol}; the chain has symbols 0 to {NumberOfSymbols - 1}.");
        if (Order > 1)
            return _longRun.Value.Symbols[symbol] / _longRun.Value.Leaving[symbol];
        return 1 / (1 - Predict([symbol])[symbol]);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"Markov chain of order {Order} over {NumberOfSymbols} symbols, {NumberOfObservedHistories} histories and {NumberOfObservedTransitions} transitions seen";

    /// <summary>What follows a history: one of n symbols, or a shorter one that begins with the start of the sequence.</summary>
    internal NextSymbols After(UInt128 history, int length)
    {
        HistoryTable? table = _shorter.Find(history, length, out int place);
        return new NextSymbols(table, place, Smoothing, NumberOfSymbols);
    }

    private double LogLikelihood(ReadOnlySpan<int> sequence, int given)
    {
        CheckSymbols(sequence, nameof(sequence));
        double sum = 0;
        UInt128 history = UInt128.Zero;
        for (int t = 0; t < sequence.Length; t++)
        {
            if (t >= given)
                sum += After(history, Math.Min(t, Order)).LogProbability(sequence[t]);
            history = Seen.Code.Suffix(Seen.Code.Append(history, sequence[t]), Math.Min(t + 1, Order));
        }
        return sum;
    }

    private IEnumerable<MarkovTransition> List(HistoryTable table, int length)
    {
        foreach ((UInt128 transition, double count) in table.Enumerate())
        {
            UInt128 history = Seen.Code.WithoutLast(transition);
            int symbol = Seen.Code.Last(transition);
            yield return new MarkovTransition(Seen.Code.Unpack(history, length), symbol, count, Math.Exp(After(history, length).LogProbability(symbol)));
        }
    }

    private void CheckSymbols(ReadOnlySpan<int> symbols, string name)
    {
        for (int t = 0; t < symbols.Length; t++)
        {
            if ((uint)symbols[t] >= (uint)NumberOfSymbols)
                throw new ArgumentException($"Symbol {symbols[t]} at step {t} is outside the alphabet, 0 to {NumberOfSymbols - 1}.", name);
        }
    }
}
