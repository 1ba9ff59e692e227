namespace MLNet.Generative;

/// <summary>
/// Variances v_kj = λ_k b_j of components k along axes j, of variable volume and equal shape: those that minimise Σ_k N_k Σ_j (log v_kj + s_kj / v_kj), where s_kj is the mean
/// square of a component's rows along an axis, with v_kj ≥ f_j (Celeux and Govaert 1995, section 5.2).
/// </summary>
/// <remarks>
/// The conditions Σ_j s_kj / v_kj = D and Σ_k N_k s_kj / v_kj = Σ_k N_k say that the rows and columns of a matrix are scaled to given sums (Sinkhorn and Knopp 1967):
/// scaling them in turn ends in the one optimum, as the objective is convex in log λ and log b.
/// </remarks>
internal static class ProportionalVariances
{
    private const int MaximumNumberOfSteps = 10_000;
    private const double RelativeTolerance = 1e-14;

    /// <summary>Finds the variances.</summary>
    /// <param name="weights">N_k.</param>
    /// <param name="squares">s_kj.</param>
    /// <param name="floors">f_j.</param>
    /// <param name="volumes">λ to start from; <see langword="null"/> for a fresh start.</param>
    public static double[][] Solve(double[] weights, double[][] squares, double[] floors, double[]? volumes)
    {
        double total = weights.Sum();
        var shape = new double[floors.Length];
        volumes = (double[]?)volumes?.Clone() ?? StartingVolumes(weights, squares, floors, total);
        for (int step = 0; step < MaximumNumberOfSteps; step++)
        {
            Shape(weights, squares, floors, volumes, total, shape);
            double change = 0;
            for (int k = 0; k < volumes.Length; k++)
            {
                double volume = Volume(squares[k], floors, shape);
                change = Math.Max(change, Math.Abs(volume / volumes[k] - 1));
                volumes[k] = volume;
            }
            if (change <= RelativeTolerance)
                break;
        }
        return Array.ConvertAll(volumes, volume => Array.ConvertAll(shape, value => volume * value));
    }

    private static double[] StartingVolumes(double[] weights, double[][] squares, double[] floors, double total)
    {
        var pooled = new double[floors.Length];
        Shape(weights, squares, floors, [.. Enumerable.Repeat(1.0, weights.Length)], total, pooled);
        return Array.ConvertAll(squares, own => Volume(own, floors, pooled));
    }

    /// <summary>The best b for these λ.</summary>
    private static void Shape(double[] weights, double[][] squares, double[] floors, double[] volumes, double total, double[] shape)
    {
        double smallest = volumes.Min();
        for (int j = 0; j < shape.Length; j++)
        {
            double sum = 0;
            for (int k = 0; k < volumes.Length; k++)
                sum += weights[k] / total * (squares[k][j] / volumes[k]);
            shape[j] = Math.Max(sum, floors[j] / smallest);
        }
    }

    /// <summary>The best λ of a component for this b.</summary>
    private static double Volume(double[] squares, double[] floors, double[] shape)
    {
        double sum = 0, lowest = 0;
        for (int j = 0; j < shape.Length; j++)
        {
            sum += squares[j] / shape[j];
            lowest = Math.Max(lowest, floors[j] / shape[j]);
        }
        return Math.Max(sum / shape.Length, lowest);
    }
}
