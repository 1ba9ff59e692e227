using System.Text.RegularExpressions;

namespace MLNet.Generative.Testing;

/// <summary>The source of a library whose folders are floors: none uses a type of a floor above it.</summary>
/// <param name="library">The library's folder in <c>src</c>.</param>
/// <param name="fromTheGroundUp">Its folders, the lowest first.</param>
public sealed partial class SourceFloors(string library, params string[] fromTheGroundUp)
{
    private readonly string _source = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../src", library));

    /// <summary>The folders that are there, in alphabetical order.</summary>
    public IEnumerable<string> FindFolders() =>
        Directory.GetDirectories(_source).Select(folder => Path.GetFileName(folder)).Where(name => name is not ("bin" or "obj")).Order();

    /// <summary>The types that a file of each floor declares.</summary>
    public IReadOnlyDictionary<string, int> FindTypes()
    {
        var floorOfType = new Dictionary<string, int>();
        for (int floor = 0; floor < fromTheGroundUp.Length; floor++)
        {
            foreach (string type in Files(floor).SelectMany(file => Declaration().Matches(Code(file))).Select(match => match.Groups[1].Value))
                floorOfType[type] = floor;
        }
        return floorOfType;
    }

    /// <summary>The uses of a type of a floor above.</summary>
    public IReadOnlyList<string> FindUpwardUses()
    {
        IReadOnlyDictionary<string, int> floorOfType = FindTypes();
        var wrong = new List<string>();
        for (int floor = 0; floor < fromTheGroundUp.Length; floor++)
        {
            foreach (string file in Files(floor))
            {
                IEnumerable<string> above = Word().Matches(Code(file)).Select(match => match.Value).Distinct()
                    .Where(word => floorOfType.TryGetValue(word, out int used) && used > floor);
                wrong.AddRange(above.Select(type => $"{Path.GetRelativePath(_source, file)} uses {type} of {fromTheGroundUp[floorOfType[type]]}"));
            }
        }
        return wrong;
    }

    /// <summary>The files that are too long to be read in one sitting.</summary>
    public IEnumerable<string> FindLongFiles() =>
        Enumerable.Range(0, fromTheGroundUp.Length).SelectMany(Files).Where(file => File.ReadLines(file).Count() > 300);

    private string[] Files(int floor) => Directory.GetFiles(Path.Combine(_source, fromTheGroundUp[floor]), "*.cs", SearchOption.AllDirectories);

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
