using OxyPlot;

namespace Gallery.Pictures;

/// <summary>The colours of all pictures: muted ones on white paper.</summary>
internal static class Palette
{
    private static readonly OxyColor[] s_components =
    [
        OxyColor.FromRgb(0x1F, 0x6F, 0x78),
        OxyColor.FromRgb(0xB8, 0x5C, 0x38),
        OxyColor.FromRgb(0x6B, 0x4E, 0x71),
        OxyColor.FromRgb(0xB0, 0x8A, 0x2E),
        OxyColor.FromRgb(0x4F, 0x7A, 0x3A),
        OxyColor.FromRgb(0x8C, 0x3B, 0x4E),
    ];

    private static readonly OxyColor[] s_categories =
    [
        OxyColor.FromRgb(0x3F, 0x90, 0xDA),
        OxyColor.FromRgb(0xFF, 0xA9, 0x0E),
        OxyColor.FromRgb(0xBD, 0x1F, 0x01),
        OxyColor.FromRgb(0x94, 0xA4, 0xA2),
        OxyColor.FromRgb(0x83, 0x2D, 0xB6),
        OxyColor.FromRgb(0xA9, 0x6B, 0x59),
        OxyColor.FromRgb(0xE7, 0x63, 0x00),
        OxyColor.FromRgb(0xB9, 0xAC, 0x70),
        OxyColor.FromRgb(0x71, 0x75, 0x81),
        OxyColor.FromRgb(0x92, 0xDA, 0xDD),
    ];

    /// <summary>The paper.</summary>
    public static OxyColor Paper => OxyColors.White;

    /// <summary>The empty part of an image, a little darker than the paper.</summary>
    public static OxyColor Blank => OxyColor.FromRgb(0xF0, 0xF2, 0xF4);

    /// <summary>Titles and numbers.</summary>
    public static OxyColor Ink => OxyColor.FromRgb(0x2B, 0x30, 0x36);

    /// <summary>Less important text.</summary>
    public static OxyColor PaleInk => OxyColor.FromRgb(0x6A, 0x72, 0x7B);

    /// <summary>Axis lines and ticks.</summary>
    public static OxyColor Frame => OxyColor.FromRgb(0xB4, 0xBB, 0xC2);

    /// <summary>Contour lines.</summary>
    public static OxyColor Contour => OxyColor.FromRgb(0x9A, 0xAC, 0xB8);

    /// <summary>From the thinnest to the densest place of a distribution.</summary>
    public static OxyPalette Density { get; } = OxyPalette.Interpolate(
        256, OxyColor.FromRgb(0xF6, 0xF8, 0xF9), OxyColor.FromRgb(0xDC, 0xE5, 0xE9), OxyColor.FromRgb(0xB0, 0xC5, 0xCE));

    /// <summary>Ten colours that stay apart for colour-blind eyes, helped by their brightness: those of Petroff (2021).</summary>
    public static OxyColor Category(int index) => s_categories[index % s_categories.Length];

    /// <summary>The colour of a component; after the last one they start again.</summary>
    public static OxyColor Component(int index) => s_components[index % s_components.Length];
}
