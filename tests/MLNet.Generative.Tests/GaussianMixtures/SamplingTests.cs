using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>New rows from a fitted step, also from one that lies deep in a chain or was loaded.</summary>
public sealed class SamplingTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Samples_have_the_feature_column_and_the_component_as_label(bool single)
    {
        IDataView data = single ? EruptionRows.Singles(_mlContext, ClassicData.Faithful) : EruptionRows.Doubles(_mlContext, ClassicData.Faithful);
        string column = single ? "Features" : "Doubles";
        GaussianMixtureTransformer model = _mlContext.Clustering.Trainers.GaussianMixture(column, numberOfComponents: 2).Fit(data);
        IDataView sample = model.Sample(5_000, seed: 4);

        Assert.Equal([column, "Label"], sample.Schema.Select(c => c.Name));
        Assert.Equal(new VectorDataViewType(single ? NumberDataViewType.Single : NumberDataViewType.Double, 2), sample.Schema[column].Type);
        Assert.Equal(new KeyDataViewType(typeof(uint), 2), sample.Schema["Label"].Type);
        Assert.Equal(5_000, sample.GetRowCount());
        uint[] labels = [.. sample.GetColumn<uint>("Label")];
        Assert.Equal(model.Model.Weights[0], labels.Count(label => label == 1) / 5_000.0, 0.03);
        Assert.Equal(labels, model.Sample(5_000, seed: 4).GetColumn<uint>("Label"));
        Assert.NotEqual(labels, model.Sample(5_000, seed: 5).GetColumn<uint>("Label"));

        // What is drawn can be fed to the model again.
        Assert.Equal(5_000, model.Transform(sample).GetColumn<float>("LogDensity").Count(float.IsFinite));
    }

    [Fact]
    public void Without_a_seed_the_context_gives_one()
    {
        uint[] Draw(MLContext context)
        {
            IDataView data = EruptionRows.Doubles(context, ClassicData.Faithful);
            return [.. context.Clustering.Trainers.GaussianMixture("Doubles", numberOfComponents: 2).Fit(data).Sample(200).GetColumn<uint>("Label")];
        }

        Assert.Equal(Draw(new MLContext(seed: 1)), Draw(new MLContext(seed: 1)));
        Assert.NotEqual(Draw(new MLContext(seed: 1)), Draw(new MLContext(seed: 2)));
        GaussianMixtureTransformer model = Fit(2);
        Assert.NotEqual(model.Sample(200).GetColumn<uint>("Label"), model.Sample(200).GetColumn<uint>("Label"));
    }

    [Fact]
    public void No_samples_still_have_a_schema()
    {
        IDataView none = Fit(2).Sample(0);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 2), none.Schema["Features"].Type);
        Assert.Empty(none.GetColumn<uint>("Label"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fit(2).Sample(-1));
    }

    [Fact]
    public void Slot_names_travel_to_samples_through_a_saved_model()
    {
        IDataView data = _mlContext.Data.LoadFromTextFile<Eruption>(ClassicData.PathOf("faithful.csv"), ',', hasHeader: true);
        var pipeline = _mlContext.Transforms.Concatenate("Features", "Eruptions", "Waiting").Append(_mlContext.Clustering.Trainers.GaussianMixture(numberOfComponents: 2));
        using var stream = new MemoryStream();
        _mlContext.Model.Save(pipeline.Fit(data), data.Schema, stream);
        stream.Position = 0;
        IDataView sample = _mlContext.Model.Load(stream, out _).FindGenerative().Sample(1, 1);

        VBuffer<ReadOnlyMemory<char>> names = default;
        sample.Schema["Features"].GetSlotNames(ref names);
        Assert.Equal(["Eruptions", "Waiting"], names.DenseValues().Select(name => name.ToString()));
    }

    [Fact]
    public void A_chain_without_a_generative_step_says_what_it_has()
    {
        ITransformer chain = _mlContext.Transforms.CopyColumns("Copy", "Features").Append(_mlContext.Transforms.DropColumns("Features")).Fit(EruptionRows.Singles(_mlContext, [1, 2]));
        string message = Assert.Throws<InvalidOperationException>(() => chain.FindGenerative()).Message;
        Assert.Contains("ColumnCopyingTransformer", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_generative_step_is_found_in_nested_chains_and_detectors()
    {
        IDataView data = EruptionRows.Singles(_mlContext, ClassicData.Faithful);
        var inner = _mlContext.Transforms.CopyColumns("Copy", "Features").Append(_mlContext.Clustering.Trainers.GaussianMixture(numberOfComponents: 2));
        ITransformer nested = _mlContext.Transforms.CopyColumns("Copy2", "Features").Append(inner).Append(_mlContext.Transforms.DropColumns("Copy")).Fit(data);
        Assert.IsType<GaussianMixtureTransformer>(nested.FindGenerative());
        ITransformer detector = _mlContext.AnomalyDetection.Trainers.GaussianMixture(numberOfComponents: 2).Fit(data);
        Assert.IsType<GaussianMixtureTransformer>(detector.FindGenerative());
    }

    private GaussianMixtureTransformer Fit(int components) =>
        _mlContext.Clustering.Trainers.GaussianMixture(numberOfComponents: components).Fit(EruptionRows.Singles(_mlContext, ClassicData.Faithful));

    private sealed class Eruption
    {
        [LoadColumn(0)]
        public float Eruptions;

        [LoadColumn(1)]
        public float Waiting;
    }
}
