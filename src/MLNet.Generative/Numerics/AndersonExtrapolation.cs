using System.Numerics.Tensors;

namespace MLNet.Generative;

/// <summary>
/// Anderson acceleration of a fixed-point iteration x ← G(x) (Anderson 1965; Walker and Ni 2011, type II). With f = G(x) − x, and ΔF and ΔG the differences between the last
/// points, the next is G(x) − ΔG γ where γ minimises ‖f − ΔF γ‖: the fixed point if G were linear.
/// </summary>
/// <remarks>
/// For iterations that do not oscillate, as expectation-maximisation (Dempster, Laird and Rubin 1977). Fixed points attract the extrapolation whether or not they attract the
/// iteration. Near a saddle, which the iteration leaves at a growing pace, it would lead back; that shows as a step against f, and it strides ahead along f instead, further and
/// further as long as that succeeds (compare the step lengths of SQUAREM, Varadhan and Roland 2008).
/// </remarks>
internal sealed class AndersonExtrapolation
{
    private const int LargestNumberOfDifferences = 10;

    // Relative to the squared length of a difference: two that are nearly parallel count as one.
    private const double Ridge = 1e-12;

    // A stride is this much longer after one that succeeded, and shorter after one that did not.
    private const double Lengthening = 4;
    private const double Shortening = 2;
    private const double LongestStride = 1e4;

    private readonly List<(double[] OfImage, double[] OfResidual)> _differences = [];
    private double[]? _image;
    private double[]? _residual;
    private double _stride = Lengthening;
    private bool _isStride;

    /// <summary>Learns that G maps <paramref name="point"/> to <paramref name="image"/>, and says where to go on.</summary>
    /// <returns>The next point; <see langword="null"/> where nothing is better than the image.</returns>
    public double[]? Next(double[] point, double[] image)
    {
        if (_isStride)
            _stride = Math.Min(LongestStride, _stride * Lengthening);
        _isStride = false;

        double[] residual = Difference(image, point);
        if (_image is not null)
        {
            if (_differences.Count == LargestNumberOfDifferences)
                _differences.RemoveAt(0);
            _differences.Add((Difference(image, _image), Difference(residual, _residual!)));
        }
        (_image, _residual) = (image, residual);

        if (Mix(residual) is not { } mix)
            return null;
        var next = (double[])image.Clone();
        for (int d = 0; d < mix.Length; d++)
            TensorPrimitives.MultiplyAdd(_differences[d].OfImage, -mix[d], next, next);

        _isStride = TensorPrimitives.Dot(residual, Difference(next, image)) < 0;
        if (_isStride)
            TensorPrimitives.MultiplyAdd(residual, _stride, image, next);
        return next;
    }

    /// <summary>The last point was no good, and the iteration goes on from the image before it: forgets the differences that led there.</summary>
    public void Fail()
    {
        if (_isStride)
            _stride = Math.Max(1, _stride / Shortening);
        _isStride = false;
        _differences.Clear();
    }

    /// <summary>γ, from the normal equations of differences of unit length; <see langword="null"/> if there are none.</summary>
    private double[]? Mix(double[] residual)
    {
        int count = _differences.Count;
        if (count == 0)
            return null;
        double[] lengths = [.. _differences.Select(difference => TensorPrimitives.Norm<double>(difference.OfResidual))];
        var matrix = new double[count * count];
        var mix = new double[count];
        for (int i = 0; i < count; i++)
        {
            double[] difference = _differences[i].OfResidual;
            for (int j = 0; j <= i; j++)
                matrix[i * count + j] = TensorPrimitives.Dot<double>(difference, _differences[j].OfResidual) / lengths[i] / lengths[j] + (i == j ? Ridge : 0);
            mix[i] = TensorPrimitives.Dot<double>(difference, residual) / lengths[i];
        }

        // Fails where a difference is 0 or not finite.
        if (!CholeskyFactor.TryFactor(matrix, count))
            return null;
        CholeskyFactor.SolveLower(matrix, count, mix);
        CholeskyFactor.SolveLowerTransposed(matrix, count, mix);
        for (int i = 0; i < count; i++)
            mix[i] /= lengths[i];
        return mix;
    }

    private static double[] Difference(double[] of, double[] from)
    {
        var difference = new double[of.Length];
        TensorPrimitives.Subtract(of, from, difference);
        return difference;
    }
}
