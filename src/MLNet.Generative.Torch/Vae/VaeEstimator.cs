using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;

namespace MLNet.Generative;

/// <summary>Learns a variational autoencoder, and encodes, reconstructs, scores and samples with it.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this estimator, use `mlContext.Transforms.Vae(...)`.
///
/// ### Input and output columns
/// The input column is a vector of known size of `Single` or `Double`. The output columns are:
///
/// | Output column | Type | Description |
/// | -- | -- | -- |
/// | `Latent` | vector of `Single`, L | The latent code: the mean of q(z\|x). |
/// | on request, `StandardDeviationColumnName` | vector of `Single`, L | The standard deviation of q(z\|x). |
/// | on request, `ReconstructionColumnName` | the input's type and size | E[x \| z = latent code]. |
/// | on request, `LogDensityColumnName` | `Single` | A lower bound on log p(x), in nats: the evidence lower bound, or the importance-weighted one. |
/// | on request, `ImputationColumnName` | the input's type and size | The row, with E[missing \| known] for a missing value. |
///
/// ### Estimator characteristics
/// | | |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | Yes |
/// | Is normalization required? | No: where the likelihood is Gaussian, features are standardised inside |
/// | Is caching required? | No: the data are read once |
/// | Required NuGet in addition to Microsoft.ML | MLNet.Generative.Torch, and libtorch for the system, such as libtorch-cpu-linux-x64 |
///
/// ### Training algorithm details
/// Stochastic gradient variational Bayes (Kingma and Welling 2013): an encoder gives q(z|x) = N(μ(x), diag σ²(x)), a decoder p(x|z), and both are trained by Adam on minibatches
/// to maximise the evidence lower bound E_q[log p(x|z)] − β KL(q(z|x) ‖ N(0, I)) with z = μ + σ ε. With β other than 1 it is a β-VAE (Higgins et al. 2017). Sums are over features and
/// latent dimensions, means over rows, as in the paper. A missing value (NaN) is 0 for the encoder, in the network's units, and left out of p(x|z). Without hidden layers, and with one shared variance, it is probabilistic principal component analysis (Lucas et al. 2019).
///
/// ### Scoring function
/// The evidence lower bound with weight 1 and all normalising constants, in the units of the input: −½ Σ_j [log 2πs_j² + (x_j − m_j)²/s_j²] for a Gaussian decoder, averaged over
/// latent samples that are the same for every row, minus the KL divergence in closed form. With `ScoringSamples` above 1 it is the importance-weighted bound (Burda et al. 2015), which is
/// nearer to log p(x). A row's results depend on that row alone. Values that are missing (NaN) are left out of the density, and the encoder sees the feature's mean for them; a row without any
/// value has the prior as its posterior, and log-density 0. So has a row with an infinite value the prior as its posterior, and it has the lowest finite bound, as one with a value that cannot
/// occur under the likelihood.
///
/// ### Sampling
/// Ancestral: z ~ N(0, I), x ~ p(x|z). With `LatentMixtureComponents`, z comes from a Gaussian mixture fitted after training to one draw z ~ q(z|x) for each training row, the aggregate
/// posterior (Tomczak and Welling 2018; Ghosh et al. 2020).
/// ]]></format>
/// </remarks>
public sealed partial class VaeEstimator : IEstimator<VaeTransformer>, IWeightedEstimator
{
    private readonly TrainingHost _host;
    private readonly Options _options;
    private readonly int _seed;

    internal VaeEstimator(TrainingHost host, Options options)
    {
        _host = host;
        _options = options.Checked();
        _seed = host.GetSeed(_options.Seed);
    }

    string? IWeightedEstimator.ExampleWeightColumnName => _options.ExampleWeightColumnName;

    /// <summary>Trains the autoencoder.</summary>
    /// <param name="input">The training data.</param>
    /// <exception cref="ArgumentNullException"><paramref name="input"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="ArgumentException">The noise is too far from the scale of a feature.</exception>
    /// <exception cref="InvalidOperationException">
    /// There are no rows; a value is infinite, or cannot occur under the likelihood; a feature is missing in every row; the loss was not a number before the first epoch was finished; the checkpoint
    /// is of another training; or the GPU does not exist.
    /// </exception>
    /// <exception cref="FormatException">The checkpoint is truncated or altered.</exception>
    /// <exception cref="DllNotFoundException">The native libtorch is missing; the message says which package to add.</exception>
    /// <exception cref="PlatformNotSupportedException">There is no libtorch for this system.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public VaeTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        CheckInput(TrainingHost.ToShape(input.Schema));
        return _host.Train(channel =>
        {
            FeatureRows rows = FeatureRows.Read(channel, input, _options.InputColumnName, _options.ExampleWeightColumnName, MissingValues.Keep, _options.CancellationToken);
            torch.Device device = VaeDevice.For(_host.Host, _options, channel.Info);
            VaeFit fit = VaeLearner.Fit(
                rows.Values,
                rows.Weights,
                rows.Dimension,
                FeatureNames.Of(_options.InputColumnName, rows),
                _options,
                _seed,
                device,
                progress => channel.Report(progress, _options.Progress),
                () =>
                {
                    _options.CancellationToken.ThrowIfCancellationRequested();
                    channel.CheckAlive();
                });

            channel.Info($"{fit.Model.Likelihood} likelihood, {fit.Model.LatentDimension} latent dimensions: {fit.Summary.Outcome()}");
            foreach (string remark in fit.Summary.Remarks)
                channel.Info(remark);
            foreach (string warning in fit.Summary.Warnings)
                channel.Warning(warning);
            return new VaeTransformer(_host.ForTransformer(nameof(VaeTransformer)), VaeColumns.From(_options, TrainedFeatures.Of(_options.InputColumnName, rows)), fit.Model, fit.Summary);
        });
    }

    /// <summary>The columns that the fitted transformer will produce.</summary>
    /// <param name="inputSchema">The shape of the input.</param>
    /// <exception cref="ArgumentNullException"><paramref name="inputSchema"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        CheckInput(inputSchema);
        SchemaShape.Column input = inputSchema.Single(column => column.Name == _options.InputColumnName);
        string[]? slotNames = input.Annotations.Any(annotation => annotation.Name == "SlotNames") ? [] : null;
        // Sizes are not known yet, and play no part in the shape.
        VaeColumns columns = VaeColumns.From(_options, TrainedFeatures.Of(_options.InputColumnName, input.ItemType == NumberDataViewType.Single, slotNames));
        return OutputColumn.Append(inputSchema, columns.Describe(_options.LatentDimension, dimension: 1).Select(entry => entry.Column));
    }

    private void CheckInput(SchemaShape schema)
    {
        FeatureColumn.CheckShape(_host.Host, schema, _options.InputColumnName);
        if (_options.ExampleWeightColumnName is { } weights)
            FeatureColumn.CheckWeightShape(_host.Host, schema, weights);
    }
}
