using TorchSharp;

namespace MLNet.Generative;

/// <summary>The device on which tensors are computed.</summary>
internal static class TorchDevice
{
    /// <summary>Chooses the device as <c>MLContext.GpuDeviceId</c> and <c>MLContext.FallbackToCpu</c> ask.</summary>
    /// <param name="gpuDeviceId">The index of the GPU, or null for the CPU.</param>
    /// <param name="fallbackToCpu">Whether the CPU will do where there is no GPU that libtorch can use.</param>
    /// <param name="log">Told if the CPU is taken for the GPU that was asked for.</param>
    /// <returns>The device.</returns>
    /// <exception cref="InvalidOperationException">There is no such GPU.</exception>
    public static torch.Device Resolve(int? gpuDeviceId, bool fallbackToCpu, Action<string>? log = null)
    {
        LibTorch.EnsureLoaded(log);
        int? index = Choose(gpuDeviceId, fallbackToCpu, CountGpus, log);
        return index is { } gpu ? new torch.Device(DeviceType.CUDA, gpu) : torch.CPU;
    }

    /// <summary>The choice itself: the index of a GPU, or null for the CPU.</summary>
    /// <param name="gpuDeviceId">The index that was asked for.</param>
    /// <param name="fallbackToCpu">Whether the CPU will do.</param>
    /// <param name="countGpus">Counts the GPUs; not called unless one was asked for, since it makes libtorch start CUDA.</param>
    /// <param name="log">Told if the CPU is taken instead.</param>
    public static int? Choose(int? gpuDeviceId, bool fallbackToCpu, Func<int> countGpus, Action<string>? log)
    {
        if (gpuDeviceId is not { } index)
            return null;
        int count = index >= 0 ? countGpus() : 0;
        if (index >= 0 && index < count)
            return index;
        // A wrong index is a mistake that the CPU would only hide; no GPU at all is what the fallback is for.
        if (index < 0 || count > 0)
            throw new InvalidOperationException($"The GPU with index {index} was asked for, but {Found(index, count)}. Set GpuDeviceId to an index that exists, or to null for the CPU.");
        string missing = $"The GPU with index {index} was asked for, but libtorch finds none that it can use";
        if (!fallbackToCpu)
        {
            throw new InvalidOperationException($"{missing}. Set FallbackToCpu to true or GpuDeviceId to null to compute on the CPU, "
                + "or add a package of libtorch with CUDA for this system (TorchSharp-cuda-linux, TorchSharp-cuda-windows) and NVIDIA's driver.");
        }
        log?.Invoke($"{missing}: the CPU is used instead, since FallbackToCpu is true.");
        return null;
    }

    private static string Found(int index, int count) => index < 0 ? "indices start at 0"
        : count == 1 ? "there is one GPU, with index 0"
        : $"there are {count} GPUs, with indices from 0 to {count - 1}";

    private static int CountGpus() => torch.cuda.is_available() ? torch.cuda.device_count() : 0;
}
