namespace MLNet.Generative;

/// <summary>What records are sorted by: key, then order, then row, so that no two are equal.</summary>
/// <param name="Key">The number of the key.</param>
/// <param name="Order">The place in the sequence.</param>
/// <param name="Row">The row that the record was read from.</param>
internal readonly record struct RecordHeader(int Key, long Order, long Row) : IComparable<RecordHeader>
{
    public int CompareTo(RecordHeader other)
    {
        if (Key != other.Key)
            return Key.CompareTo(other.Key);
        return Order != other.Order ? Order.CompareTo(other.Order) : Row.CompareTo(other.Row);
    }
}
