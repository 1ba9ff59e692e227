using System.Text;
using Spectre.Console;

namespace Gallery;

/// <summary>The console of the gallery: colours on a terminal, plain text in a file or a pipe.</summary>
internal static class GalleryConsole
{
    private const int WidthOfFiles = 200;

    /// <summary>Makes the console.</summary>
    public static IAnsiConsole Create()
    {
        if (!Console.IsOutputRedirected)
        {
            Console.OutputEncoding = Encoding.UTF8;
            return AnsiConsole.Console;
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(Console.Out),
        });
        console.Profile.Width = WidthOfFiles;
        return console;
    }
}
