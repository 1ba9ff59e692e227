namespace MLNet.Generative;

/// <summary>
/// Variances v_kj of components k along axes j, of equal volume Π_j v_kj and variable shape: those that minimise Σ_k N_k Σ_j (log v_kj + s_kj / v_kj), where s_kj is the mean
/// square of a component's rows along an axis, with v_kj ≥ f_j. Without a floor v_kj = λ s_kj / g_k with g_k = (Π_j s_kj)^(1/D) and λ = Σ_k N_k g_k / N
/// (Celeux and Govaert 1995, section 5.2).
/// </summary>
/// <remarks>
/// With a floor, each component has v_kj = max(f_j, s_kj / μ_k) with the multiplier μ_k of its volume, and the common volume is where Σ_k N_k μ_k = N: μ_k falls as the volume
/// grows, so that both are found by bisection.
/// </remarks>
internal static class EqualVolumeVariances
{
    private const int NumberOfBisections = 200;

    /// <summary>Finds the variances.</summary>
    /// <param name="weights">N_k.</param>
    /// <param name="squares">s_kj.</param>
    /// <param name="floors">f_j.</param>
    /// <param name="ceiling">How large a variance may become to make up for others at the floor.</param>
    public static double[][] Solve(double[] weights, double[][] squares, double[] floors, double ceiling = double.PositiveInfinity)
    {
        double total = weights.Sum();
        double volume = 0;
        double[] own = Array.ConvertAll(squares, values => Math.Exp(values.Average(Math.Log)));
        for (int k = 0; k < own.Length; k++)
            volume += weights[k] / total * own[k];

        double[][] variances = [.. squares.Select((values, k) => Array.ConvertAll(values, value => value * (volume / own[k])))];
        bool isAbove = Array.TrueForAll(variances, values => values.Zip(floors).All(pair => pair.First >= pair.Second));
        return isAbove ? variances : SolveAtFloor(weights, squares, floors, total, ceiling);
    }

    private static double[][] SolveAtFloor(double[] weights, double[][] squares, double[] floors, double total, double ceiling)
    {
        double lowest = floors.Average(Math.Log);
        double highest = Math.Log(Math.Max(floors.Max(), squares.Max(values => values.Max())));
        highest = Math.Min(highest, squares.Min(values => LargestVolume(values, floors, ceiling)));
        if (Multipliers(weights, squares, floors, highest) > total)
            lowest = highest;
        else if (Multipliers(weights, squares, floors, lowest) > total)
            (lowest, highest) = Bisect(lowest, highest, volume => Multipliers(weights, squares, floors, volume) > total);
        else
            highest = lowest;
        return Array.ConvertAll(squares, values => OfVolume(values, floors, highest));
    }

    /// <summary>The logarithm of the volume of a component whose largest variance is at the ceiling.</summary>
    private static double LargestVolume(double[] squares, double[] floors, double ceiling)
    {
        double largest = squares.Max();
        if (!(largest > 0) || double.IsPositiveInfinity(ceiling))
            return double.PositiveInfinity;
        return squares.Zip(floors, (square, floor) => Math.Log(Math.Max(floor, square / largest * Math.Max(ceiling, largest)))).Average();
    }

    /// <summary>Σ_k N_k μ_k at a volume; +∞ where a component would have to be at all its floors.</summary>
    private static double Multipliers(double[] weights, double[][] squares, double[] floors, double logVolume)
    {
        double sum = 0;
        for (int k = 0; k < weights.Length; k++)
        {
            // A component without any spread does not care.
            if (squares[k].Max() > 0)
                sum += weights[k] * Math.Exp(-LogScale(squares[k], floors, logVolume));
        }
        return sum;
    }

    private static double[] OfVolume(double[] squares, double[] floors, double logVolume)
    {
        if (!(squares.Max() > 0))
        {
            double factor = Math.Exp(logVolume - floors.Average(Math.Log));
            return Array.ConvertAll(floors, value => value * factor);
        }
        double scale = Math.Exp(LogScale(squares, floors, logVolume));
        return [.. squares.Zip(floors, (square, floor) => Math.Max(floor, square * scale))];
    }

    /// <summary>log (1 / μ): the scale at which the mean of log max(f_j, s_j / μ) is the logarithm of the volume.</summary>
    private static double LogScale(double[] squares, double[] floors, double logVolume)
    {
        double[] logSquares = Array.ConvertAll(squares, Math.Log);
        double[] logFloors = Array.ConvertAll(floors, Math.Log);
        double Volume(double logScale)
        {
            double sum = 0;
            for (int j = 0; j < logSquares.Length; j++)
                sum += Math.Max(logFloors[j], logSquares[j] + logScale);
            return sum / logSquares.Length;
        }

        // Below the first all floors hold; at the last the largest square alone makes up the volume.
        double lowest = Enumerable.Range(0, squares.Length).Min(j => logFloors[j] - logSquares[j]);
        double highest = (logVolume * squares.Length - logFloors.Sum()) + Enumerable.Range(0, squares.Length).Min(j => logFloors[j] - logSquares[j]);
        if (Volume(lowest) >= logVolume)
            return lowest;
        return Bisect(lowest, Math.Max(lowest, highest), scale => Volume(scale) < logVolume).Highest;
    }

    private static (double Lowest, double Highest) Bisect(double lowest, double highest, Predicate<double> isBelow)
    {
        for (int i = 0; i < NumberOfBisections; i++)
        {
            double middle = lowest + (highest - lowest) / 2;
            if (middle <= lowest || middle >= highest)
                break;
            if (isBelow(middle))
                lowest = middle;
            else
                highest = middle;
        }
        return (lowest, highest);
    }
}
