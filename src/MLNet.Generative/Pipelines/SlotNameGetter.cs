using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative;

/// <summary>The names of a vector's slots, as ML.NET asks for them.</summary>
internal static class SlotNameGetter
{
    /// <summary>A getter that copies the names into the caller's buffer.</summary>
    public static ValueGetter<VBuffer<ReadOnlyMemory<char>>> Create(IEnumerable<string> slotNames)
    {
        ReadOnlyMemory<char>[] names = [.. slotNames.Select(name => name.AsMemory())];
        return (ref VBuffer<ReadOnlyMemory<char>> value) =>
        {
            VBufferEditor<ReadOnlyMemory<char>> editor = VBufferEditor.Create(ref value, names.Length);
            names.CopyTo(editor.Values);
            value = editor.Commit();
        };
    }
}
