using Microsoft.ML;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests.AnomalyDetection;

/// <summary>A detector on a density that scores blocks of rows scores blocks too, with the same values.</summary>
public sealed class BlockScoredDetectorTests
{
    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void Detector_scores_the_blocks_of_its_density_once()
    {
        IDataView input = IrisData.View(isSingle: true);
        AnomalyTransformer detector = Fit(rowsPerBlock: 7, hasLogDensity: true);
        var density = Assert.IsType<IndependentNormalsTransformer>(detector.Model);
        const int numberOfBlocks = (150 + 6) / 7;
        Assert.Equal(numberOfBlocks, density.NumberOfScoreCalls);

        RowTable.Read(detector.Transform(input));
        Assert.Equal(2 * numberOfBlocks, density.NumberOfScoreCalls);
    }

    [Fact]
    public void Detector_gives_what_single_rows_give()
    {
        AnomalyTransformer blocks = Fit(rowsPerBlock: 7, hasLogDensity: true);
        AnomalyTransformer rowWise = Fit(rowsPerBlock: 1, hasLogDensity: true);
        Assert.Equal(rowWise.Threshold, blocks.Threshold);
        RowTable expected = RowTable.Read(rowWise.Transform(IrisData.ViewToScore(isSingle: true)));
        expected.AssertSame(RowTable.Read(blocks.Transform(IrisData.ViewToScore(isSingle: true))), "blocks");
        expected.AssertSame(RowTable.Read(blocks.WithThreshold(blocks.Threshold).Transform(IrisData.ViewToScore(isSingle: true))), "same threshold");
    }

    [Fact]
    public void Detector_asks_for_a_log_density_that_is_not_produced_by_default()
    {
        AnomalyTransformer asked = Fit(rowsPerBlock: 7, hasLogDensity: false);
        AnomalyTransformer given = Fit(rowsPerBlock: 7, hasLogDensity: true);
        Assert.Equal(given.Threshold, asked.Threshold);
        IDataView input = IrisData.ViewToScore(isSingle: true);
        Assert.NotNull(asked.Model.GetOutputSchema(input.Schema).GetColumnOrNull("LogDensity"));
        RowTable.Read(given.Transform(input)).AssertSame(RowTable.Read(asked.Transform(input)), "log-density asked for");
    }

    [Fact]
    public void Density_that_has_the_column_is_taken_as_it_is()
    {
        ILogDensityTransformer mixture = _context.Clustering.Trainers.GaussianMixture(numberOfComponents: 2).Fit(IrisData.View(isSingle: true));
        Assert.Same(mixture, mixture.WithLogDensity());
    }

    private AnomalyTransformer Fit(int rowsPerBlock, bool hasLogDensity)
    {
        var options = new IndependentNormalsEstimator.Options { RowsPerBlock = rowsPerBlock, HasLogDensity = hasLogDensity };
        return _context.AnomalyDetection.Trainers.FromDensity(new IndependentNormalsEstimator(_context, options), contamination: 0.1f).Fit(IrisData.View(isSingle: true));
    }
}
