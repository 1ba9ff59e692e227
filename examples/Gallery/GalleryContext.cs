using Spectre.Console;

namespace Gallery;

/// <summary>What an exhibit is given: where to speak, where to leave its files, and how large its pictures are to be.</summary>
/// <param name="Console">Where to speak.</param>
/// <param name="OutputFolder">The full path of the folder for pictures and models. It exists.</param>
/// <param name="IsFull">Whether to train longer and draw the large pictures of the README.</param>
internal sealed record GalleryContext(IAnsiConsole Console, string OutputFolder, bool IsFull)
{
    /// <summary>The full path of a file in the output folder.</summary>
    public string PathOfOutput(string fileName) => Path.Combine(OutputFolder, fileName);

    /// <summary>The full path of a data file, which lies beside the program.</summary>
    public static string PathOfData(string fileName) => Path.Combine(AppContext.BaseDirectory, "data", fileName);

    /// <summary>Says that a file was written, by the shorter of its relative and its full path.</summary>
    public void TellFile(string what, string path)
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        Console.MarkupLineInterpolated($"{what}: [bold]{(relative.Length < path.Length ? relative : path)}[/]");
    }
}
