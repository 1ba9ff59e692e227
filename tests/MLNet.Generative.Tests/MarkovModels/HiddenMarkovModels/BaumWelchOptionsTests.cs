using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace MLNet.Generative.Tests.MarkovModels;

/// <summary>Priors, progress, cancellation and selection of hidden Markov models.</summary>
public sealed class BaumWelchOptionsTests
{
    private static readonly double[][] Data = RandomSequences.Draw(21, 3, 2, 40, 3, 25, 60);

    public static TheoryData<string, CovarianceType> Priors { get; } = new MatrixTheoryData<string, CovarianceType>(
        ["initial", "transitions", "self", "means", "covariances", "all"],
        [CovarianceType.Full, CovarianceType.Tied, CovarianceType.Diagonal, CovarianceType.Spherical]);

    [Theory]
    [MemberData(nameof(Priors))]
    public void With_a_prior_the_posterior_density_never_falls(string kind, CovarianceType type)
    {
        for (int seed = 0; seed < 5; seed++)
        {
            var reports = new Reports();
            HmmFit fit = HmmLearner.Fit(Data, new HmmEstimator.Options
            {
                NumberOfStates = 3,
                CovarianceType = type,
                Prior = Prior(kind, 4),
                Initialization = HmmInitialization.RandomFrames,
                NumberOfInitializations = 2,
                Seed = seed,
                MaximumNumberOfIterations = 50,
                Tolerance = 0,
                Progress = reports,
            }, 2);
            Assert.DoesNotContain(fit.Summary.Notes, note => note.Contains("fell", StringComparison.Ordinal));
            foreach (IGrouping<int, TrainingProgress> start in reports.All.GroupBy(report => report.Initialization))
            {
                double[] objectives = [.. start.Select(report => report.Objective)];
                for (int i = 1; i < objectives.Length; i++)
                    Assert.True(objectives[i] >= objectives[i - 1] - 1e-9, $"{kind}, {type}, seed {seed}, iteration {i}: {objectives[i - 1]} to {objectives[i]}");
            }
        }
    }

    [Fact]
    public void The_strongest_concentration_leaves_equal_probabilities()
    {
        HmmModel model = HmmLearner.Fit(Data, new HmmEstimator.Options
        {
            NumberOfStates = 3,
            Prior = new HmmPrior { InitialConcentration = 1e20, TransitionConcentration = 1e20 },
            MaximumNumberOfIterations = 3,
        }, 2).Model;
        Assert.All(model.InitialProbabilities, probability => Assert.Equal(1.0 / 3, probability, 1e-15));
        Assert.All(model.TransitionMatrix.ToRowMajorArray(), probability => Assert.Equal(1.0 / 3, probability, 1e-15));
    }

    [Fact]
    public void Numbers_of_states_that_the_data_cannot_hold_may_come_first()
    {
        HmmSelection<HmmFit> selection = HmmLearner.Select([[1, 2, 3]], new HmmEstimator.Options(), [5, 2]);
        Assert.Equal(2, selection.BestNumberOfStates);
        Assert.NotNull(selection.Table[0].Problem);
    }

    [Fact]
    public void A_strong_prior_decides()
    {
        const double strong = 1e9;
        Assert.All(Fit("initial").InitialProbabilities, probability => Assert.Equal(1.0 / 3, probability, 1e-6));
        Assert.All(Fit("transitions").TransitionMatrix.ToRowMajorArray(), probability => Assert.Equal(1.0 / 3, probability, 1e-6));
        Assert.All(Fit("self").TransitionMatrix.Diagonal(), probability => Assert.Equal(1, probability, 1e-6));
        Matrix<double> rows = Matrix<double>.Build.DenseOfRows([.. Data.SelectMany(sequence => sequence.Chunk(2))]);
        Vector<double> mean = rows.ColumnSums() / rows.RowCount;
        Assert.All(((GaussianEmission)Fit("means").Emissions).Means, state => Assert.True((state - mean).L2Norm() < 1e-6));
        Vector<double> variances = (rows.PointwiseMultiply(rows).ColumnSums() / rows.RowCount) - mean.PointwiseMultiply(mean);
        Assert.All(
            ((GaussianEmission)Fit("covariances").Emissions).Covariances,
            covariance => Assert.True((covariance - Matrix<double>.Build.DenseOfDiagonalVector(variances)).FrobeniusNorm() < 1e-5));

        HmmModel Fit(string kind) => HmmLearner.Fit(Data, new HmmEstimator.Options { NumberOfStates = 3, Prior = Prior(kind, strong), MaximumNumberOfIterations = 5 }, 2).Model;
    }

