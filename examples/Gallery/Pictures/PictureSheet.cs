using OxyPlot;
using OxyPlot.SkiaSharp;
using SkiaSharp;

namespace Gallery.Pictures;

/// <summary>A sheet of paper with a title and plots in a row, saved as PNG. Sizes are in points of a sheet drawn at scale 1.</summary>
internal sealed class PictureSheet : IDisposable
{
    private const double Margin = 24;
    private const double TitleSize = 22;
    private const double SubtitleSize = 14;
    private const double HeadingSize = 15;
    private const double NoteSize = 12.5;
    private const double LineSpacing = 1.45;
    private const double HeaderHeight = 88;

    private readonly SKSurface _surface;
    private readonly LetteredRenderContext _context;
    private readonly double _height;

    /// <summary>An empty sheet.</summary>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its height.</param>
    /// <param name="scale">The number of pixels per point.</param>
    public PictureSheet(int width, int height, float scale)
    {
        _height = height;
        _surface = SKSurface.Create(new SKImageInfo((int)(width * scale), (int)(height * scale)));
        _surface.Canvas.Clear(SKColors.White);
        _context = new LetteredRenderContext { RenderTarget = RenderTarget.PixelGraphic, DpiScale = scale, SkCanvas = _surface.Canvas };
    }

    /// <summary>Writes the title and a line below it.</summary>
    public void AddTitle(string title, string subtitle)
    {
        IRenderContext context = _context;
        context.DrawText(new ScreenPoint(Margin, Margin), title, Palette.Ink, null, TitleSize, FontWeights.Bold);
        context.DrawText(new ScreenPoint(Margin, Margin + TitleSize * 1.45), subtitle, Palette.PaleInk, null, SubtitleSize, FontWeights.Normal);
    }

    /// <summary>The place below the title, between two distances from the left edge.</summary>
    public OxyRect Below(double left, double right) => new(left, HeaderHeight, right - left, _height - HeaderHeight);

    /// <summary>Draws a plot below the title, between two distances from the left edge.</summary>
    public void AddPlot(IPlotModel plot, double left, double right) => AddPlot(plot, Below(left, right));

    /// <summary>Draws a plot.</summary>
    public void AddPlot(IPlotModel plot, OxyRect place)
    {
        plot.Update(updateData: true);
        plot.Render(_context, place);
    }

    /// <summary>Writes a heading with its baseline at a height, centred between the edges of a place.</summary>
    public void AddHeading(string text, OxyRect place, double top)
    {
        IRenderContext context = _context;
        context.DrawText(new ScreenPoint((place.Left + place.Right) / 2, top), text, Palette.Ink, null, HeadingSize, FontWeights.Bold, 0, HorizontalAlignment.Center);
    }

    /// <summary>Writes a heading that starts at a point.</summary>
    public void AddText(string text, double x, double y)
    {
        IRenderContext context = _context;
        context.DrawText(new ScreenPoint(x, y), text, Palette.Ink, null, HeadingSize, FontWeights.Bold);
    }

    /// <summary>Writes text in lines that are no wider than a width.</summary>
    public void AddParagraph(string text, double left, double top, double width)
    {
        IRenderContext context = _context;
        string[] words = text.Split(' ');
        for (int from = 0, to; from < words.Length; from = to)
        {
            for (to = from + 1; to < words.Length && Measure(from, to + 1) <= width; to++)
            {
            }
            context.DrawText(new ScreenPoint(left, top), Line(from, to), Palette.Ink, null, SubtitleSize, FontWeights.Normal);
            top += SubtitleSize * LineSpacing;
        }

        string Line(int from, int to) => string.Join(' ', words[from..to]);

        double Measure(int from, int to) => context.MeasureText(Line(from, to), null, SubtitleSize, FontWeights.Normal).Width;
    }

    /// <summary>Writes a small line that ends or starts at a point.</summary>
    public void AddNote(string text, double x, double y, HorizontalAlignment alignment = HorizontalAlignment.Left)
    {
        IRenderContext context = _context;
        context.DrawText(new ScreenPoint(x, y), text, Palette.PaleInk, null, NoteSize, FontWeights.Normal, 0, alignment);
    }

    /// <summary>Draws a grey image of few pixels, each a sharp square: 0 is paper, 1 is ink.</summary>
    public void AddImage(IReadOnlyList<double> pixels, int pixelsPerRow, double left, double top, double size)
    {
        IRenderContext context = _context;
        double side = size / pixelsPerRow;
        for (int i = 0; i < pixels.Count; i++)
        {
            double shade = Math.Clamp(pixels[i], 0, 1);
            OxyColor colour = OxyColor.Interpolate(Palette.Blank, Palette.Ink, shade);
            // A little more than its share, so that no seam shows between squares.
            context.DrawRectangle(new OxyRect(left + i % pixelsPerRow * side, top + i / pixelsPerRow * side, side + 0.3, side + 0.3), colour, OxyColors.Transparent, 0, EdgeRenderingMode.Adaptive);
        }
    }

    /// <summary>Writes the sheet to a file.</summary>
    public void Save(string path)
    {
        using SKImage image = _surface.Snapshot();
        using SKData png = image.Encode(SKEncodedImageFormat.Png, quality: 100);
        using FileStream file = File.Create(path);
        png.SaveTo(file);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _context.Dispose();
        _surface.Dispose();
    }
}
