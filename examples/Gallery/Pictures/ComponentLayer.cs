using MathNet.Numerics.LinearAlgebra;
using MLNet.Generative;
using OxyPlot;
using OxyPlot.Series;

namespace Gallery.Pictures;

/// <summary>The components of a mixture over a plane: means, and ellipses of one and two standard deviations.</summary>
internal static class ComponentLayer
{
    private const int PointsPerEllipse = 180;
    private const double MeanSize = 6;

    /// <summary>Draws the components of a mixture of two features.</summary>
    public static void AddTo(PlotModel plot, GaussianMixtureModel mixture)
    {
        for (int k = 0; k < mixture.NumberOfComponents; k++)
        {
            plot.Series.Add(CreateEllipse(mixture, k, radius: 1, LineStyle.Solid));
            plot.Series.Add(CreateEllipse(mixture, k, radius: 2, LineStyle.Dash));
            plot.Series.Add(CreateMean(mixture, k));
        }
    }

    /// <summary>Says in the legend what the lines mean.</summary>
    public static void AddLegend(PlotModel plot)
    {
        plot.Series.Add(new LineSeries { Title = "mean", Color = OxyColors.Transparent, MarkerType = MarkerType.Diamond, MarkerSize = MeanSize, MarkerFill = Palette.Ink });
        plot.Series.Add(new LineSeries { Title = "1 standard deviation", Color = Palette.Ink, StrokeThickness = 2 });
        plot.Series.Add(new LineSeries { Title = "2 standard deviations", Color = Palette.Ink, StrokeThickness = 1.5, LineStyle = LineStyle.Dash });
        plot.Series.Add(new LineSeries { Title = "log-density, one line per nat", Color = Palette.Contour, StrokeThickness = 1 });
    }

    private static LineSeries CreateEllipse(GaussianMixtureModel mixture, int component, double radius, LineStyle style)
    {
        var ellipse = new LineSeries
        {
            Color = Palette.Component(component),
            StrokeThickness = style == LineStyle.Solid ? 2 : 1.5,
            LineStyle = style,
        };
        Matrix<double> root = mixture.Covariances[component].Cholesky().Factor;
        for (int i = 0; i <= PointsPerEllipse; i++)
        {
            (double sine, double cosine) = Math.SinCos(2 * Math.PI * i / PointsPerEllipse);
            Vector<double> point = mixture.Means[component] + radius * root * Vector<double>.Build.DenseOfArray([cosine, sine]);
            ellipse.Points.Add(new DataPoint(point[0], point[1]));
        }
        return ellipse;
    }

    private static LineSeries CreateMean(GaussianMixtureModel mixture, int component) => new()
    {
        Color = OxyColors.Transparent,
        MarkerType = MarkerType.Diamond,
        MarkerSize = MeanSize,
        MarkerFill = Palette.Component(component),
        MarkerStroke = Palette.Paper,
        MarkerStrokeThickness = 1.5,
        Points = { new DataPoint(mixture.Means[component][0], mixture.Means[component][1]) },
    };
}
