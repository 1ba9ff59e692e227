using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Tests that look at or change what the whole process shares, such as libtorch's global generator or the console: they run alone.</summary>
[CollectionDefinition(nameof(ProcessWideState), DisableParallelization = true)]
public sealed class ProcessWideState;
