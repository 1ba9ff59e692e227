namespace MLNet.Generative.Tests.Covariances;

/// <summary>
/// Minimises any smooth function of a few numbers: BFGS (Nocedal and Wright 2006, algorithm 6.1) with gradients by central differences and steps halved until the
/// value falls. It knows nothing of what it minimises.
/// </summary>
internal static class QuasiNewton
{
    private const double Difference = 1e-6;
    private const double SufficientShare = 1e-4;

    /// <summary>The point reached from a start, and the value there, which is never higher than at the start.</summary>
    public static (double[] Point, double Value) Minimize(Func<double[], double> function, double[] start, int iterations = 400)
    {
        int count = start.Length;
        double[] point = [.. start];
        double value = function(point);
        double[] gradient = Gradient(function, point);
        double[,] inverseHessian = Identity(count);
        bool isFresh = true;
        int small = 0;
        for (int iteration = 0; iteration < iterations && small < 3; iteration++)
        {
            double[] direction = Minus(Times(inverseHessian, gradient));
            double slope = Dot(direction, gradient);
            if (slope >= 0)
            {
                (inverseHessian, isFresh) = (Identity(count), true);
                direction = Minus(gradient);
                slope = Dot(direction, gradient);
            }

            double longest = direction.Max(Math.Abs);
            if (longest == 0)
                break;
            // No parameter, a logarithm or an angle, moves by more than 2 at once.
            double step = Math.Min(1, 2 / longest);
            double[] next = Move(point, step, direction);
            double nextValue = function(next);
            while (!(nextValue <= value + SufficientShare * step * slope) && step > 1e-18)
            {
                step /= 2;
                next = Move(point, step, direction);
                nextValue = function(next);
            }
            if (!(nextValue <= value))
            {
                if (isFresh)
                    break;
                (inverseHessian, isFresh) = (Identity(count), true);
                continue;
            }

            double[] nextGradient = Gradient(function, next);
            Update(inverseHessian, Minus(next, point), Minus(nextGradient, gradient), isFresh);
            isFresh = false;
            small = value - nextValue <= 1e-14 * (1 + Math.Abs(value)) ? small + 1 : 0;
            (point, value, gradient) = (next, nextValue, nextGradient);
        }
        return (point, value);
    }

    /// <summary>The gradient by central differences.</summary>
    public static double[] Gradient(Func<double[], double> function, double[] point)
    {
        var gradient = new double[point.Length];
        double[] moved = [.. point];
        for (int i = 0; i < point.Length; i++)
        {
            moved[i] = point[i] + Difference;
            double above = function(moved);
            moved[i] = point[i] - Difference;
            gradient[i] = (above - function(moved)) / (2 * Difference);
            moved[i] = point[i];
        }
        return gradient;
    }

    /// <summary>H ← (I − s yᵀ / yᵀs) H (I − y sᵀ / yᵀs) + s sᵀ / yᵀs.</summary>
    private static void Update(double[,] inverseHessian, double[] s, double[] y, bool isFirst)
    {
        double curvature = Dot(s, y);
        if (curvature <= 1e-12 * Math.Sqrt(Dot(s, s) * Dot(y, y)))
            return;
        int count = s.Length;
        if (isFirst)
        {
            for (int i = 0; i < count; i++)
                inverseHessian[i, i] = curvature / Dot(y, y);
        }
        double[] hy = Times(inverseHessian, y);
        double factor = (1 + Dot(y, hy) / curvature) / curvature;
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
                inverseHessian[i, j] += factor * s[i] * s[j] - (hy[i] * s[j] + s[i] * hy[j]) / curvature;
        }
    }

    private static double[,] Identity(int count)
    {
        var matrix = new double[count, count];
        for (int i = 0; i < count; i++)
            matrix[i, i] = 1;
        return matrix;
    }

    private static double[] Times(double[,] matrix, double[] vector)
    {
        var product = new double[vector.Length];
        for (int i = 0; i < product.Length; i++)
        {
            for (int j = 0; j < product.Length; j++)
                product[i] += matrix[i, j] * vector[j];
        }
        return product;
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static double[] Move(double[] point, double step, double[] direction) => [.. point.Zip(direction, (p, d) => p + step * d)];

    private static double[] Minus(double[] vector) => Array.ConvertAll(vector, value => -value);

    private static double[] Minus(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x - y)];
}
