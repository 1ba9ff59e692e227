// Loads libtorch and adds three numbers with it: TorchSum [NAME=VALUE ...]
// The arguments are environment variables. An empty value removes one. Prints what it is told, then the sum or the error's type and message.
using MLNet.Generative;
using TorchSharp;

foreach (string[] variable in args.Select(argument => argument.Split('=', 2)))
    Environment.SetEnvironmentVariable(variable[0], variable[1]);

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
