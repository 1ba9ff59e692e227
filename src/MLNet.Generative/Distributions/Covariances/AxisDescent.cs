using System.Numerics.Tensors;

namespace MLNet.Generative;

/// <summary>
/// Turns all pairs of common axes together, by the BFGS method with limited memory (Nocedal and Wright 2006, algorithm 7.4). An angle is counted from where its pair of axes is:
/// what was learned of the curvature turns with them.
/// </summary>
internal static class AxisDescent
{
    private const int Memory = 20;
    private const int LargestNumberOfHalvings = 20;
    private const double LargestAngle = Math.PI / 8;
    private const double SufficientShare = 1e-4;

    // As a share of the largest curvature: flat pairs of axes turn no further than this lets them.
    private const double SmallestCurvature = 1e-8;

    // Of the logarithm of the objective: what a step promises, and what all of them must have gained to be worth a new search.
    private const double SmallestPromise = 1e-16;
    private const double SmallestGain = 1e-12;

    /// <summary>Turns the axes until nothing is gained.</summary>
    /// <param name="rotations">The axes.</param>
    /// <param name="maximumNumberOfSteps">The largest number of steps.</param>
    /// <returns>Whether much was gained.</returns>
    public static bool Run(AxisRotations rotations, int maximumNumberOfSteps)
    {
        double[] gradient = new double[rotations.NumberOfPairs], curvatures = new double[rotations.NumberOfPairs];
        double value = rotations.LogObjective(), start = value;
        rotations.Differentiate(gradient, curvatures);
        var history = new List<(double[] Step, double[] Change)>();
        for (int i = 0; i < maximumNumberOfSteps && TensorPrimitives.MaxMagnitude<double>([0, .. curvatures]) != 0; i++)
        {
            double[] direction = Direction(gradient, curvatures, history);
            double slope = TensorPrimitives.Dot<double>(gradient, direction);
            double factor = Math.Min(1, LargestAngle / Math.Abs(TensorPrimitives.MaxMagnitude<double>(direction)));
            bool promises = -slope * factor > SmallestPromise * Math.Max(1, Math.Abs(value));
            if (!promises || !TryStep(rotations, direction, slope, ref factor, ref value))
            {
                // What is known of the curvature may mislead: once more without it.
                if (history.Count == 0)
                    break;
                history.Clear();
                continue;
            }

            var next = new double[gradient.Length];
            rotations.Differentiate(next, curvatures);
            double[] step = Array.ConvertAll(direction, angle => factor * angle);
            double[] change = [.. next.Zip(gradient, (after, before) => after - before)];
            if (TensorPrimitives.Dot<double>(step, change) > 0)
                history.Add((step, change));
            if (history.Count > Memory)
                history.RemoveAt(0);
            gradient = next;
        }
        return start - value > SmallestGain * Math.Max(1, Math.Abs(start));
    }

    /// <summary>Turns along a direction, less and less far, until the objective falls enough.</summary>
    private static bool TryStep(AxisRotations rotations, double[] direction, double slope, ref double factor, ref double value)
    {
        double[][] before = rotations.Save();
        for (int i = 0; i < LargestNumberOfHalvings; i++, factor /= 2)
        {
            rotations.Turn(direction, factor);
            double after = rotations.LogObjective();
            if (after < value && after <= value + SufficientShare * factor * slope)
            {
                value = after;
                return true;
            }
            rotations.Restore(before);
        }
        return false;
    }

    /// <summary>−H g, with H from the steps so far, and before them from the curvature of each angle alone.</summary>
    private static double[] Direction(double[] gradient, double[] curvatures, List<(double[] Step, double[] Change)> history)
    {
        double[] direction = Array.ConvertAll(gradient, value => -value);
        var shares = new double[history.Count];
        for (int i = history.Count - 1; i >= 0; i--)
        {
            (double[] step, double[] change) = history[i];
            shares[i] = TensorPrimitives.Dot<double>(step, direction) / TensorPrimitives.Dot<double>(step, change);
            TensorPrimitives.MultiplyAdd(change, -shares[i], direction, direction);
        }
        double smallest = SmallestCurvature * Math.Abs(TensorPrimitives.MaxMagnitude<double>(curvatures));
        for (int j = 0; j < direction.Length; j++)
            direction[j] /= Math.Max(Math.Abs(curvatures[j]), smallest);
        for (int i = 0; i < history.Count; i++)
        {
            (double[] step, double[] change) = history[i];
            double share = shares[i] - TensorPrimitives.Dot<double>(change, direction) / TensorPrimitives.Dot<double>(step, change);
            TensorPrimitives.MultiplyAdd(step, share, direction, direction);
        }
        return direction;
    }
}
