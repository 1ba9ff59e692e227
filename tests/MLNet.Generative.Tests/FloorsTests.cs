using System.Text.RegularExpressions;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>The folders of the library are floors: none uses a type of a floor above it.</summary>
public sealed partial class FloorsTests
{
    private static readonly string[] FromTheGroundUp = ["Numerics", "Learning", "Pipelines", "Distributions", "AnomalyDetection", "GaussianMixtures"];

    private static readonly string Source = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../src/MLNet.Generative"));

    [Fact]
    public void Every_folder_is_a_floor() =>
        Assert.Equal(
            FromTheGroundUp.Order(),
            Directory.GetDirectories(Source).Select(folder => Path.GetFileName(folder)).Where(name => name is not ("bin" or "obj")).Order());

    [Fact]
    public void No_floor_uses_a_type_of_a_floor_above_it()
    {
        var floorOfType = new Dictionary<string, int>();
        for (int floor = 0; floor < FromTheGroundUp.Length; floor++)
        {
            foreach (string type in Files(floor).SelectMany(file => Declaration().Matches(Code(file))).Select(match => match.Groups[1].Value))
                floorOfType[type] = floor;
        }
        Assert.True(floorOfType.Count > 40);

        var wrong = new List<string>();
        for (int floor = 0; floor < FromTheGroundUp.Length; floor++)
        {
            foreach (string file in Files(floor))
            {
                IEnumerable<string> above = Word().Matches(Code(file)).Select(match => match.Value).Distinct()
                    .Where(word => floorOfType.TryGetValue(word, out int used) && used > floor);
                wrong.AddRange(above.Select(type => $"{Path.GetRelativePath(Source, file)} uses {type} of {FromTheGroundUp[floorOfType[type]]}"));
            }
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public void No_file_is_longer_than_one_sitting() =>
        Assert.DoesNotContain(
            Enumerable.Range(0, FromTheGroundUp.Length).SelectMany(Files), file => File.ReadLines(file).Count() > 300);

    private static string[] Files(int floor) => Directory.GetFiles(Path.Combine(Source, FromTheGroundUp[floor]), "*.cs", SearchOption.AllDirectories);

    // Comments may name what they like.
    private static string Code(string file) => Comment().Replace(File.ReadAllText(file), "");

    // At the start of a line: nested types belong to the type around them.
    [GeneratedRegex(@"^[a-z][a-z ]*\b(?:class|record|struct|interface|enum) (\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\b[A-Z]\w+\b")]
    private static partial Regex Word();

    [GeneratedRegex(@"//.*$|""(?:\\.|[^""\\])*""", RegexOptions.Multiline)]
    private static partial Regex Comment();
}
