using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace MLNet.Generative.Testing;

/// <summary>Runs a console program that lies beside the tests, in a process of its own.</summary>
public static class FreshProcess
{
    /// <summary>Runs a program with the dependencies that it names itself, as a user's program runs.</summary>
    /// <param name="program">The program's assembly name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>The lines it printed.</returns>
    public static IReadOnlyList<string> Run(string program, params string[] arguments) =>
        Start([PathOf(program + ".dll"), .. arguments]);

    /// <summary>Runs a program with the dependencies of the tests, so that it finds the package under test without naming it.</summary>
    /// <param name="program">The program's assembly name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>The lines it printed.</returns>
    public static IReadOnlyList<string> RunAmongTests(string program, params string[] arguments) =>
        Start(["exec", "--depsfile", PathOf($"{Assembly.GetEntryAssembly()!.GetName().Name}.deps.json"), "--runtimeconfig", PathOf(program + ".runtimeconfig.json"), PathOf(program + ".dll"), .. arguments]);

    /// <summary>Runs a program that lies elsewhere, with the dependencies that it names itself.</summary>
    /// <param name="path">The program's assembly.</param>
    /// <returns>The lines it printed.</returns>
    public static IReadOnlyList<string> RunFile(string path) => Start([path]);

    private static string[] Start(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(DotnetPath()) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("The process did not start.");
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromMinutes(2)))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The program did not end: {string.Join(' ', start.ArgumentList)}");
        }
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"The program ended with {process.ExitCode}: {string.Join(' ', start.ArgumentList)}{Environment.NewLine}{error.GetAwaiter().GetResult()}");
        return output.GetAwaiter().GetResult().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static string PathOf(string fileName) => Path.Combine(AppContext.BaseDirectory, fileName);

    // The dotnet that runs the tests: <root>/shared/Microsoft.NETCore.App/<version>/ is its runtime's folder.
    private static string DotnetPath() =>
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
}
