using CouponGrains.Domain;
using static TorchSharp.torch;

namespace CouponGrains.Training.Models;

/// <summary>The first CUDA device. A build without CUDA (<c>-p:TorchBackend=cpu</c>, the default) is recognised by its
/// files, so that nothing is loaded to find out.</summary>
public static class CudaDevice
{
    private const string Library = "libtorch_cuda.so";

    private static readonly Lazy<bool> Found = new(Find);

    /// <summary>True if the build has CUDA and there is a device.</summary>
    public static bool IsThere => Found.Value;

    /// <summary>The device. Throws <see cref="RefusedException"/> with <see cref="RefusalCodes.NoDevice"/> if there is
    /// none.</summary>
    public static Device Open() => IsThere
        ? device("cuda:0")
        : throw new RefusedException(RefusalCodes.NoDevice,
            "There is no CUDA device here, or the build is without CUDA: build with -p:TorchBackend=cuda-linux.");

    private static bool Find()
    {
        string[] folders = [AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native")];
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, Library))))
        {
            return false;
        }

        LibTorchLoader.Ensure();
        return cuda.is_available();
    }
}
