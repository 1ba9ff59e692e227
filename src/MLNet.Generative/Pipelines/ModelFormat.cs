using System.ComponentModel;
using Microsoft.ML;

namespace MLNet.Generative;

/// <summary>How a kind of transformer is marked in a model file. For the authors of transformers in this family of packages.</summary>
/// <param name="Signature">Eight characters that mark the kind.</param>
/// <param name="LoaderSignature">The name under which its loader is registered.</param>
/// <param name="Written">The version of the format that is written now.</param>
/// <param name="Readable">The oldest version of the code that can read what is written now.</param>
/// <param name="Oldest">The oldest version of the format that can still be read.</param>
/// <param name="Loader">The type that loads it.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ModelFormat(string Signature, string LoaderSignature, uint Written, uint Readable, uint Oldest, Type Loader)
{
    internal VersionInfo ToVersionInfo() => new(
        modelSignature: Signature,
        verWrittenCur: Written,
        verReadableCur: Readable,
        verWeCanReadBack: Oldest,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: Loader.Assembly.FullName);
}
