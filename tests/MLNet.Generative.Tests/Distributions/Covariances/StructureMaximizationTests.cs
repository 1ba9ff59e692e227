using CsCheck;
using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace MLNet.Generative.Tests.Covariances;

/// <summary>Every structure's M-step beside an optimiser that knows only what the three letters mean.</summary>
public sealed class StructureMaximizationTests
{
    private const double Tolerance = 1e-7;

    public static TheoryData<CovarianceType> Types => CovarianceTypes.All;

    [Fact]
    public void The_slow_optimiser_finds_maxima_that_are_known()
    {
        for (int seed = 0; seed < 10; seed++)
        {
            var random = new Random(seed);
            (double[] weights, Matrix<double>[] scatters) = RandomScatters.Draw(random, 1 + random.Next(3), 1 + random.Next(3));
            double Slow(string letters) => SlowStructureOptimizer.Maximize(letters, weights, scatters, random, starts: 8).Objective;
            double Known(IReadOnlyList<Matrix<double>> covariances) => SlowStructureOptimizer.Objective(weights, scatters, covariances);
            Matrix<double> pooled = scatters.Aggregate((a, b) => a + b) / weights.Sum();
            int dimension = pooled.RowCount;

            AssertClose(Known([.. scatters.Zip(weights, (scatter, weight) => scatter / weight)]), Slow("VVV"));
            AssertClose(Known([.. scatters.Zip(weights, (scatter, weight) => Matrix<double>.Build.DenseOfDiagonalVector(scatter.Diagonal() / weight))]), Slow("VVI"));
            AssertClose(Known([.. scatters.Select(_ => pooled)]), Slow("EEE"));
            AssertClose(Known([.. scatters.Select(_ => Matrix<double>.Build.DenseDiagonal(dimension, dimension, pooled.Trace() / dimension))]), Slow("EII"));
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void The_expected_log_likelihood_is_as_high_as_a_slow_optimiser_finds(CovarianceType type) => Compare(type, seeds: 15, starts: 5);

    [Theory]
    [MemberData(nameof(Types))]
    [Trait("Category", "Slow")]
    public void The_expected_log_likelihood_is_as_high_as_a_slow_optimiser_finds_on_many_statistics(CovarianceType type) => Compare(type, seeds: 200, starts: 12, firstSeed: 1000);

    [Theory]
    [MemberData(nameof(Types))]
    public void A_step_is_never_worse_than_where_it_comes_from(CovarianceType type)
    {
        CovarianceStructure structure = CovarianceStructure.Of(type);
        Gen.Int[0, int.MaxValue - 1].Sample(
            seed =>
            {
                var random = new Random(seed);
                int components = 1 + random.Next(4), dimension = 1 + random.Next(5);
                (double[] weights, Matrix<double>[] scatters) = RandomScatters.Draw(random, components, dimension);
                var parameters = new StructureParameters(structure.Letters, components, dimension);
                double logVolume = Math.Log(scatters.Sum(scatter => scatter.Trace()) / (dimension * weights.Sum()));
                Matrix<double>[] current = parameters.Covariances(parameters.RandomPoint(random, logVolume, spread: 2), parameters.RandomOrientations(random));
                // Several steps on: each starts where the last one ended, as in EM, on statistics that change.
                for (int step = 0; step < 3; step++)
                {
                    Matrix<double>[] next = MaximizationStep.Run(structure, weights, scatters, current);
                    double before = SlowStructureOptimizer.Objective(weights, scatters, current);
                    double after = SlowStructureOptimizer.Objective(weights, scatters, next);
                    Assert.True(after >= before - 1e-9 * (1 + Math.Abs(before)), $"{structure.Letters}, step {step}: {before:r} to {after:r}");
                    StructureAssert.HaveStructure(structure.Letters, next);
                    current = next;
                    scatters = [.. scatters.Select((scatter, k) => scatter + 0.1 * scatters[(k + 1) % components] * (weights[k] / weights[(k + 1) % components]))];
                }
            },
            iter: 60,
            threads: 1);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_step_from_covariances_of_another_structure_has_this_one(CovarianceType type)
    {
        CovarianceStructure structure = CovarianceStructure.Of(type);
        for (int seed = 0; seed < 5; seed++)
        {
            var random = new Random(seed);
            (double[] weights, Matrix<double>[] scatters) = RandomScatters.Draw(random, 3, 3);
            (_, Matrix<double>[] others) = RandomScatters.Draw(random, 3, 3);
            Matrix<double>[] covariances = MaximizationStep.Run(structure, weights, scatters, structure.IsDiagonal ? [.. others.Select(other => Matrix<double>.Build.DenseOfDiagonalVector(other.Diagonal()))] : others);
            StructureAssert.HaveStructure(structure.Letters, covariances);
            double expected = SlowStructureOptimizer.Maximize(structure.Letters, weights, scatters, random, starts: 3).Objective;
            Assert.True(SlowStructureOptimizer.Objective(weights, scatters, covariances) >= expected - Tolerance * (1 + Math.Abs(expected)));
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Parameters_are_counted_as_the_letters_say(CovarianceType type)
    {
        CovarianceStructure structure = CovarianceStructure.Of(type);
        for (int components = 1; components <= 4; components++)
        {
            for (int dimension = 1; dimension <= 5; dimension++)
                Assert.Equal(new StructureParameters(structure.Letters, components, dimension).CountFree, structure.CountParameters(components, dimension));
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Nested_structures_are_those_whose_letters_allow_less(CovarianceType type)
    {
        CovarianceStructure structure = CovarianceStructure.Of(type);
        string[] expected = [.. CovarianceStructure.All.Where(other => other != structure && IsNested(other.Letters, structure.Letters)).Select(other => other.Letters).Order()];
        Assert.Equal(expected, structure.Nested.Select(other => other.Letters).Order());

        static bool IsNested(string simple, string rich) => simple.Zip(rich).All(pair => "IEV".IndexOf(pair.First) <= "IEV".IndexOf(pair.Second));
    }

    private static void Compare(CovarianceType type, int seeds, int starts, int firstSeed = 0)
    {
        CovarianceStructure structure = CovarianceStructure.Of(type);
        var failures = new List<string>();
        for (int seed = firstSeed; seed < firstSeed + seeds; seed++)
        {
            var random = new Random(seed);
            int components = 1 + random.Next(4), dimension = 1 + random.Next(4);
            (double[] weights, Matrix<double>[] scatters) = RandomScatters.Draw(random, components, dimension);
            Matrix<double>[] covariances = MaximizationStep.Run(structure, weights, scatters);
            StructureAssert.HaveStructure(structure.Letters, covariances);

            double actual = SlowStructureOptimizer.Objective(weights, scatters, covariances);
            double expected = SlowStructureOptimizer.Maximize(structure.Letters, weights, scatters, random, starts).Objective;
            (double readBack, double climbed) = SlowStructureOptimizer.Climb(structure.Letters, weights, scatters, covariances);
            double tolerance = Tolerance * (1 + Math.Abs(expected));
            if (actual < expected - tolerance || Math.Abs(readBack - actual) > tolerance || climbed > actual + tolerance)
                failures.Add($"seed {seed}, K {components}, D {dimension}: {actual:r}, read back {readBack - actual:g3}, climbed {climbed - actual:g3}, slow optimiser {expected - actual:g3} higher");
        }
        Assert.True(failures.Count == 0, $"{structure.Letters}: {failures.Count} of {seeds}{Environment.NewLine}{string.Join(Environment.NewLine, failures)}");
    }

    private static void AssertClose(double expected, double actual) => Assert.Equal(expected, actual, Tolerance * (1 + Math.Abs(expected)));
}
