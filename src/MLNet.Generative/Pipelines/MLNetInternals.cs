using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNet.Generative;

/// <summary>
/// The members of ML.NET that are not public there and that this package uses. A newer ML.NET may lack one: the doors check the list once, so that the user reads
/// one clear message instead of a <see cref="MissingMethodException"/> from deep inside. A test compares the list with what the compiled package really uses.
/// </summary>
internal static class MLNetInternals
{
    private static readonly Assembly Core = typeof(IHostEnvironment).Assembly;
    private static readonly Assembly Data = typeof(TransformsCatalog).Assembly;

    /// <summary>Each type, and the members of it that are used.</summary>
    public static IReadOnlyList<(Assembly Assembly, string Type, string[] Members)> Used { get; } =
    [
        (Core, "Microsoft.ML.Data.AnnotationBuilderExtensions", ["AddKeyValues", "AddSlotNames"]),
        (Core, "Microsoft.ML.Data.AnnotationUtils", ["get_ScoreColumnSetIdType", "GetMaxAnnotationKind", "GetTrainerOutputAnnotation"]),
        (Core, "Microsoft.ML.LoadableClassAttribute", [".ctor"]),
        (Core, "Microsoft.ML.ModelHeader", ["ModelSignature", "ModelVerReadable"]),
        (Core, "Microsoft.ML.ModelLoadContext", ["CheckAtModel", "Header", "LoadModel", "Reader"]),
        (Core, "Microsoft.ML.ModelSaveContext", ["CheckAtModel", "SaveModel", "SetVersionInfo", "Writer"]),
        (Core, "Microsoft.ML.Runtime.Contracts", ["CheckAlive", "CheckValue", "Except", "ExceptDecode", "ExceptParam", "ExceptSchemaMismatch"]),
        (Core, "Microsoft.ML.Runtime.HostExtensions", ["Info", "Warning"]),
        (Core, "Microsoft.ML.Runtime.IHostEnvironmentInternal", ["get_FallbackToCpu", "get_GpuDeviceId", "get_TempFilePath"]),
        (Core, "Microsoft.ML.SchemaShape", ["Create", "GetColumnTypeShape", "TryFindColumn"]),
        (Core, "Microsoft.ML.SchemaShape+Column", [".ctor", "GetTypeString"]),
        (Core, "Microsoft.ML.SignatureLoadModel", []),
        (Core, "Microsoft.ML.TrainerInfo", [".ctor"]),
        (Core, "Microsoft.ML.VersionInfo", [".ctor", "ModelSignature"]),
        (Data, "Microsoft.ML.Data.ArrayDataViewBuilder", [".ctor", "AddColumn", "GetDataView"]),
        (Data, "Microsoft.ML.Data.DataViewConstructionUtils", ["CreateFromList"]),
        (Data, "Microsoft.ML.Data.EmptyDataView", [".ctor"]),
        (Data, "Microsoft.ML.Data.IDataTransform", []),
        (Data, "Microsoft.ML.Data.IInternalCatalog", ["get_Environment"]),
        (Data, "Microsoft.ML.Data.IRowMapper", []),
        (Data, "Microsoft.ML.Data.RowToRowTransformerBase", [".ctor", "Host", "MakeRowMapper", "SaveModel"]),
        (Data, "Microsoft.ML.Data.RowToRowTransformerBase+MapperBase", [".ctor", "CreateGetters", "GetDependenciesCore", "GetOutputColumnsCore", "Host", "InputSchema", "MakeGetter", "SaveModel"]),
        (Data, "Microsoft.ML.Data.SignatureLoadRowMapper", []),
    ];

    private static Lazy<string?> Problem { get; } = new(() => Describe(Find(Used)));

    /// <summary>Throws if the ML.NET at hand lacks a member that this package uses.</summary>
    /// <exception cref="NotSupportedException">ML.NET lacks such a member.</exception>
    public static void Require()
    {
        if (Problem.Value is { } problem)
            throw new NotSupportedException(problem);
    }

    /// <summary>The types and members of the list that do not exist.</summary>
    public static List<string> Find(IEnumerable<(Assembly Assembly, string Type, string[] Members)> used)
    {
        const BindingFlags any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;
        var missing = new List<string>();
        foreach ((Assembly assembly, string typeName, string[] members) in used)
        {
            Type? type = assembly.GetType(typeName);
            if (type is null)
                missing.Add(typeName);
            else
                missing.AddRange(members.Where(member => type.GetMember(member, any).Length == 0).Select(member => $"{typeName}.{member}"));
        }
        return missing;
    }

    /// <summary>What to tell the user; <see langword="null"/> if nothing is missing.</summary>
    public static string? Describe(IReadOnlyCollection<string> missing) =>
        missing.Count == 0
            ? null
            : $"This version of MLNet.Generative does not work with Microsoft.ML {Data.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}, which lacks {string.Join(", ", missing)}. "
              + "Reference the version of Microsoft.ML that the MLNet.Generative package names, or a newer MLNet.Generative.";
}
