using OxyPlot;
using OxyPlot.SkiaSharp;
using SkiaSharp;

namespace Gallery.Pictures;

/// <summary>Draws plots as OxyPlot does on Skia, but text in the <see cref="Typefaces"/> of the gallery instead of the fonts of the machine.</summary>
internal sealed class LetteredRenderContext : SkiaRenderContext, IRenderContext
{
    void IRenderContext.DrawText(
        ScreenPoint point,
        string text,
        OxyColor fill,
        string? fontFamily,
        double fontSize,
        double fontWeight,
        double rotation,
        HorizontalAlignment horizontalAlignment,
        VerticalAlignment verticalAlignment,
        OxySize? maximumSize)
    {
        if (string.IsNullOrEmpty(text) || !fill.IsVisible())
            return;

        using SKPaint paint = CreatePaint(fontSize * DpiScale, fontWeight);
        paint.Color = new SKColor(fill.R, fill.G, fill.B, fill.A);
        string[] lines = text.Split('\n');
        float height = HeightOf(lines, paint);

        SkCanvas.Save();
        SkCanvas.Translate((float)point.X * DpiScale, (float)point.Y * DpiScale);
        SkCanvas.RotateDegrees((float)rotation);
        float baseline = -paint.FontMetrics.Ascent - verticalAlignment switch
        {
            VerticalAlignment.Top => 0,
            VerticalAlignment.Middle => height / 2,
            _ => height,
        };
        foreach (string line in lines)
        {
            float left = horizontalAlignment switch
            {
                HorizontalAlignment.Left => 0,
                HorizontalAlignment.Center => -paint.MeasureText(line) / 2,
                _ => -paint.MeasureText(line),
            };
            SkCanvas.DrawText(line, left, baseline, paint);
            baseline += paint.FontSpacing;
        }
        SkCanvas.Restore();
    }

    OxySize IRenderContext.MeasureText(string text, string? fontFamily, double fontSize, double fontWeight)
    {
        if (string.IsNullOrEmpty(text))
            return OxySize.Empty;

        using SKPaint paint = CreatePaint(fontSize, fontWeight);
        string[] lines = text.Split('\n');
        return new OxySize(lines.Max(line => paint.MeasureText(line)), HeightOf(lines, paint));
    }

    private static float HeightOf(string[] lines, SKPaint paint) =>
        (lines.Length - 1) * paint.FontSpacing + paint.FontMetrics.Descent - paint.FontMetrics.Ascent;

    private static SKPaint CreatePaint(double size, double weight) => new()
    {
        Typeface = Typefaces.OfWeight(weight),
        TextSize = (float)size,
        SubpixelText = true,
        IsAntialias = true,
        HintingLevel = SKPaintHinting.NoHinting,
    };
}
