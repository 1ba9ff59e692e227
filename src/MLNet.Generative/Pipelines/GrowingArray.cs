using Microsoft.ML.Runtime;

namespace MLNet.Generative;

/// <summary>Numbers in one block of memory that grows as they are read.</summary>
/// <param name="expectedLength">How many there will be, if that is known.</param>
internal sealed class GrowingArray(long? expectedLength)
{
    private double[] _items = new double[Math.Clamp(expectedLength ?? 0, 0, Array.MaxLength)];

    /// <summary>How many there are.</summary>
    public int Length { get; private set; }

    /// <summary>Room for <paramref name="count"/> items after the last; taken only by <see cref="Take"/>.</summary>
    public Span<double> Reserve(int count, IHost host)
    {
        if (_items.Length - Length < count)
        {
            long needed = (long)Length + count;
            if (needed > Array.MaxLength)
                throw host.Except($"The data have more than {Array.MaxLength} values, more than fit into one block of memory. Learn from fewer rows, for example a sample of them.");
            Array.Resize(ref _items, (int)Math.Min(Array.MaxLength, Math.Max(needed, 2L * _items.Length)));
        }
        return _items.AsSpan(Length, count);
    }

    /// <summary>Keeps what was written into the room.</summary>
    public void Take(int count) => Length += count;

    /// <summary>The numbers, without a copy.</summary>
    public ReadOnlyMemory<double> ToMemory() => _items.AsMemory(0, Length);
}
