using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.Generative;

/// <summary>
/// Weight, mean and scatter of many clusters, and what it costs to unite two of them: the cost of a cluster of weight n with scatter W about its mean is
/// n log |W/n + ρI|.
/// </summary>
/// <remarks>
/// But for constants, the costs of all clusters sum to −2 times the log-likelihood of rows that each belong to one Gaussian of its own volume, shape and orientation
/// (Banfield and Raftery 1993). The ridge ρ keeps determinants from 0 where a cluster has few rows or lies in a plane; Fraley (1998) adds a share of the trace for that. Far above the
/// spread of the rows the ridge makes the cost n log |ρI| + tr W / ρ, the criterion of Ward (1963). A union never lowers the sum of costs, because log |·| is concave.
/// Candidates are compared eight at a time: each sum lies in a line over the clusters.
/// </remarks>
internal sealed class ClusterScatters
{
    // The product of so many pivots, none larger than that, is a number.
    private const int PivotsPerLogarithm = 4;
    private const double LargestPivot = 1e75;

    private readonly int _dimension;
    private readonly int _stride;
    private readonly double _ridge;
    private readonly double[] _weights;
    private readonly double[] _costs;
    private readonly double[] _means;

    // Lower triangles, row by row.
    private readonly double[] _scatters;

    /// <param name="rows">The first clusters: a row each, of positive weight.</param>
    /// <param name="ridge">ρ in squared units of the rows, positive.</param>
    public ClusterScatters(WeightedRows rows, double ridge)
    {
        Count = rows.Count;
        _dimension = rows.Dimension;
        _ridge = ridge;
        _stride = (rows.Count + Lanes.Count - 1) / Lanes.Count * Lanes.Count;
        _weights = new double[_stride];
        _costs = new double[_stride];
        _means = new double[_dimension * _stride];
        _scatters = new double[_dimension * (_dimension + 1) / 2 * _stride];
        for (int n = 0; n < rows.Count; n++)
        {
            // In shares of the average: costs far from 1 would not fit into single precision.
            _weights[n] = rows.Weight(n) / rows.TotalWeight * rows.Count;
            _costs[n] = _weights[n] * _dimension * Math.Log(ridge);
            for (int j = 0; j < _dimension; j++)
                _means[j * _stride + n] = rows.Row(n)[j];
        }
    }

    /// <summary>The number of rows.</summary>
    public int Count { get; }

    /// <summary>By how much the sum of costs rises if a cluster is united with others, each at a time.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="first">The first of the others.</param>
    /// <param name="end">The one after the last.</param>
    /// <param name="rises">Receives a number at the index of each of the others; those of the cluster itself and of clusters no longer there mean nothing.</param>
    public void RisesOfUnions(int cluster, int first, int end, Span<double> rises)
    {
        Span<Vector512<double>> covariances = stackalloc Vector512<double>[_dimension * (_dimension + 1) / 2];
        Span<Vector512<double>> differences = stackalloc Vector512<double>[_dimension];
        Span<double> eight = stackalloc double[Lanes.Count];
        for (int block = first / Lanes.Count * Lanes.Count; block < end; block += Lanes.Count)
        {
            Vector512<double> total = CovariancesOfUnions(cluster, block, covariances, differences);
            LogDeterminants(covariances, eight);
            for (int lane = 0; lane < Lanes.Count && block + lane < Count; lane++)
                rises[block + lane] = total.GetElement(lane) * eight[lane] - _costs[cluster] - _costs[block + lane];
        }
    }

    /// <summary>Moves the rows of <paramref name="other"/> into <paramref name="cluster"/>.</summary>
    /// <param name="cluster">The cluster that grows.</param>
    /// <param name="other">The cluster that is no longer there.</param>
    /// <param name="rise">What <see cref="RisesOfUnions"/> says of them.</param>
    public void Unite(int cluster, int other, double rise)
    {
        double total = _weights[cluster] + _weights[other];
        double share = _weights[other] / total;
        for (int i = 0, entry = 0; i < _dimension; i++)
        {
            double scaled = _weights[cluster] * share * (_means[i * _stride + other] - _means[i * _stride + cluster]);
            for (int j = 0; j <= i; j++, entry++)
                _scatters[entry * _stride + cluster] += _scatters[entry * _stride + other] + scaled * (_means[j * _stride + other] - _means[j * _stride + cluster]);
        }
        for (int i = 0; i < _dimension; i++)
            _means[i * _stride + cluster] += share * (_means[i * _stride + other] - _means[i * _stride + cluster]);
        _weights[cluster] = total;
        _costs[cluster] += _costs[other] + rise;
    }

    /// <summary>W/n + ρI of a cluster's unions with eight others, lower triangles, and their weights.</summary>
    private Vector512<double> CovariancesOfUnions(int cluster, int block, Span<Vector512<double>> covariances, Span<Vector512<double>> differences)
    {
        Vector512<double> weights = Load(_weights, block);
        Vector512<double> own = Vector512.Create(_weights[cluster]);
        Vector512<double> total = weights + own;
        Vector512<double> inverse = Vector512<double>.One / total;
        Vector512<double> share = weights * inverse * own;
        for (int i = 0, entry = 0; i < _dimension; i++)
        {
            differences[i] = Load(_means, i * _stride + block) - Vector512.Create(_means[i * _stride + cluster]);
            Vector512<double> scaled = share * differences[i];
            for (int j = 0; j <= i; j++, entry++)
            {
                Vector512<double> scatter = Load(_scatters, entry * _stride + block) + Vector512.Create(_scatters[entry * _stride + cluster]);
                covariances[entry] = Lanes.MultiplyAdd(scaled, differences[j], scatter) * inverse;
            }
            covariances[entry - 1] += Vector512.Create(_ridge);
        }
        return total;
    }

    /// <summary>log |·| of eight matrices by elimination, in place: the pivots multiply to the determinant.</summary>
    private void LogDeterminants(Span<Vector512<double>> matrices, Span<double> logarithms)
    {
        Vector512<double> smallest = Vector512.Create(_ridge);
        Vector512<double> largest = Vector512.Create(LargestPivot);
        Vector512<double> product = Vector512<double>.One;
        logarithms.Clear();
        for (int t = 0, diagonal = 0; t < _dimension; t++, diagonal += t + 1)
        {
            // But for rounding, no pivot is below the smallest eigenvalue.
            Vector512<double> pivot = matrices[diagonal];
            pivot = Vector512.ConditionalSelect(Vector512.LessThan(pivot, smallest), smallest, pivot);
            pivot = Vector512.ConditionalSelect(Vector512.GreaterThan(pivot, largest), largest, pivot);
            product *= pivot;
            if (t % PivotsPerLogarithm == PivotsPerLogarithm - 1 || t == _dimension - 1)
            {
                for (int lane = 0; lane < Lanes.Count; lane++)
                    logarithms[lane] += Math.Log(product.GetElement(lane));
                product = Vector512<double>.One;
            }

            // Entry (i, t) is at i (i + 1) / 2 + t.
            for (int i = t + 1; i < _dimension; i++)
            {
                Span<Vector512<double>> row = matrices.Slice(i * (i + 1) / 2, i + 1);
                Vector512<double> factor = -(row[t] / pivot);
                for (int j = t + 1; j <= i; j++)
                    row[j] = Lanes.MultiplyAdd(factor, matrices[j * (j + 1) / 2 + t], row[j]);
            }
        }
    }

    private static Vector512<double> Load(double[] values, int first) => Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(values), (nuint)first);
}
