using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace MLNet.Generative.Tests.MarkovModels;

/// <summary>Major earthquakes of each year from 1900 to 2006 (Zucchini and MacDonald 2009), fitted with Poisson emissions: the converged answers are known.</summary>
public sealed class EarthquakeTests
{
    internal static readonly double[] Counts =
    [
        13, 14, 8, 10, 16, 26, 32, 27, 18, 32, 36, 24, 22, 23, 22, 18, 25, 21, 21, 14, 8, 11, 14, 23, 18, 17, 19, 20, 22, 19, 13, 26, 13, 14, 22, 24, 21, 22, 26, 21, 23, 24, 27, 41,
        31, 27, 35, 26, 28, 36, 39, 21, 17, 22, 17, 19, 15, 34, 10, 15, 22, 18, 15, 20, 15, 22, 19, 16, 30, 27, 29, 23, 20, 16, 21, 21, 25, 16, 18, 15, 18, 14, 10, 15, 8, 15, 6, 11,
        8, 7, 18, 16, 13, 12, 13, 20, 15, 16, 12, 18, 15, 16, 13, 15, 16, 11, 11,
    ];

    [Fact]
    public void One_state_is_a_Poisson_distribution()
    {
        HmmFit fit = HmmLearner.Fit([Counts], new HmmEstimator.Options { NumberOfStates = 1, Emission = EmissionType.Poisson });
        Assert.Equal(-391.91892817, fit.Summary.LogLikelihood, 1e-6);
        Assert.Equal(785.837856, fit.Summary.Aic, 1e-5);
        Assert.Equal(788.510685, fit.Summary.Bic, 1e-5);
        Assert.Equal(19.36448598, RateOf(fit, 0), 1e-6);
    }

    [Fact]
    public void Two_states_have_the_reference_fit()
    {
        foreach (HmmModel? start in new[] { null, Start() })
        {
            HmmFit fit = HmmLearner.Fit([Counts], new HmmEstimator.Options { Emission = EmissionType.Poisson, InitialModel = start, Tolerance = 1e-15, MaximumNumberOfIterations = 5000 });
            int quiet = RateOf(fit, 0) < RateOf(fit, 1) ? 0 : 1;
            int busy = 1 - quiet;
            Assert.Equal(-341.87870101, fit.Summary.LogLikelihood, 1e-6);
            Assert.Equal(693.757402, fit.Summary.Aic, 1e-5);
            Assert.Equal(707.121546, fit.Summary.Bic, 1e-5);
            Assert.Equal(15.420761903, RateOf(fit, quiet), 2e-5);
            Assert.Equal(26.018235667, RateOf(fit, busy), 3e-5);
            Matrix<double> a = fit.Model.TransitionMatrix;
            Assert.Equal(.928373944, a[quiet, quiet], 1e-6);
            Assert.Equal(.880965614, a[busy, busy], 1e-6);
            Assert.Equal(1, fit.Model.InitialProbabilities[quiet], 1e-6);
            Assert.Equal(.624326604, fit.Model.StationaryDistribution()[quiet], 2e-6);
            fit.Model.Viterbi(Counts, out double logProbability);
            // The value in print, -346.62528737, is that of a fit that stopped early.
            Assert.Equal(-346.62529817, logProbability, 2e-6);
            Assert.Equal(logProbability, fit.Summary.ClassificationLogLikelihood, 1e-9);

            HmmFilter filter = fit.Model.CreateFilter();
            foreach (double count in Counts)
                filter.Update([count]);
            Assert.Equal(16.185070372, ExpectedIn(1), 2e-5);
            Assert.Equal(18.922645993, ExpectedIn(10), 3e-5);
            Assert.Equal(fit.Summary.LogLikelihood, filter.LogLikelihood, 1e-9);

            double ExpectedIn(int years) => filter.Predict(years).Select((probability, k) => probability * RateOf(fit, k)).Sum();
        }
    }

    [Fact]
    public void Two_states_take_the_reference_path()
    {
        HmmFit fit = HmmLearner.Fit([Counts], new HmmEstimator.Options { InitialModel = Start(), MaximumNumberOfIterations = 3, Tolerance = 0 });
        double[] trace = [-343.01146397840375, -342.09680647741607, -342.01378116045487, -341.9644103450939];
        for (int i = 0; i < trace.Length; i++)
            Assert.Equal(trace[i], fit.Summary.LogLikelihoodTrace[i], 1e-9);

        HmmFit step = HmmLearner.Fit([Counts], new HmmEstimator.Options { InitialModel = Start(), MaximumNumberOfIterations = 1 });
        Assert.Equal(15.008556425717567, RateOf(step, 0), 1e-10);
        Assert.Equal(25.19954236841671, RateOf(step, 1), 1e-10);
        Assert.Equal(.9184867972636823, step.Model.TransitionMatrix[0, 0], 1e-11);
        Assert.Equal(.10747399400088695, step.Model.TransitionMatrix[1, 0], 1e-11);
        Assert.Equal(.995932825013213, step.Model.InitialProbabilities[0], 1e-11);
    }

    [Fact]
    public void Two_states_are_enough()
    {
        HmmSelection<HmmFit> selection = HmmLearner.Select([Counts], new HmmEstimator.Options { Emission = EmissionType.Poisson, NumberOfInitializations = 10 }, [1, 2, 3, 4]);
        Assert.Equal([1, 2, 3, 4], selection.Table.Select(row => row.NumberOfStates));
        Assert.InRange(selection.BestNumberOfStates, 2, 3);
        Assert.Equal(selection.Table.Where(row => !row.Summary!.IsDegenerate).Min(row => row.Summary!.Bic), selection.Best.Summary.Bic);
        for (int i = 1; i < 4; i++)
            Assert.True(selection.Table[i].Summary!.LogLikelihood > selection.Table[i - 1].Summary!.LogLikelihood);
    }

    private static HmmModel Start() => HmmModel.Poisson([.5, .5], new[,] { { .9, .1 }, { .1, .9 } }, [15, 25]);

    private static double RateOf(HmmFit fit, int state) => ((PoissonEmission)fit.Model.Emissions).Rates[state, 0];
}
