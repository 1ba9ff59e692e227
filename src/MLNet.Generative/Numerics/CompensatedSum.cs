namespace MLNet.Generative;

/// <summary>A sum that keeps what rounding takes away (Neumaier 1974): its error does not grow with the number of terms.</summary>
internal struct CompensatedSum
{
    private double _sum;
    private double _lost;

    /// <summary>The sum.</summary>
    public readonly double Value => _sum + _lost;

    /// <summary>Adds a finite term.</summary>
    public void Add(double term)
    {
        double sum = _sum + term;
        _lost += Math.Abs(_sum) >= Math.Abs(term) ? _sum - sum + term : term - sum + _sum;
        _sum = sum;
    }
}
