namespace MLNet.Generative;

/// <summary>
/// Variances v_kj of components k along axes j, of equal volume Π_j v_kj and variable shape: those that minimise Σ_k N_k Σ_j (log v_kj + s_kj / v_kj), where s_kj is the mean
/// square of a component's rows along an axis, with v_kj ≥ f_j. Without a floor v_kj = λ s_kj / g_k with g_k = (Π_j s_kj)^(1/D) and λ = Σ_k N_k g_k / N
/// (Celeux and Govaert 1995, section 5.2).
/// </summary>
/// <remarks>
/// With a floor, each component has v_kj = max(f_j, s_kj / μ_k) with the multiplier μ_k of its volume, and the common volume is where Σ_k N_k μ_k = N: μ_k falls as the volume
/// grows, so that both are found by bisection. A component without spread along some axes would make up for them by a needle along another, which no matrix in double
/// precision holds: its variances keep to a smallest share of the largest.
/// </remarks>
internal static class EqualVolumeVariances
{
    private const int NumberOfBisections = 200;

    /// <summary>Finds the variances.</summary>
    /// <param name="weights">N_k.</param>
    /// <param name="squares">s_kj.</param>
    /// <param name="floors">f_j.</param>
    /// <param name="smallestShare">No variance of a component is a smaller share of its largest; 0 for no such bound.</param>
    public static double[][] Solve(double[] weights, double[][] squares, double[] floors, double smallestShare = 0)
    {
        double total = weights.Sum();
        double volume = 0;
        double[] own = Array.ConvertAll(squares, values => Math.Exp(values.Average(Math.Log)));
        for (int k = 0; k < own.Length; k++)
            volume += weights[k] / total * own[k];

        double[][] variances = [.. squares.Select((values, k) => Array.ConvertAll(values, value => value * (volume / own[k])))];
        bool isAbove = Array.TrueForAll(variances, values => values.Zip(floors).All(pair => pair.First >= pair.Second) && values.Min() >= smallestShare * values.Max());
        return isAbove ? variances : SolveAtFloor(weights, squares, floors, total, smallestShare);
    }

    private static double[][] SolveAtFloor(double[] weights, double[][] squares, double[] floors, double total, double smallestShare)
    {
        // Variances go with these; what they cost goes with the squares themselves.
        double[][] shapes = Array.ConvertAll(squares, values => Array.ConvertAll(values, value => Math.Max(value, smallestShare * values.Max())));
        double lowest = floors.Average(Math.Log);
        double highest = Math.Log(Math.Max(floors.Max(), squares.Max(values => values.Max())));
        if (Multipliers(weights, squares, shapes, floors, lowest) > total)
            (lowest, highest) = Bisect(lowest, highest, volume => Multipliers(weights, squares, shapes, floors, volume) > total);
        else
            highest = lowest;
        return Array.ConvertAll(shapes, shape => OfVolume(shape, floors, highest));
    }

    /// <summary>Σ_k N_k μ_k at a volume.</summary>
    private static double Multipliers(double[] weights, double[][] squares, double[][] shapes, double[] floors, double logVolume)
    {
        double sum = 0;
        for (int k = 0; k < weights.Length; k++)
        {
            // A component without any spread does not care.
            if (shapes[k].Max() > 0)
                sum += weights[k] * Multiplier(squares[k], shapes[k], floors, LogScale(shapes[k], floors, logVolume));
        }
        return sum;
    }

    /// <summary>What Σ_j s_j / v_j loses when the volume grows: 1 / scale, times the mean of s over its shape where the variances are above the floor.</summary>
    private static double Multiplier(double[] squares, double[] shape, double[] floors, double logScale)
    {
        double scale = Math.Exp(logScale), sum = 0;
        int free = 0;
        for (int j = 0; j < shape.Length; j++)
        {
            if (!(shape[j] > 0) || shape[j] * scale < floors[j])
                continue;
            free++;
            sum += squares[j] / shape[j];
        }
        return free == 0 ? 1 / scale : sum / (free * scale);
    }

    private static double[] OfVolume(double[] shape, double[] floors, double logVolume)
    {
        if (!(shape.Max() > 0))
        {
            double factor = Math.Exp(logVolume - floors.Average(Math.Log));
            return Array.ConvertAll(floors, value => value * factor);
        }
        double scale = Math.Exp(LogScale(shape, floors, logVolume));
        return [.. shape.Zip(floors, (value, floor) => Math.Max(floor, value * scale))];
    }

    /// <summary>The logarithm of the scale at which the mean of log max(f_j, scale · shape_j) is that of the volume.</summary>
    private static double LogScale(double[] shape, double[] floors, double logVolume)
    {
        double[] logShape = Array.ConvertAll(shape, Math.Log);
        double[] logFloors = Array.ConvertAll(floors, Math.Log);
        double Volume(double logScale)
        {
            double sum = 0;
            for (int j = 0; j < logShape.Length; j++)
                sum += Math.Max(logFloors[j], logShape[j] + logScale);
            return sum / logShape.Length;
        }

        // Below the first all floors hold; at the last the largest alone makes up the volume.
        double lowest = Enumerable.Range(0, shape.Length).Min(j => logFloors[j] - logShape[j]);
        double highest = lowest + (logVolume * shape.Length - logFloors.Sum());
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
