// Loads libtorch and adds three numbers with it: TorchSum [NAME=VALUE ...] [LIBRARY ...]
// Sets environment variables and loads native libraries as a user might, first. Prints what it is told, then the sum or the error's type and message.
using System.Runtime.InteropServices;
using MLNet.Generative;
using TorchSharp;

foreach (string argument in args)
{
    if (argument.Split('=', 2) is [string name, string value])
        Environment.SetEnvironmentVariable(name, value);
    else
        NativeLibrary.Load(argument);
}

try
{
    LibTorch.EnsureLoaded(message => Console.WriteLine($"told: {message}"));
    LibTorch.EnsureLoaded(message => Console.WriteLine($"told again: {message}"));
    Console.WriteLine($"sum: {Sum()}");
}
catch (Exception failure)
{
    Exception cause = failure is TypeInitializationException { InnerException: { } inner } ? inner : failure;
    Console.WriteLine($"{cause.GetType().Name}: {cause.Message}");
}

static float Sum()
{
    using torch.Tensor numbers = torch.tensor((float[])[1, 2, 4]);
    return numbers.sum().item<float>();
}
