using CsCheck;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>The M-step of every family is a maximum: of the expected log-likelihood, and with priors of that plus the logarithm of the prior.</summary>
public sealed class EmissionMaximizationTests
{
    private static readonly HmmPrior WithPriors = new() { SymbolConcentration = 2.5, RateShape = 3, RateInverseScale = 0.5, MeanStrength = 4, CovarianceStrength = 6 };

    public static TheoryData<string, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, bool>();
            foreach (string name in EmissionCase.Names.Select(row => row.Data))
            {
                cases.Add(name, false);
                cases.Add(name, true);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Maximize_is_a_maximum_in_every_direction(string name, bool withPriors)
    {
        EmissionCase family = EmissionCase.Get(name);
        HmmPrior prior = withPriors ? WithPriors : new HmmPrior();
        Gen.Int[0, 1_000_000].Sample(seed =>
        {
            var random = new Random(seed);
            (WeightedRows frames, EmissionLearner learner, HmmEmission current) = family.Create(random, 120, prior);
            double[] responsibilities = EmissionCase.Responsibilities(random, 120);
            HmmEmission best = learner.Maximize(EmissionCase.Gather(learner, current, frames, responsibilities), current);
            double highest = Objective(best, current, learner, frames, responsibilities);

            // Emissions nearby, on every side: those that other responsibilities would give.
            bool anyLower = false;
            foreach (double step in new[] { 0.5, 0.03, 0.002 })
            {
                double[] other = [.. responsibilities.Select(r => r * Math.Exp(step * (2 * random.NextDouble() - 1)))];
                HmmEmission near = learner.Maximize(EmissionCase.Gather(learner, current, frames, other), current);
                double lower = Objective(near, current, learner, frames, responsibilities);
                Assert.True(lower <= highest + 1e-11 * (1 + Math.Abs(highest)), $"step {step}: {highest:r} to {lower:r}");
                anyLower |= lower < highest;
            }
            Assert.True(anyLower);

            // And what was before is not better, nor the start of another.
            Assert.True(Objective(current, current, learner, frames, responsibilities) <= highest + 1e-11 * (1 + Math.Abs(highest)));
        }, iter: 12);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Expectation_and_maximisation_never_lower_the_objective(string name, bool withPriors)
    {
        // The responsibilities of states are held, so that what may change is the emissions alone; those of mixture components inside follow.
        EmissionCase family = EmissionCase.Get(name);
        var random = new Random(20);
        (WeightedRows frames, EmissionLearner learner, HmmEmission emission) = family.Create(random, 128, withPriors ? WithPriors : new HmmPrior());
        double[] responsibilities = EmissionCase.Responsibilities(random, 128);
        double last = double.NegativeInfinity;
        for (int step = 0; step < 60; step++)
        {
            emission = learner.Maximize(EmissionCase.Gather(learner, emission, frames, responsibilities), emission);
            double objective = EmissionCase.ExpectedLogLikelihood(emission, frames, responsibilities) + learner.LogPrior(emission);
            Assert.True(objective >= last - 1e-10 * (1 + Math.Abs(last)), $"step {step}: {last:r} to {objective:r}");
            last = objective;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_weight_of_two_counts_as_two_frames(string name, bool withPriors)
    {
        var random = new Random(21);
        (WeightedRows frames, EmissionLearner learner, HmmEmission current) = EmissionCase.Get(name).Create(random, 60, withPriors ? WithPriors : new HmmPrior());
        double[] once = EmissionCase.Responsibilities(random, 60);
        EmissionStatistics repeated = EmissionCase.Gather(learner, current, frames, once);
        repeated.Merge(EmissionCase.Gather(learner, current, frames, once));
        HmmEmission fromTwo = learner.Maximize(repeated, current);
        HmmEmission fromWeights = learner.Maximize(EmissionCase.Gather(learner, current, frames, [.. once.Select(r => 2 * r)]), current);
        Assert.Equal(EmissionCase.ExpectedLogLikelihood(fromTwo, frames, once), EmissionCase.ExpectedLogLikelihood(fromWeights, frames, once), 1e-8);
    }

    /// <summary>Σ γ log p + log prior; for a mixture Σ γ r (log w + log N) with the current responsibilities r, because that is what an M-step maximises.</summary>
    private static double Objective(HmmEmission emission, HmmEmission current, EmissionLearner learner, WeightedRows frames, double[] responsibilities)
    {
        double prior = learner.LogPrior(emission);
        if (emission is not GaussianMixtureEmission mixtures)
            return prior + EmissionCase.ExpectedLogLikelihood(emission, frames, responsibilities);

        double sum = prior;
        var posterior = new double[mixtures.Mixtures[0].NumberOfComponents];
        var joint = new double[posterior.Length];
        for (int n = 0; n < frames.Count; n++)
        {
            for (int k = 0; k < mixtures.NumberOfStates; k++)
            {
                ((GaussianMixtureEmission)current).Mixtures[k].Posterior(frames.Row(n), posterior);
                mixtures.Mixtures[k].Evaluate(frames.Row(n), joint, new double[joint.Length]);
                for (int m = 0; m < joint.Length; m++)
                    sum += responsibilities[k * RowTile.Rows + n] * posterior[m] * joint[m];
            }
        }
        return sum;
    }
}
