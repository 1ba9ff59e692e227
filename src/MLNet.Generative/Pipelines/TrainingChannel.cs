using System.ComponentModel;
using Microsoft.ML.Runtime;

namespace MLNet.Generative;

/// <summary>Where a training speaks to the user: <c>mlContext.Log</c>, and through it the wish to stop.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class TrainingChannel
{
    private readonly IChannel _channel;

    internal TrainingChannel(IHost host, IChannel channel)
    {
        Host = host;
        _channel = channel;
    }

    /// <summary>The host.</summary>
    public IHost Host { get; }

    /// <summary>Tells something.</summary>
    /// <param name="message">What to tell.</param>
    public void Info(string message) => _channel.Info(message);

    /// <summary>Warns.</summary>
    /// <param name="message">What to warn of.</param>
    public void Warning(string message) => _channel.Warning(message);

    /// <summary>Throws if the <c>MLContext</c> was cancelled.</summary>
    /// <exception cref="OperationCanceledException">It was.</exception>
    public void CheckAlive() => Host.CheckAlive();

    /// <summary>Logs an iteration, passes it on, and stops if the <c>MLContext</c> was cancelled.</summary>
    /// <param name="progress">The iteration.</param>
    /// <param name="listener">Who else wants to know; <see langword="null"/> for nobody.</param>
    /// <exception cref="OperationCanceledException">It was.</exception>
    public void Report<TProgress>(TProgress progress, IProgress<TProgress>? listener)
        where TProgress : TrainingProgress
    {
        Info($"Objective at {progress}");
        listener?.Report(progress);
        CheckAlive();
    }
}
