using System.Reflection;
using Microsoft.ML;

namespace MLNet.Generative.Testing;

/// <summary>What AutoML calls when its time is up. ML.NET keeps it to itself.</summary>
public static class Cancellation
{
    /// <summary>Cancels all that runs, and will run, in a context.</summary>
    public static void Cancel(MLContext context) =>
        typeof(MLContext).GetMethod("CancelExecution", BindingFlags.NonPublic | BindingFlags.Instance)!.Invoke(context, null);
}
