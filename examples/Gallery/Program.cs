using System.CommandLine;
using Gallery;
using Gallery.Child;
using Gallery.Exhibits;
using Spectre.Console;

IExhibit[] exhibits = [new OldFaithful(), new WhichMixture(), new OldFaithfulSeries(), new Earthquakes(), new Sentences(), new Digits(), new StrangeDigits()];

var only = new Option<string[]>("--only")
{
    Description = $"Show only this exhibit: {string.Join(", ", exhibits.Select(exhibit => exhibit.Name))}.",
    HelpName = "NAME",
};
only.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, [.. exhibits.Select(exhibit => exhibit.Name)]);
var output = new Option<DirectoryInfo>("--output")
{
    Description = "The folder for pictures and models.",
    HelpName = "FOLDER",
    DefaultValueFactory = _ => new DirectoryInfo("gallery"),
};
var full = new Option<bool>("--full") { Description = "Train longer and draw the pictures as large as in the README." };

var model = new Argument<FileInfo>("MODEL") { Description = "A model that the gallery saved." };
var predict = new Command("predict", "Load a model with plain ML.NET and print its predictions.") { Hidden = true, Arguments = { model } };
predict.SetAction(arguments => PlainPrediction.Run(arguments.GetRequiredValue(model).FullName));

var root = new RootCommand("Generative models inside ML.NET pipelines, in tables and pictures.") { only, output, full, predict };
root.SetAction(arguments =>
{
    string[] names = arguments.GetValue(only) is { Length: > 0 } chosen ? chosen : [.. exhibits.Select(exhibit => exhibit.Name)];
    return Show(
        exhibits.Where(exhibit => names.Contains(exhibit.Name, StringComparer.OrdinalIgnoreCase)),
        arguments.GetRequiredValue(output),
        arguments.GetValue(full));
});
return root.Parse(args).Invoke();

static int Show(IEnumerable<IExhibit> exhibits, DirectoryInfo folder, bool isFull)
{
    IAnsiConsole console = GalleryConsole.Create();
    folder.Create();
    var context = new GalleryContext(console, folder.FullName, isFull);
    foreach (IExhibit exhibit in exhibits)
    {
        console.MarkupLineInterpolated($"[bold]{exhibit.Name}[/]: {exhibit.Description}");
        console.WriteLine();
        try
        {
            exhibit.Run(context);
        }
        catch (ExhibitFailedException failure)
        {
            Console.Error.WriteLine($"The exhibit {exhibit.Name} failed: {failure.Message}");
            return 1;
        }
        console.WriteLine();
    }
    return 0;
}
