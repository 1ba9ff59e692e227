using System.Diagnostics;

namespace MLNet.Generative.Acceptance;

/// <summary>Runs acceptance cases from a command line and prints what they measure.</summary>
/// <param name="cases">The cases.</param>
/// <param name="output">Where the table goes.</param>
public sealed class AcceptanceCommand(IReadOnlyList<IAcceptanceCase> cases, TextWriter output)
{
    /// <summary>The exit code if every figure keeps its bounds.</summary>
    public const int Passed = 0;

    /// <summary>The exit code if a figure does not.</summary>
    public const int Failed = 1;

    /// <summary>The exit code if the command line is wrong or data are missing: nothing was run.</summary>
    public const int NotRun = 2;

    /// <summary>All cases of this assembly, by name.</summary>
    public static IReadOnlyList<IAcceptanceCase> AllCases { get; } =
    [
        .. typeof(IAcceptanceCase).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(IAcceptanceCase)) && type.GetConstructor(Type.EmptyTypes) is not null)
            .Select(type => (IAcceptanceCase)Activator.CreateInstance(type)!)
            .OrderBy(@case => @case.Name, StringComparer.Ordinal),
    ];

    /// <summary>Does what the arguments say.</summary>
    /// <returns>The exit code.</returns>
    public int Run(IReadOnlyList<string> arguments)
    {
        if (arguments is [TrainingNeighbour.Command, string numberOfThreads])
        {
            TrainingNeighbour.Run(numberOfThreads, Console.In, output);
            return Passed;
        }
        if (!AcceptanceArguments.TryRead(arguments, cases, out AcceptanceArguments read, out string problem))
        {
            output.WriteLine(problem);
            output.WriteLine("acceptance [--list] [--only NAME] " + string.Join(' ', DataFolder.All.Select(data => $"[{data.Option} FOLDER]")));
            return NotRun;
        }
        if (read.ListsOnly)
        {
            foreach (IAcceptanceCase @case in cases)
                output.WriteLine($"{@case.Name,-24} {@case.Summary}");
            return Passed;
        }

        string[] missing = [.. read.Chosen.SelectMany(@case => @case.Needs).Distinct().Select(data => data.Problem(read.Folders)).OfType<string>()];
        foreach (string line in missing)
            output.WriteLine(line);
        return missing.Length > 0 ? NotRun : Measure(read);
    }

    private int Measure(AcceptanceArguments read)
    {
        var table = new AcceptanceTable(output);
        var run = new AcceptanceRun(read.Folders, output);
        output.WriteLine(Machine.Describe());
        foreach (IAcceptanceCase @case in read.Chosen)
        {
            output.WriteLine($"{@case.Name}: {@case.Summary}");
            var clock = Stopwatch.StartNew();
            foreach (AcceptanceFigure figure in @case.Measure(run))
            {
                table.Add(@case.Name, figure, clock.Elapsed);
                clock.Restart();
            }
        }
        table.Print();
        return table.HasPassed ? Passed : Failed;
    }
}
