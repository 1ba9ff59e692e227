using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.Generative;

/// <summary>What a data view has of ML.NET: checks of the columns that it reads, the wish to stop, and a folder for temporary files.</summary>
internal sealed class ViewHost
{
    private readonly IHost _host;

    private ViewHost(IHost host) => _host = host;

    /// <summary>The folder that the user of the <c>MLContext</c> wants temporary files in.</summary>
    public string TemporaryFolder => _host is IHostEnvironmentInternal settings ? settings.TempFilePath : Path.GetTempPath();

    /// <summary>A host for a view that a catalog makes, once ML.NET is known to have what this package needs of it.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="name">The name of the operation.</param>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/> is null.</exception>
    /// <exception cref="NotSupportedException">This version of ML.NET lacks what this package needs.</exception>
    public static ViewHost Of(DataOperationsCatalog catalog, string name)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        MLNetInternals.Require();
        return Register(catalog, name);
    }

    /// <summary>Throws if the <c>MLContext</c> was cancelled.</summary>
    /// <exception cref="OperationCanceledException">It was.</exception>
    public void CheckAlive() => _host.CheckAlive();

    /// <summary>Finds a column and checks its type.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="role">What the column is for.</param>
    /// <param name="parameter">The parameter that names it.</param>
    /// <param name="name">Its name.</param>
    /// <param name="isValid">Whether a type will do.</param>
    /// <param name="expected">The types that will do, in words.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or has another type.</exception>
    public DataViewSchema.Column FindColumn(DataViewSchema schema, string role, string parameter, string name, Predicate<DataViewType> isValid, string expected)
    {
        if (schema.GetColumnOrNull(name) is not { } column)
            throw _host.ExceptParam(parameter, $"Could not find {role} column '{name}'. The columns are: {string.Join(", ", schema.Select(c => $"'{c.Name}'"))}.");
        if (!isValid(column.Type))
            throw _host.ExceptSchemaMismatch(parameter, role, name, expected, column.Type.ToString());
        return column;
    }

    // Not inlined: only after the check may the compiler look for members of ML.NET that could be missing.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ViewHost Register(IInternalCatalog catalog, string name) => new(catalog.Environment.Register(name));
}
