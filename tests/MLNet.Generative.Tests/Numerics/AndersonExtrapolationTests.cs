using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Fixed points of linear maps, which are known.</summary>
public sealed class AndersonExtrapolationTests
{
    [Fact]
    public void A_linear_map_of_n_dimensions_is_solved_by_n_differences()
    {
        // Contracts by .999, .9, .5 and .1 towards 1, 2, 3 and 4.
        double[] rates = [0.999, 0.9, 0.5, 0.1];
        double[] Map(double[] x) => [.. x.Select((value, i) => i + 1 + rates[i] * (value - (i + 1)))];

        var extrapolation = new AndersonExtrapolation();
        double[] x = [50, -20, 7, 0];
        Assert.Null(extrapolation.Next(x, Map(x)));
        x = Map(x);
        for (int step = 0; step < 8; step++)
            x = extrapolation.Next(x, Map(x)) ?? Map(x);
        Assert.All(x, (value, i) => Assert.Equal(i + 1, value, 1e-6));
    }

    [Fact]
    public void It_strides_away_from_a_saddle_as_the_iteration_does()
    {
        // Leaves 0 by a factor of 1.01 in every step: the fixed point lies behind.
        var extrapolation = new AndersonExtrapolation();
        double x = 1;
        int steps = 0;
        for (; x < 100; steps++)
            x = extrapolation.Next([x], [1.01 * x])?[0] ?? 1.01 * x;
        Assert.InRange(steps, 1, 12);
    }

    [Fact]
    public void A_failure_forgets_the_way_there_and_shortens_the_stride()
    {
        var extrapolation = new AndersonExtrapolation();
        Assert.Null(extrapolation.Next([1], [1.01]));
        double[] first = extrapolation.Next([1.01], [1.0201])!;
        double stride = (first[0] - 1.0201) / 0.0101;
        Assert.Equal(4, stride, 1e-9);

        extrapolation.Fail();
        double[] second = extrapolation.Next([1.0201], [1.030301])!;
        Assert.Equal(2, (second[0] - 1.030301) / 0.010201, 1e-9);
    }

    [Fact]
    public void A_fixed_point_stays()
    {
        var extrapolation = new AndersonExtrapolation();
        for (int i = 0; i < 3; i++)
            Assert.Null(extrapolation.Next([1, 2], [1, 2]));
    }
}
