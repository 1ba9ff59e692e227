using System.Globalization;
using OxyPlot.Axes;

namespace Gallery.Pictures;

/// <summary>An axis for differences that span a few units and a few thousands: near 0 as they are, further out as their logarithms, with the sign kept.</summary>
internal sealed class DifferenceAxis : LinearAxis
{
    // 2, 6 and 10 are where Kass and Raftery (1995) call a difference in BIC positive, strong and very strong evidence.
    private static readonly double[] s_ticks = [-1000, -100, -10, 0, 2, 6, 10, 30, 100, 300, 1000, 3000, 10_000];

    /// <summary>An axis on the left.</summary>
    /// <param name="title">Its title, with the unit.</param>
    public DifferenceAxis(string title)
    {
        Position = AxisPosition.Left;
        Title = title;
        LabelFormatter = place => Math.Round(DifferenceAt(place)).ToString("0;−0", CultureInfo.InvariantCulture);
    }

    /// <summary>Where a difference stands.</summary>
    public static double PlaceOf(double difference) => Math.Sign(difference) * Math.Log(1 + Math.Abs(difference));

    /// <inheritdoc/>
    public override void GetTickValues(out IList<double> majorLabelValues, out IList<double> majorTickValues, out IList<double> minorTickValues)
    {
        majorTickValues = [.. s_ticks.Select(PlaceOf).Where(place => place >= ActualMinimum && place <= ActualMaximum)];
        majorLabelValues = majorTickValues;
        minorTickValues = [];
    }

    private static double DifferenceAt(double place) => Math.Sign(place) * (Math.Exp(Math.Abs(place)) - 1);
}
