using System.ComponentModel;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.Generative;

/// <summary>
/// What an estimator has of ML.NET: its host, a seed taken once, checks of input schemas, and a channel for the time of a training. For the authors of estimators in this
/// family of packages.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class TrainingHost
{
    private TrainingHost(IHost host) => Host = host;

    /// <summary>The host.</summary>
    public IHost Host { get; }

    /// <summary>A host for an estimator of a catalog, once ML.NET is known to have what this package needs of it.</summary>
    /// <param name="catalog">The catalog, or the trainers of one.</param>
    /// <param name="name">The estimator's name.</param>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/> is null.</exception>
    /// <exception cref="NotSupportedException">This version of ML.NET lacks what this package needs.</exception>
    public static TrainingHost Of(ClusteringCatalog.ClusteringTrainers catalog, string name)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        MLNetInternals.Require();
        return Register(catalog, name);
    }

    /// <inheritdoc cref="Of(ClusteringCatalog.ClusteringTrainers, string)"/>
    public static TrainingHost Of(AnomalyDetectionCatalog.AnomalyDetectionTrainers catalog, string name)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        MLNetInternals.Require();
        return Register(catalog, name);
    }

    /// <inheritdoc cref="Of(ClusteringCatalog.ClusteringTrainers, string)"/>
    public static TrainingHost Of(TransformsCatalog catalog, string name)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        MLNetInternals.Require();
        return Register(catalog, name);
    }

    // Not inlined: only after the check may the compiler look for members of ML.NET that could be missing.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TrainingHost Register(IInternalCatalog catalog, string name) => new(catalog.Environment.Register(name));

    /// <summary>The seed that the user gave, or one from the <c>MLContext</c>. Called once per estimator, so that fitting twice gives the same model.</summary>
    /// <param name="given">The seed that the user gave.</param>
    public int GetSeed(int? given) => given ?? Host.Rand.Next();

    /// <summary>What a trainer needs of its input.</summary>
    /// <param name="normalization">Whether features should be normalised.</param>
    /// <param name="caching">Whether the data are read more than once.</param>
    public static TrainerInfo Info(bool normalization, bool caching) => new(normalization, calibration: false, caching);

    /// <summary>Runs a training with a channel open.</summary>
    /// <param name="train">The training; what it returns is returned.</param>
    public T Train<T>(Func<TrainingChannel, T> train)
    {
        using IChannel channel = Host.Start("Training");
        return train(new TrainingChannel(Host, channel));
    }

    /// <summary>A host for the transformer that a training makes.</summary>
    /// <param name="name">The transformer's name, as the log shows it.</param>
    public IHost ForTransformer(string name) => Host.Register(name);

    /// <summary>The shape of a real schema.</summary>
    /// <param name="schema">The schema.</param>
    public static SchemaShape ToShape(DataViewSchema schema) => SchemaShape.Create(schema);
}
