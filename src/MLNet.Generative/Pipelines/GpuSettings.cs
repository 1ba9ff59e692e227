using System.ComponentModel;
using Microsoft.ML.Runtime;

namespace MLNet.Generative;

/// <summary>What the user of an <c>MLContext</c> wants of a GPU. For the authors of estimators in this family of packages.</summary>
/// <param name="DeviceId">Which GPU, from 0; <see langword="null"/> for the CPU.</param>
/// <param name="FallbackToCpu">Whether the CPU will do where there is no such GPU.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct GpuSettings(int? DeviceId, bool FallbackToCpu)
{
    /// <summary>The settings of the <c>MLContext</c> that a host belongs to.</summary>
    /// <param name="environment">The host.</param>
    public static GpuSettings Of(IHostEnvironment environment) =>
        environment is IHostEnvironmentInternal settings ? new GpuSettings(settings.GpuDeviceId, settings.FallbackToCpu) : new GpuSettings(null, true);
}
