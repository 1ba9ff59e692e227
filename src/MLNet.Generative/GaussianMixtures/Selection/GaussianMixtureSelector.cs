using Microsoft.ML;

namespace MLNet.Generative;

/// <summary>Selects a mixture for the rows of a data view: reads them once, tries all mixtures on them, and makes a transformer of the best.</summary>
internal sealed class GaussianMixtureSelector
{
    private readonly TrainingHost _host;
    private readonly GaussianMixtureSelectionOptions _options;
    private readonly int _seed;

    public GaussianMixtureSelector(TrainingHost host, GaussianMixtureSelectionOptions options)
    {
        _host = host;
        _options = options.Checked();
        _seed = host.GetSeed(_options.Seed);
    }

    /// <summary>Reads, fits and chooses.</summary>
    public GaussianMixtureSelection<GaussianMixtureTransformer> Select(IDataView data)
    {
        SchemaShape schema = TrainingHost.ToShape(data.Schema);
        FeatureColumn.CheckShape(_host.Host, schema, _options.FeatureColumnName);
        if (_options.ExampleWeightColumnName is { } weight)
            FeatureColumn.CheckWeightShape(_host.Host, schema, weight);

        return _host.Train(channel =>
        {
            FeatureRows rows = FeatureRows.Read(channel, data, _options.FeatureColumnName, _options.ExampleWeightColumnName, MissingValues.Skip, _options.CancellationToken);
            GaussianMixtureEstimator.Options optionsOfEach = _options.ForOneMixture();
            optionsOfEach.Progress = new Watch(channel);
            GaussianMixtureSelection<GaussianMixtureFit> selection = GaussianMixtureLearner.Select(
                new WeightedRows(rows.Values, rows.Dimension, rows.Weights),
                _options,
                optionsOfEach,
                _seed,
                rows.IsSingle ? InputPrecision.Single : InputPrecision.Double,
                progress => channel.Info($"Fit {progress}"));

            channel.Info(selection.ToString());
            foreach (string note in selection.BestRow.Notes)
                channel.Warning(note);
            GaussianMixtureColumns columns = GaussianMixtureColumns.From(optionsOfEach, rows);
            return selection.With(fit => new GaussianMixtureTransformer(_host.ForTransformer(nameof(GaussianMixtureTransformer)), columns, fit.Model, fit.Summary));
        });
    }

    /// <summary>Stops every fit soon after the <c>MLContext</c> was cancelled. Iterations of many fits side by side tell nobody anything: they are not logged.</summary>
    private sealed class Watch(TrainingChannel channel) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => channel.CheckAlive();
    }
}
