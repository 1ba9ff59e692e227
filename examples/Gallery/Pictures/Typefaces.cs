using SkiaSharp;

namespace Gallery.Pictures;

/// <summary>The letters of all pictures. They are part of the program, so that pictures look the same everywhere and have text on machines without fonts.</summary>
internal static class Typefaces
{
    private const double BoldWeight = 600;

    private static readonly Lazy<SKTypeface> s_regular = new(() => Read("DejaVuSansCondensed.ttf"));

    private static readonly Lazy<SKTypeface> s_bold = new(() => Read("DejaVuSansCondensed-Bold.ttf"));

    /// <summary>The typeface of a weight: 400 is normal, 700 bold.</summary>
    public static SKTypeface OfWeight(double weight) => (weight < BoldWeight ? s_regular : s_bold).Value;

    private static SKTypeface Read(string name)
    {
        using Stream stream = typeof(Typefaces).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The program lacks its resource {name}.");
        using SKData data = SKData.Create(stream);
        return SKTypeface.FromData(data);
    }
}
