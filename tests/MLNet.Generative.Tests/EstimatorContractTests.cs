using System.Reflection;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

public sealed class EstimatorContractTests
{
    [Fact]
    public void Every_check_that_is_written_is_run()
    {
        IEnumerable<string> written = typeof(EstimatorContract).Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Checks", StringComparison.Ordinal))
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Select(method => method.Name);
        IEnumerable<string> run = EstimatorContract.Cases(new Dictionary<string, EstimatorContract> { ["any"] = null! }).Select(row => row.Data.Item2);
        Assert.Equal(written.Order(StringComparer.Ordinal), run.Order(StringComparer.Ordinal));
    }
}