    [Fact]
    public void Pseudo_counts_are_counted()
    {
        HmmModel start = RandomSequences.Model(new Random(7), 2, 2);
        HmmModel model = HmmLearner.Fit(Data, new HmmEstimator.Options
        {
            InitialModel = start,
            Prior = new HmmPrior { InitialConcentration = 3, TransitionConcentration = 2.5, SelfTransitionCount = 4 },
            MaximumNumberOfIterations = 1,
        }, 2).Model;
        double first = Data.Sum(sequence => start.Posterior(sequence)[0, 0]);
        Matrix<double> counts = Data.Select(sequence => start.ExpectedTransitions(sequence)).Aggregate((a, b) => a + b);
        Assert.Equal((first + 2) / (Data.Length + 4), model.InitialProbabilities[0], 1e-12);
        Assert.Equal((counts[0, 0] + 5.5) / (counts.Row(0).Sum() + 7), model.TransitionMatrix[0, 0], 1e-12);
        Assert.Equal((counts[1, 0] + 1.5) / (counts.Row(1).Sum() + 7), model.TransitionMatrix[1, 0], 1e-12);
    }

    [Fact]
    public void A_prior_fills_the_zeros_of_an_initial_model()
    {
        double[][] data = [[0, 3, 6, 0, 3, 6, 0, 1, 3, 6, 7, 6]];
        HmmModel start = GaussianReferenceTests.OfOneFeature([1, 0, 0], new[,] { { .5, .5, 0 }, { 0, .5, .5 }, { 0, 0, 1 } }, [0, 3, 6], [1, 1, 1]);
        HmmFit fit = HmmLearner.Fit(data, new HmmEstimator.Options { InitialModel = start, Prior = new HmmPrior { InitialConcentration = 2, TransitionConcentration = 2 } });
        Assert.All(fit.Model.InitialProbabilities.Concat(fit.Model.TransitionMatrix.ToRowMajorArray()), probability => Assert.True(probability > 0.01));
        Assert.True(fit.Summary.HasConverged);
    }

    [Fact]
    public void A_prior_that_adds_nothing_changes_no_bit()
    {
        var options = new HmmEstimator.Options { NumberOfStates = 3, MaximumNumberOfIterations = 5 };
        double[] without = RandomSequences.NumbersOf(HmmLearner.Fit(Data, options, 2).Model);
        options.Prior = new HmmPrior();
        Assert.Equal(without, RandomSequences.NumbersOf(HmmLearner.Fit(Data, options, 2).Model));
    }

