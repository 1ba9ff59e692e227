namespace MLNet.Generative;

/// <summary>Where a sorted run lies in a file.</summary>
/// <param name="Begin">The offset of its first byte.</param>
/// <param name="End">The offset behind its last.</param>
internal readonly record struct FileRun(long Begin, long End);
