using Gallery.Pictures;
using OxyPlot;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace Gallery.Exhibits;

/// <summary>What the chains wrote, and how well each knows the text that it read and the text that it did not.</summary>
internal static class SentencesPicture
{
    private const int Width = 1240;
    private const int Height = 500;
    private const double Edge = 24;
    private const double ShareOfText = 0.62;
    private const double LineHeight = 22;
    private const int LettersPerLine = 104;

    /// <summary>Draws the sheet and saves it.</summary>
    public static void Draw(string path, IReadOnlyList<ChainOfOrder> chains, bool isFull)
    {
        using var sheet = new PictureSheet(Width, Height, scale: isFull ? 2 : 1);
        sheet.AddTitle(
            "Letters after letters: Markov chains read the opening of Alice in Wonderland",
            "A chain of order n picks each letter by the n before it. From order 3 on most words are English; what they say is still up to chance.");
        OxyRect left = sheet.Below(Edge, Edge + ShareOfText * (Width - 2 * Edge));
        double height = left.Height / chains.Count;
        for (int i = 0; i < chains.Count; i++)
        {
            double top = left.Top + i * height;
            sheet.AddText($"order {chains[i].Order}", left.Left, top);
            string[] lines = [.. Wrap(chains[i].Text.Trim())];
            for (int line = 0; line < lines.Length; line++)
                sheet.AddNote(lines[line], left.Left + 16, top + (line + 1.1) * LineHeight);
        }
        sheet.AddPlot(Likelihoods(chains), left.Right + Edge, Width - Edge);
        sheet.Save(path);
    }

    private static IEnumerable<string> Wrap(string text)
    {
        string line = "";
        foreach (string word in text.Split(' '))
        {
            if (line.Length + word.Length > LettersPerLine)
            {
                yield return line;
                line = "";
            }
            line += word + " ";
        }
        yield return line;
    }

    private static PlotModel Likelihoods(IReadOnlyList<ChainOfOrder> chains)
    {
        double lowest = chains.Min(chain => Math.Min(chain.Read, chain.Unread)), highest = chains.Max(chain => Math.Max(chain.Read, chain.Unread));
        double room = 0.15 * (highest - lowest);
        PlotModel plot = new PlaneFrame("order", 0.6, chains[^1].Order + 0.4, "log-likelihood per letter, nats", lowest - room, highest + room).CreatePlot("how well each knows the text", 8);
        plot.Axes[0].MajorStep = 1;
        Add(plot, "sentences that it read", Palette.Component(0), chains.Select(chain => new DataPoint(chain.Order, chain.Read)));
        Add(plot, "sentences that it did not", Palette.Component(1), chains.Select(chain => new DataPoint(chain.Order, chain.Unread)));
        plot.Legends[0].LegendPosition = LegendPosition.LeftTop;
        return plot;
    }

    private static void Add(PlotModel plot, string title, OxyColor colour, IEnumerable<DataPoint> points)
    {
        var line = new LineSeries { Title = title, Color = colour, MarkerType = MarkerType.Circle, MarkerSize = 4, MarkerFill = colour };
        line.Points.AddRange(points);
        plot.Series.Add(line);
    }
}
