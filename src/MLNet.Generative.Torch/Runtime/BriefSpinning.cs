using System.Runtime.InteropServices;

namespace MLNet.Generative;

/// <summary>
/// Asks libtorch's OpenMP, while it is loaded, to let idle threads spin only briefly before they sleep. Spinning threads take the processors from those they wait for as soon as
/// anything else runs on the machine: with a thread per processor and OpenMP's own 300,000 spins, training beside busy processes was 25 to 60 times slower. With 1,000 it loses half beside two busy
/// processes on four processors, and on a quiet machine some 15 % against endless spinning.
/// </summary>
/// <remarks>
/// GNU's OpenMP, which libtorch brings on Linux, reads the variables once, when it is loaded. They are set in the environment of native code only, which .NET does not pass on to other
/// processes, and taken back. A user who sets <c>OMP_WAIT_POLICY</c> or <c>GOMP_SPINCOUNT</c> has it his way.
/// </remarks>
internal sealed class BriefSpinning : IDisposable
{
    private const string Variable = "GOMP_SPINCOUNT";
    private const string Spins = "1000";

    private readonly bool _isSet;

    private BriefSpinning(bool isSet) => _isSet = isSet;

    /// <summary>Sets the variable until the result is disposed of.</summary>
    public static BriefSpinning WhileLoading()
    {
        bool isOurs = OperatingSystem.IsLinux() && !IsSet(Variable) && !IsSet("OMP_WAIT_POLICY");
        return new BriefSpinning(isOurs && SetVariable(Variable, Spins, overwrite: 0) == 0);
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
