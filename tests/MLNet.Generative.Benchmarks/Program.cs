using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using MLNet.Generative.Acceptance;

// dotnet run -c Release --project tests/MLNet.Generative.Benchmarks -- --filter '*'
// dotnet run -c Release --project tests/MLNet.Generative.Benchmarks -- acceptance --list
if (args is ["acceptance", .. string[] rest])
    return new AcceptanceCommand(AcceptanceCommand.AllCases, Console.Out).Run(rest);

// In process, because a benchmark that BenchmarkDotNet builds for itself would not see the repository's build settings.
Job job = Job.Default
    .WithToolchain(InProcessEmitToolchain.Instance)
    .WithWarmupCount(3)
    .WithIterationCount(9);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, DefaultConfig.Instance.AddJob(job));
return 0;
