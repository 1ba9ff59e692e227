namespace MLNet.Generative.Acceptance;

/// <summary>
/// Something that the packages promise at full size, and what it takes to see it. A class of this assembly that implements it and has a constructor without parameters is found by
/// <see cref="AcceptanceCommand"/>: a new case is one new file in <c>Cases</c>.
/// </summary>
public interface IAcceptanceCase
{
    /// <summary>The name by which a user asks for it: lower-case words with hyphens.</summary>
    string Name { get; }

    /// <summary>What is done, in a line.</summary>
    string Summary { get; }

    /// <summary>The data that it needs.</summary>
    IReadOnlyList<DataFolder> Needs { get; }

    /// <summary>Does it, one figure after another: the time between two of them is what the second took.</summary>
    /// <param name="run">Where the data lie, and where to say how far it is.</param>
    IEnumerable<AcceptanceFigure> Measure(AcceptanceRun run);
}
