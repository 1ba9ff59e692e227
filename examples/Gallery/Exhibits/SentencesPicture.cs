using Gallery.Pictures;
using OxyPlot;
using OxyPlot.Legends;

namespace Gallery.Exhibits;

/// <summary>What the chains wrote, and how well each knows the text that it read and the text that it did not.</summary>
internal static class SentencesPicture
{
    private const int Width = 1240;
    private const int Height = 540;
    private const double Edge = 24;
    private const double RoomBetween = 36;
    private const double ShareOfText = 0.6;
    private const double RoomAboveHeading = 10;
    private const double RoomBelowHeading = 26;

    /// <summary>Draws the sheet and saves it.</summary>
    /// <param name="path">The PNG file.</param>
    /// <param name="chains">The chains, by order.</param>
    /// <param name="isFull">Whether to draw it large.</param>
    public static void Draw(string path, IReadOnlyList<ChainOfOrder> chains, bool isFull)
    {
        int best = chains.MaxBy(chain => chain.Unread)!.Order;
        using var sheet = new PictureSheet(Width, Height, scale: isFull ? 2 : 1);
        sheet.AddTitle(
            "Letters after letters: Markov chains read the opening of Alice in Wonderland",
            $"A chain of order n picks each letter by the n before it. Order {best} knows unread sentences best; higher orders write better English because they know parts of the text by heart.");
        OxyRect left = sheet.Below(Edge, Edge + ShareOfText * (Width - 2 * Edge));
        for (int i = 0; i < chains.Count; i++)
        {
            double top = left.Top + RoomAboveHeading + i * left.Height / chains.Count;
            sheet.AddText($"Order {chains[i].Order}", left.Left, top);
            sheet.AddParagraph(chains[i].Text, left.Left, top + RoomBelowHeading, left.Width);
        }
        sheet.AddPlot(Likelihoods(chains), left.Right + RoomBetween, Width - Edge);
        sheet.Save(path);
    }

    private static PlotModel Likelihoods(IReadOnlyList<ChainOfOrder> chains)
    {
        double lowest = chains.Min(chain => Math.Min(chain.Read, chain.Unread)), highest = chains.Max(chain => Math.Max(chain.Read, chain.Unread));
        double room = 0.15 * (highest - lowest);
        PlotModel plot = new PlaneFrame("order", 0.6, chains[^1].Order + 0.4, "log-likelihood per letter, nats", lowest - room, highest + 2 * room).CreatePlot("How well each knows the text", 8);
        plot.Axes[0].MajorStep = 1;
        CurveLayer.AddTo(plot, "sentences that it read", Palette.Component(0), chains.Select(chain => new DataPoint(chain.Order, chain.Read)), withMarks: true);
        CurveLayer.AddTo(plot, "sentences that it did not", Palette.Component(1), chains.Select(chain => new DataPoint(chain.Order, chain.Unread)), withMarks: true);
        plot.Legends[0].LegendPosition = LegendPosition.LeftTop;
        return plot;
    }
}
