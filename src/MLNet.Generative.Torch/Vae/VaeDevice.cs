using Microsoft.ML.Runtime;
using TorchSharp;

namespace MLNet.Generative;

/// <summary>Where a model is trained and scored: what the options say, otherwise what the <c>MLContext</c> says, otherwise the CPU.</summary>
internal static class VaeDevice
{
    /// <summary>The device. Loads libtorch.</summary>
    /// <param name="host">A host of the <c>MLContext</c>.</param>
    /// <param name="options">The options; <see langword="null"/> for a model that is loaded.</param>
    /// <param name="log">Told what the user should know.</param>
    /// <exception cref="InvalidOperationException">The GPU does not exist, and the CPU will not do.</exception>
    public static torch.Device For(IHostEnvironment host, VaeEstimator.Options? options, Action<string>? log)
    {
        GpuSettings settings = GpuSettings.Of(host);
        return TorchDevice.Resolve(options?.GpuDeviceId ?? settings.DeviceId, options?.FallbackToCpu ?? settings.FallbackToCpu, log);
    }
}
