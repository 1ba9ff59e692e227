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

    /// <summary>Draws a plot between two distances from the left edge, below the title.</summary>
    public void AddPlot(IPlotModel plot, double left, double right)
    {
        plot.Update(updateData: true);
        plot.Render(_context, new OxyRect(left, HeaderHeight, right - left, _height - HeaderHeight));
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
