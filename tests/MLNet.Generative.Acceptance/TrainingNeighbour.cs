using System.Diagnostics;
using System.Globalization;

namespace MLNet.Generative.Acceptance;

/// <summary>Another process that trains an autoencoder until it is told to stop: this program, started once more.</summary>
public sealed class TrainingNeighbour : IDisposable
{
    /// <summary>The command that makes a process a neighbour.</summary>
    internal const string Command = "neighbour";

    private const string Ready = "training";

    private readonly Process _process;

    private TrainingNeighbour(Process process) => _process = process;

    /// <summary>Starts a neighbour, and waits until it trains.</summary>
    /// <param name="numberOfThreads">Its number of threads; <see langword="null"/> for libtorch's own.</param>
    /// <exception cref="InvalidOperationException">It does not start.</exception>
    public static IDisposable Start(int? numberOfThreads)
    {
        string host = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is not known.");
        var start = new ProcessStartInfo(host) { RedirectStandardInput = true, RedirectStandardOutput = true };
        // With 'dotnet Program.dll' the process is dotnet and the program its first argument.
        if (Path.GetFileNameWithoutExtension(host).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        start.ArgumentList.Add("acceptance");
        start.ArgumentList.Add(Command);
        start.ArgumentList.Add(numberOfThreads?.ToString(CultureInfo.InvariantCulture) ?? "");
        Process process = Process.Start(start) ?? throw new InvalidOperationException("The second process did not start.");
        var neighbour = new TrainingNeighbour(process);
        if (process.StandardOutput.ReadLine() == Ready)
            return neighbour;
        neighbour.Dispose();
        throw new InvalidOperationException("The second process does not train.");
    }

    /// <summary>What the second process does: it says when its first epoch is done, and trains on until its input ends, which it also does if the first process dies.</summary>
    /// <param name="numberOfThreads">The number of threads, or nothing for libtorch's own.</param>
    /// <param name="input">What ends.</param>
    /// <param name="output">Told that it trains.</param>
    public static void Run(string numberOfThreads, TextReader input, TextWriter output)
    {
        using var stop = new CancellationTokenSource();
        var training = new RandomImagesTraining(numberOfRows: 2_000, numberOfThreads.Length == 0 ? null : int.Parse(numberOfThreads, CultureInfo.InvariantCulture));
        Task untilEnd = Task.Run(() =>
        {
            while (input.ReadLine() is not null)
            {
            }
            stop.Cancel();
        });
        try
        {
            training.Run(
                int.MaxValue,
                epoch =>
                {
                    if (epoch == 1)
                        output.WriteLine(Ready);
                },
                stop.Token);
        }
        catch (OperationCanceledException)
        {
            untilEnd.Wait();
        }
    }

    /// <summary>Tells it to stop, and waits for that.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(30)))
            _process.Kill();
        _process.Dispose();
    }
}
