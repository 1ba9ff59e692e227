using System.Diagnostics;
using System.Text;

namespace Gallery.Child;

/// <summary>Starts this program once more, so that nothing but the model file passes between the two processes.</summary>
internal static class ChildProcess
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    /// <summary>Runs the hidden command <c>predict</c> on a model file.</summary>
    /// <returns>What it printed.</returns>
    /// <exception cref="ExhibitFailedException">It failed or did not end.</exception>
    public static string Predict(string modelPath)
    {
        using Process process = Process.Start(Describe("predict", modelPath))
            ?? throw new ExhibitFailedException("The child process did not start.");
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(s_patience))
        {
            process.Kill(entireProcessTree: true);
            throw new ExhibitFailedException($"The child process did not end within {s_patience.TotalSeconds} seconds.");
        }
        if (process.ExitCode != 0)
            throw new ExhibitFailedException($"The child process that loads {modelPath} ended with exit code {process.ExitCode}. It said:{Environment.NewLine}{output.Result}{error.Result}");
        return output.Result;
    }

    private static ProcessStartInfo Describe(params string[] arguments)
    {
        string host = Environment.ProcessPath ?? throw new ExhibitFailedException("The path of this program is not known.");
        var start = new ProcessStartInfo(host)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };

        // 'dotnet run' and the executable are one program; with 'dotnet Gallery.dll' the process is dotnet and the assembly its first argument.
        if (Path.GetFileNameWithoutExtension(host).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
            start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        return start;
    }
}
