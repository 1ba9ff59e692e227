namespace MLNet.Generative.Acceptance;

/// <summary>The command line, read.</summary>
/// <param name="Chosen">The cases to run.</param>
/// <param name="ListsOnly">Whether the cases are only to be named.</param>
/// <param name="Folders">The folders of data, given by option or by environment variable.</param>
internal sealed record AcceptanceArguments(IReadOnlyList<IAcceptanceCase> Chosen, bool ListsOnly, IReadOnlyDictionary<DataFolder, string> Folders)
{
    /// <summary>Reads arguments.</summary>
    /// <returns>Whether all of them are known.</returns>
    public static bool TryRead(IReadOnlyList<string> arguments, IReadOnlyList<IAcceptanceCase> cases, out AcceptanceArguments read, out string problem)
    {
        var chosen = new List<IAcceptanceCase>();
        bool listsOnly = false;
        Dictionary<DataFolder, string> folders = DataFolder.FromEnvironment();
        problem = "";
        for (int i = 0; i < arguments.Count && problem.Length == 0; i++)
        {
            string name = arguments[i];
            string? value = i + 1 < arguments.Count ? arguments[i + 1] : null;
            if (name == "--list")
            {
                listsOnly = true;
                continue;
            }
            i++;
            if (name == "--only" && cases.FirstOrDefault(@case => @case.Name == value) is { } one)
                chosen.Add(one);
            else if (name == "--only")
                problem = $"There is no case {value}. The cases are {string.Join(", ", cases.Select(@case => @case.Name))}.";
            else if (DataFolder.All.FirstOrDefault(data => data.Option == name) is not { } data)
                problem = $"{name} is no option.";
            else if (value is null)
                problem = $"{name} wants a folder.";
            else
                folders[data] = value;
        }
        read = new AcceptanceArguments(chosen.Count > 0 ? chosen : cases, listsOnly, folders);
        return problem.Length == 0;
    }
}
