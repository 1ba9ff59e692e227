using System.ComponentModel;
using Microsoft.ML.Runtime;

namespace MLNet.Generative;

/// <summary>What the user of an <c>MLContext</c> wants of a GPU. For the authors of estimators in this family of packages.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class GpuSettings
{
    private GpuSettings(int? deviceId, bool fallbackToCpu)
    {
        DeviceId = deviceId;
        FallbackToCpu = fallbackToCpu;
    }

    /// <summary>Which GPU, from 0; <see langword="null"/> for the CPU.</summary>
    public int? DeviceId { get; }

    /// <summary>Whether the CPU will do where there is no such GPU.</summary>
    public bool FallbackToCpu { get; }

    /// <summary>The settings of the <c>MLContext</c> that a host belongs to.</summary>
    /// <param name="environment">The host.</param>
    public static GpuSettings Of(IHostEnvironment environment) =>
        environment is IHostEnvironmentInternal settings ? new GpuSettings(settings.GpuDeviceId, settings.FallbackToCpu) : new GpuSettings(null, true);
}
