using System.Runtime.InteropServices;

namespace MLNet.Generative;

/// <summary>
/// Asks libtorch's OpenMP, while it is loaded, to let idle threads sleep instead of spin. Spinning threads take the processors from those they wait for as soon as anything
/// else runs on the machine: beside a busy process, training with a thread per processor was 60 times slower with spinning.
/// </summary>
/// <remarks>
/// GNU's OpenMP, which libtorch brings on Linux, reads the variables once, when it is loaded. They are set in the environment of native code only, which .NET does not pass on to other
/// processes, and taken back. A user who sets <c>OMP_WAIT_POLICY</c> or <c>GOMP_SPINCOUNT</c> has it his way.
/// </remarks>
internal sealed class PassiveWaiting : IDisposable
{
    private const string Variable = "OMP_WAIT_POLICY";

    private readonly bool _isSet;

    private PassiveWaiting(bool isSet) => _isSet = isSet;

    /// <summary>Sets the variable until the result is disposed of.</summary>
    public static PassiveWaiting WhileLoading()
    {
        bool isOurs = OperatingSystem.IsLinux() && !IsSet(Variable) && !IsSet("GOMP_SPINCOUNT");
        return new PassiveWaiting(isOurs && SetVariable(Variable, "passive", overwrite: 0) == 0);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isSet)
            _ = UnsetVariable(Variable);
    }

    /// <summary>Whether native code sees a variable.</summary>
    internal static bool IsSet(string name) => GetVariable(name) != 0;

    [DllImport("libc", EntryPoint = "getenv", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern nint GetVariable([MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    [DllImport("libc", EntryPoint = "setenv", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int SetVariable([MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);

    [DllImport("libc", EntryPoint = "unsetenv", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int UnsetVariable([MarshalAs(UnmanagedType.LPUTF8Str)] string name);
}
