namespace MLNet.Generative;

/// <summary><see cref="StateElimination"/> on logarithms: slow, and exact however improbable the transitions are that decide.</summary>
internal static class LogStateElimination
{
    /// <summary>As <see cref="StateElimination.Leave"/>.</summary>
    public static void Leave(double[,] a, double[] mass)
    {
        int count = a.GetLength(0);
        double[,] logs = Logarithms(a);
        double[] logMass = Array.ConvertAll(mass, Math.Log);
        for (int n = 0; n < count; n++)
        {
            double leaving = double.NegativeInfinity;
            for (int j = n + 1; j < mass.Length; j++)
                leaving = Add(leaving, logs[n, j]);
            for (int j = n + 1; j < mass.Length; j++)
            {
                double share = logs[n, j] - leaving;
                logMass[j] = Add(logMass[j], logMass[n] + share);
                for (int i = n + 1; i < count; i++)
                    logs[i, j] = Add(logs[i, j], logs[i, n] + share);
            }
        }
        for (int j = 0; j < mass.Length; j++)
            mass[j] = j < count ? 0 : Math.Exp(logMass[j]);
    }

    /// <summary>As <see cref="StateElimination.Stationary"/>.</summary>
    public static double[] Stationary(double[,] a)
    {
        int count = a.GetLength(0);
        double[,] logs = Logarithms(a);
        for (int n = count - 1; n > 0; n--)
        {
            double leaving = double.NegativeInfinity;
            for (int j = 0; j < n; j++)
                leaving = Add(leaving, logs[n, j]);
            for (int i = 0; i < n; i++)
                logs[i, n] -= leaving;
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                    logs[i, j] = Add(logs[i, j], logs[i, n] + logs[n, j]);
            }
        }

        var shares = new double[count];
        for (int n = 1; n < count; n++)
        {
            shares[n] = double.NegativeInfinity;
            for (int i = 0; i < n; i++)
                shares[n] = Add(shares[n], shares[i] + logs[i, n]);
        }
        double total = LogSumExp.Of(shares);
        return Array.ConvertAll(shares, share => Math.Exp(share - total));
    }

    private static double Add(double x, double y)
    {
        double larger = Math.Max(x, y);
        return double.IsNegativeInfinity(larger) ? larger : larger + Math.Log(Math.Exp(x - larger) + Math.Exp(y - larger));
    }

    private static double[,] Logarithms(double[,] a)
    {
        var logs = new double[a.GetLength(0), a.GetLength(1)];
        for (int i = 0; i < a.GetLength(0); i++)
        {
            for (int j = 0; j < a.GetLength(1); j++)
                logs[i, j] = Math.Log(a[i, j]);
        }
        return logs;
    }
}
