using Microsoft.ML;
using MLNet.Generative.Testing;
using MLNet.Generative.Tests.Covariances;
using Xunit;

namespace MLNet.Generative.Tests.MarkovModels;

/// <summary>Hidden Markov models under all fourteen covariance structures.</summary>
public sealed class EmissionStructureTests
{
    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void Gaussian_states_have_the_structure(CovarianceType type)
    {
        double[][] data = RandomSequences.Draw(3, 3, 3, 120, 80);
        HmmFit fit = Learn(data, EmissionType.Gaussian, type, states: 3);
        StructureAssert.HaveStructure(type.ToLetters(3), [.. ((GaussianEmission)fit.Model.Emissions).Covariances]);
    }

    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void The_mixture_of_each_state_has_the_structure(CovarianceType type)
    {
        double[][] data = RandomSequences.Draw(4, 2, 3, 150, 100);
        HmmFit fit = Learn(data, EmissionType.GaussianMixture, type, states: 2);
        Assert.All(((GaussianMixtureEmission)fit.Model.Emissions).Mixtures, mixture => StructureAssert.HaveStructure(type.ToLetters(3), mixture.Covariances));
    }

    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void A_saved_model_scores_as_before(CovarianceType type)
    {
        var context = new MLContext(seed: 1);
        IDataView sequences = SequenceViews.Of(RandomSequences.Draw(5, 2, 2, 60, 40), 2, isSingle: true);
        ITransformer model = context.Transforms.Hmm("Sequence", numberOfStates: 2, emission: EmissionType.Gaussian, covarianceType: type).Fit(sequences);
        ITransformer loaded = ModelFile.Save(model, sequences.Schema).Load();
        RowTable.Read(model.Transform(sequences)).AssertSame(RowTable.Read(loaded.Transform(sequences)), type.ToLetters(2));
        Assert.Equal(type, ((GaussianEmission)((HmmTransformer)loaded.FindGenerative()).Model.Emissions).CovarianceType);
    }

    private static HmmFit Learn(double[][] data, EmissionType emission, CovarianceType type, int states)
    {
        HmmFit fit = HmmLearner.Fit(data, new HmmEstimator.Options
        {
            NumberOfStates = states,
            Emission = emission,
            CovarianceType = type,
            MaximumNumberOfIterations = 40,
            Tolerance = 0,
        }, 3);
        IReadOnlyList<double> trace = fit.Summary.LogLikelihoodTrace;
        for (int i = 1; i < trace.Count; i++)
            Assert.True(trace[i] >= trace[i - 1] - 1e-9, $"iteration {i}: {trace[i - 1]} to {trace[i]}");
        Assert.True(double.IsFinite(trace[^1]));
        Assert.DoesNotContain(fit.Summary.Notes, note => note.Contains("fell", StringComparison.Ordinal));
        return fit;
    }
}
