using System.Globalization;

namespace MLNet.Generative.Acceptance;

/// <summary>The figures of all cases, one to a line, and whether they keep their bounds.</summary>
/// <param name="output">Where the table goes.</param>
internal sealed class AcceptanceTable(TextWriter output)
{
    private readonly List<(string Case, AcceptanceFigure Figure, TimeSpan Time)> _lines = [];

    /// <summary>Whether every figure keeps its bounds.</summary>
    public bool HasPassed => _lines.TrueForAll(line => line.Figure.Passes);

    /// <summary>Adds a figure.</summary>
    public void Add(string name, AcceptanceFigure figure, TimeSpan time) => _lines.Add((name, figure, time));

    /// <summary>Prints the table.</summary>
    public void Print()
    {
        Line("case", "figure", "value", "bound", "verdict", "seconds");
        Line("---", "---", "---:", "---", "---", "---:");
        foreach ((string name, AcceptanceFigure figure, TimeSpan time) in _lines)
        {
            string value = figure.Value.ToString(Math.Abs(figure.Value) < 1000 ? "f2" : "n0", CultureInfo.InvariantCulture);
            Line(name, figure.Name, value, figure.Bounds, figure.Verdict, time.TotalSeconds.ToString("f1", CultureInfo.InvariantCulture));
        }
        output.WriteLine(HasPassed ? "All figures keep their bounds." : "Some figures do not keep their bounds.");
    }

    private void Line(string name, string figure, string value, string bounds, string verdict, string seconds) =>
        output.WriteLine($"| {name,-20} | {figure,-52} | {value,10} | {bounds,-9} | {verdict,-7} | {seconds,7} |");
}
