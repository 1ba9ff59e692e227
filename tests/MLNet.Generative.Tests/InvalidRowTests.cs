using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Rows that a model cannot score: nothing throws, every value is finite, and one warning per pass gives their number.</summary>
public sealed class InvalidRowTests
{
    private readonly MLContext _context = new(seed: 1);
    private readonly List<string> _warnings = [];

    public InvalidRowTests() => _context.Log += (_, message) =>
    {
        if (message.Kind == ChannelMessageKind.Warning)
        {
            lock (_warnings)
                _warnings.Add(message.RawMessage);
        }
    };

    [Fact]
    public void Mixture_warns_once_per_pass() =>
        AssertWarnsOncePerPass(_context.Clustering.Trainers.GaussianMixture(numberOfComponents: 3));

    [Fact]
    public void Detector_warns_once_per_pass() =>
        AssertWarnsOncePerPass(_context.AnomalyDetection.Trainers.GaussianMixture(numberOfComponents: 3));

    [Fact]
    public void Mixture_gives_finite_values_that_say_nothing_is_known()
    {
        IDataView scored = _context.Clustering.Trainers.GaussianMixture(numberOfComponents: 3).Fit(IrisData.View(isSingle: true)).Transform(IrisData.ViewToScore(isSingle: true));
        MixtureRow[] rows = [.. _context.Data.CreateEnumerable<MixtureRow>(scored, reuseRowObject: false)];
        Assert.Equal(4, rows.Count(row => row.PredictedLabel == 0));
        Assert.All(rows, row =>
        {
            Assert.True(float.IsFinite(row.LogDensity));
            Assert.All(row.Score.Concat(row.Probability), value => Assert.True(float.IsFinite(value)));
            Assert.Equal(1, row.Probability.Sum(), 1e-6);
        });
        Assert.All(rows.Where(row => row.PredictedLabel == 0), row =>
        {
            Assert.Equal(float.MinValue, row.LogDensity);
            Assert.All(row.Probability, value => Assert.Equal(1f / 3, value));
            Assert.All(row.Score, value => Assert.Equal(float.MaxValue, value));
        });
    }

    [Fact]
    public void Detector_gives_the_highest_finite_score()
    {
        IDataView scored = _context.AnomalyDetection.Trainers.GaussianMixture(numberOfComponents: 3).Fit(IrisData.View(isSingle: true)).Transform(IrisData.ViewToScore(isSingle: true));
        DetectorRow[] rows = [.. _context.Data.CreateEnumerable<DetectorRow>(scored, reuseRowObject: false)];
        Assert.All(rows, row => Assert.True(float.IsFinite(row.Score)));
        DetectorRow[] strangest = [.. rows.Where(row => row.Score == float.MaxValue)];
        Assert.Equal(4, strangest.Length);
        Assert.All(strangest, row => Assert.True(row.PredictedLabel));
    }

    private void AssertWarnsOncePerPass(IEstimator<ITransformer> estimator)
    {
        ITransformer fitted = estimator.Fit(IrisData.View(isSingle: true));
        IDataView scored = fitted.Transform(IrisData.ViewToScore(isSingle: true));
        _warnings.Clear();

        RowTable.Read(scored);
        AssertWarned(times: 1);
        RowTable.ReadSet(scored.GetRowCursorSet(scored.Schema, 4), [.. scored.Schema]);
        AssertWarned(times: 2);
        RowTable.Read(fitted.Transform(IrisData.View(isSingle: true)));
        AssertWarned(times: 2);
    }

    private void AssertWarned(int times)
    {
        Assert.Equal(times, _warnings.Count);
        Assert.All(_warnings, warning => Assert.Contains("4 rows have an invalid value in column 'Features'", warning, StringComparison.Ordinal));
    }

    private sealed class MixtureRow
    {
        [KeyType(3)]
        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];

        public float[] Probability { get; set; } = [];

        public float LogDensity { get; set; }
    }

    private sealed class DetectorRow
    {
        public bool PredictedLabel { get; set; }

        public float Score { get; set; }
    }
}
