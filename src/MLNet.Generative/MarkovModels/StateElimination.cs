namespace MLNet.Generative;

/// <summary>
/// Solves a Markov chain by eliminating one state after the other, without a subtraction (Grassmann, Taksar and Heyman 1985): so it is exact too for states that are hardly ever
/// left, where 1 − a_ii is nothing but rounding. Where products of small probabilities vanish, it works on logarithms.
/// </summary>
internal static class StateElimination
{
    // Above this, no sum has lost a product that counts.
    private const double Smallest = 1e-280;

    /// <summary>Moves what starts in transient states to where it first leaves them (Kemeny and Snell 1960, chapter III).</summary>
    /// <param name="a">The transitions from the transient states, each with a way out: to themselves in the first columns, and to others in the rest.</param>
    /// <param name="mass">The probability of starting in each state, in the order of the columns; receives 0 for the transient ones, and for the others that of being the first.</param>
    public static void Leave(double[,] a, double[] mass)
    {
        var left = (double[])mass.Clone();
        if (!TryLeave((double[,])a.Clone(), left))
            LogStateElimination.Leave(a, left);
        left.CopyTo(mass, 0);
    }

    /// <summary>The stationary distribution of states that all reach one another.</summary>
    /// <param name="a">The transitions between them.</param>
    public static double[] Stationary(double[,] a)
    {
        double[] shares = new double[a.GetLength(0)];
        if (!TryStationary((double[,])a.Clone(), shares))
            shares = LogStateElimination.Stationary(a);
        return shares;
    }

    private static bool TryLeave(double[,] a, double[] mass)
    {
        int count = a.GetLength(0);
        for (int n = 0; n < count; n++)
        {
            double leaving = 0;
            for (int j = n + 1; j < mass.Length; j++)
                leaving += a[n, j];
            if (!(leaving > Smallest))
                return false;
            for (int j = n + 1; j < mass.Length; j++)
            {
                double share = a[n, j] / leaving;
                mass[j] += mass[n] * share;
                for (int i = n + 1; i < count && share > 0; i++)
                    a[i, j] += a[i, n] * share;
            }
            mass[n] = 0;
        }
        return true;
    }

    private static bool TryStationary(double[,] a, double[] shares)
    {
        for (int n = shares.Length - 1; n > 0; n--)
        {
            double leaving = 0;
            for (int j = 0; j < n; j++)
                leaving += a[n, j];
            if (!(leaving > Smallest))
                return false;
            for (int i = 0; i < n; i++)
                a[i, n] /= leaving;
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                    a[i, j] += a[i, n] * a[n, j];
            }
        }

        shares[0] = 1;
        double total = 1;
        for (int n = 1; n < shares.Length; n++)
        {
            for (int i = 0; i < n; i++)
                shares[n] += shares[i] * a[i, n];
            total += shares[n];
        }
        for (int n = 0; n < shares.Length; n++)
            shares[n] /= total;
        return double.IsFinite(total);
    }
}
