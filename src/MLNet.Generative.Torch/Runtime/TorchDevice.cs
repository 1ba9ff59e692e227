using TorchSharp;

namespace MLNet.Generative;

internal static class TorchDevice
{
    public static torch.Device Resolve(int? gpuDeviceId, bool fallbackToCpu, Action<string>? log = null) => torch.CPU;
}
