using CouponGrains.Domain;
using CouponGrains.Training.Models;
using TorchSharp;

namespace CouponGrains.Training.Tests.Models;

public sealed class TorchSvdTests
{
    [Fact]
    public void The_solver_in_torch_equals_the_one_on_the_processor()
    {
        LibTorchLoader.Ensure();
        var r = SparseMatrices.Grouped(900, 300, seed: 5);
        var options = new SvdOptions { Rank = 12, Tolerance = 1e-5 };
        var ours = TruncatedSvd.Decompose(r, options with { Device = SvdDevice.Cpu }, default);
        var torchs = TruncatedSvd.Decompose(r, options, torch.device("cpu"), default);
        Assert.Equal(ours.Iterations, torchs.Iterations);
        Assert.Equal("torch cpu", torchs.Backend);
        Assert.StartsWith("cpu, ", ours.Backend);
        for (var i = 0; i < ours.Rank; i++)
        {
            Assert.Equal(1, torchs.SingularValues[i] / ours.SingularValues[i], 1e-4);
        }

        for (var i = 0; i < ours.V.Length; i++)
        {
            Assert.Equal(ours.V[i], torchs.V[i], 1e-4f);
        }
    }

    [Fact]
    public void A_device_that_is_not_there_is_refused()
    {
        Assert.SkipWhen(CudaDevice.IsThere, "This build has CUDA and a device.");
        var refused = Assert.Throws<RefusedException>(() => TruncatedSvd.Decompose(
            SparseMatrices.Random(10, 5, 0.5, seed: 1), new() { Rank = 2, Device = SvdDevice.Cuda }, default));
        Assert.Equal(RefusalCodes.NoDevice, refused.Refusal.Code);
    }
}
