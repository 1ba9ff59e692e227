using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace MLNet.Generative;

/// <summary>Gives each row of a tile its responsibilities, components × <see cref="RowTile.Rows"/>.</summary>
/// <param name="tile">The rows.</param>
/// <param name="tileIndex">Which tile of the data this is.</param>
/// <param name="responsibilities">Receives w_n r_nk; rows beyond the end of a short tile get 0.</param>
/// <returns>Σ w log p(x) and Σ w log max_k r, or zeros where no model gave the responsibilities.</returns>
internal delegate (double LogLikelihood, double Classification) Responsibilities(RowTile tile, int tileIndex, Span<double> responsibilities);

/// <summary>
/// The E-step (Bishop 2006, eq. 9.23): responsibilities r_nk = π_k N_k(x_n) / Σ_j π_j N_j(x_n) of every row, and the statistics that they give. One pass
/// over the rows; responsibilities live for one tile only.
/// </summary>
internal sealed class MixtureExpectation(WeightedRows rows, int numberOfComponents, bool isDiagonal, int numberOfThreads, CancellationToken cancellationToken)
{
    private readonly ConcurrentBag<MixtureStatistics> _statistics = [];
    private readonly ConcurrentBag<Scratch> _scratch = [];

    /// <summary>The statistics of all rows under <paramref name="model"/>, about one reference point for each component, usually its mean.</summary>
    /// <remarks>The result is valid until the next call to <see cref="Recycle"/> with it.</remarks>
    public MixtureStatistics Run(GaussianMixtureModel model, double[][] references) =>
        Run(
            (tile, _, responsibilities) =>
            {
                JointLogDensities(model, tile, responsibilities);
                return LogSumExp.Normalize(responsibilities, numberOfComponents, tile.Weights);
            },
            references);

    /// <summary>The statistics of all rows for responsibilities from elsewhere, about the reference points given.</summary>
    public MixtureStatistics Run(Responsibilities responsibilities, double[][] references) =>
        BlockReduction.Run(
            BlockReduction.CountBlocks(rows.Count),
            numberOfThreads,
            _statistics,
            () => new MixtureStatistics(numberOfComponents, rows.Dimension, isDiagonal),
            (block, statistics) => Accumulate(block, statistics, responsibilities, references),
            cancellationToken);

    /// <summary>Gives statistics that are no longer needed back for the next pass.</summary>
    public void Recycle(MixtureStatistics statistics) => _statistics.Add(statistics);

    /// <summary>log p(x) of every row.</summary>
    public double[] LogDensities(GaussianMixtureModel model)
    {
        var densities = new double[rows.Count];
        var tile = new RowTile(rows.Dimension);
        var joint = new double[numberOfComponents * RowTile.Rows];
        var column = new double[numberOfComponents];
        for (int tileIndex = 0; tileIndex < rows.NumberOfTiles; tileIndex++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = rows.Load(tile, tileIndex);
            JointLogDensities(model, tile, joint);
            for (int n = 0; n < count; n++)
            {
                for (int k = 0; k < numberOfComponents; k++)
                    column[k] = joint[k * RowTile.Rows + n];
                densities[tileIndex * RowTile.Rows + n] = LogSumExp.Of(column);
            }
        }
        return densities;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Accumulate(int block, MixtureStatistics statistics, Responsibilities responsibilities, double[][] references)
    {
        Scratch scratch = _scratch.TryTake(out Scratch? free) ? free : new Scratch(rows.Dimension, numberOfComponents);
        (int tileIndex, int end) = rows.TilesOfBlock(block);
        for (; tileIndex < end; tileIndex++)
        {
            rows.Load(scratch.Tile, tileIndex);
            (double logLikelihood, double classification) = responsibilities(scratch.Tile, tileIndex, scratch.Responsibilities);
            statistics.AddLogLikelihood(logLikelihood, classification);
            for (int k = 0; k < numberOfComponents; k++)
                statistics.Components[k].Add(scratch.Tile, references[k], scratch.Responsibilities.AsSpan(k * RowTile.Rows, RowTile.Rows));
        }
        _scratch.Add(scratch);
    }

    /// <summary>log π_k + log N_k(x_n) of a tile's rows, components × <see cref="RowTile.Rows"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void JointLogDensities(GaussianMixtureModel model, RowTile tile, Span<double> joint)
    {
        for (int k = 0; k < model.NumberOfComponents; k++)
        {
            Gaussian component = model.Components[k];
            Span<double> line = joint.Slice(k * RowTile.Rows, RowTile.Rows);
            component.Covariance.Distances(tile, component.Mean, line);
            LogSumExp.FromDistances(line, model.LogWeights[k] + component.Covariance.LogNormalizer);
        }
    }

    private sealed class Scratch(int dimension, int numberOfComponents)
    {
        public RowTile Tile { get; } = new(dimension);

        public double[] Responsibilities { get; } = new double[numberOfComponents * RowTile.Rows];
    }
}