    [Fact]
    public void Priors_out_of_range_are_refused()
    {
        foreach ((string name, HmmPrior prior) in new (string, HmmPrior)[]
        {
            (nameof(HmmPrior.InitialConcentration), new() { InitialConcentration = 0.5 }),
            (nameof(HmmPrior.TransitionConcentration), new() { TransitionConcentration = double.NaN }),
            (nameof(HmmPrior.SelfTransitionCount), new() { SelfTransitionCount = -1 }),
            (nameof(HmmPrior.SymbolConcentration), new() { SymbolConcentration = 0 }),
            (nameof(HmmPrior.RateShape), new() { RateShape = 0.9 }),
            (nameof(HmmPrior.RateInverseScale), new() { RateInverseScale = double.PositiveInfinity }),
            (nameof(HmmPrior.MeanStrength), new() { MeanStrength = -0.1 }),
            (nameof(HmmPrior.CovarianceStrength), new() { CovarianceStrength = double.NaN }),
        })
            Assert.Contains(name, Assert.Throws<ArgumentOutOfRangeException>(() => HmmLearner.Fit(Data, new HmmEstimator.Options { Prior = prior }, 2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_iteration_is_reported()
    {
        var reports = new Reports();
        HmmFit fit = HmmLearner.Fit(Data, new HmmEstimator.Options { NumberOfStates = 3, MaximumNumberOfIterations = 3, Tolerance = 0, Progress = reports }, 2);
        Assert.Equal([0, 1, 2, 3], reports.All.Select(report => report.Iteration));
        Assert.Equal(fit.Summary.LogLikelihoodTrace, reports.All.Select(report => report.Objective));
        Assert.All(reports.All, report => Assert.Equal((1, 1, 3), (report.Initialization, report.NumberOfInitializations, report.MaximumNumberOfIterations)));
        Assert.Equal(StopReason.MaximumNumberOfIterations, fit.Summary.StopReason);
        Assert.Equal(3, fit.Summary.NumberOfIterations);
    }

    [Fact]
    public void Training_can_be_cancelled()
    {
        using var source = new CancellationTokenSource();
        var reports = new Reports { OnReport = report => { if (report.Iteration == 3) source.Cancel(); } };
        Assert.ThrowsAny<OperationCanceledException>(() => HmmLearner.Fit(
            Data, new HmmEstimator.Options { NumberOfStates = 3, Tolerance = 0, Progress = reports, CancellationToken = source.Token }, 2));
        Assert.Equal(3, reports.All[^1].Iteration);
    }

    [Fact]
    public void Selection_lists_every_number_and_chooses_the_smallest_criterion()
    {
        HmmSelection<HmmFit> selection = HmmLearner.Select(Data, new HmmEstimator.Options { NumberOfInitializations = 3 }, [1, 3, 2, 1000], InformationCriterion.Bic, 2);
        Assert.Equal([1, 3, 2, 1000], selection.Table.Select(row => row.NumberOfStates));
        Assert.Contains("steps in all", selection.Table[3].Problem, StringComparison.Ordinal);
        Assert.Null(selection.Table[3].Summary);
        Assert.Equal(selection.Table.Take(3).Where(row => !row.Summary!.IsDegenerate).MinBy(row => row.Summary!.Bic)!.NumberOfStates, selection.BestNumberOfStates);
        Assert.Equal(selection.BestNumberOfStates, selection.Best.Model.NumberOfStates);
        Assert.Equal(5, selection.ToString().Split('\n').Length);
        Assert.Single(selection.ToString(), character => character == '*');

        // In any order, and with one number twice.
        HmmSelection<HmmFit> turned = HmmLearner.Select(Data, new HmmEstimator.Options(), [1000, 1, 1], dimension: 2);
        Assert.Equal(1, turned.BestNumberOfStates);
        Assert.NotNull(turned.Table[0].Problem);
        Assert.Single(turned.ToString(), '*');
        Assert.ThrowsAny<ArgumentException>(() => HmmLearner.Select(Data, new HmmEstimator.Options(), [], dimension: 2));
        Assert.ThrowsAny<ArgumentException>(() => HmmLearner.Select(Data, new HmmEstimator.Options(), [2, 0], dimension: 2));
        Assert.ThrowsAny<ArgumentException>(() => HmmLearner.Select(Data, new HmmEstimator.Options(), [1000], dimension: 2));
        Assert.ThrowsAny<ArgumentException>(() => HmmLearner.Select(Data, new HmmEstimator.Options { InitialModel = RandomSequences.Model(new Random(1), 2, 2) }, [2], dimension: 2));
    }

    private static HmmPrior Prior(string kind, double strength)
    {
        var prior = new HmmPrior();
        if (kind is "initial" or "all")
            prior.InitialConcentration = 1 + strength;
        if (kind is "transitions" or "all")
            prior.TransitionConcentration = 1 + strength;
        if (kind is "self" or "all")
            prior.SelfTransitionCount = strength;
        if (kind is "means" or "all")
            prior.MeanStrength = strength;
        if (kind is "covariances" or "all")
            prior.CovarianceStrength = strength;
        return prior;
    }

    private sealed class Reports : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> All { get; } = [];

        public Action<TrainingProgress> OnReport { get; init; } = _ => { };

        public void Report(TrainingProgress value)
        {
            All.Add(value);
            OnReport(value);
        }
    }
}
