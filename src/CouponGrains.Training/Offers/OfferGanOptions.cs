using CouponGrains.Domain;
using CouponGrains.Training.Models;
using static TorchSharp.torch;

namespace CouponGrains.Training.Offers;

/// <summary>Where the generator is trained.</summary>
public enum OfferGanDevice
{
    /// <summary>On the CUDA device where there is one, else on the CPU.</summary>
    Auto,

    /// <summary>On the CPU, with one thread: one seed gives one generator.</summary>
    Cpu,

    /// <summary>On the first CUDA device; refused with <see cref="RefusalCodes.NoDevice"/> without one. One seed need
    /// not give one generator there: sums are added in no fixed order.</summary>
    Cuda,
}

/// <summary>How the generator is trained.</summary>
public sealed record OfferGanOptions
{
    /// <summary>Passes over the examples.</summary>
    public int Epochs { get; init; } = 100;

    /// <summary>Examples in one step; a multiple of 4, which the critic judges at once.</summary>
    public int Batch { get; init; } = 64;

    /// <summary>Steps of the critic for each of the generator.</summary>
    public int CriticSteps { get; init; } = 2;

    /// <summary>Adam's step size.</summary>
    public double LearningRate { get; init; } = 3e-4;

    /// <summary>λ of the gradient penalty.</summary>
    public double Penalty { get; init; } = 10;

    /// <summary>The share of hidden units dropped in training.</summary>
    public double Dropout { get; init; }

    /// <summary>The share of the old in the running mean of the generator's weights, which is what is kept: single
    /// steps of such a game jump about, their mean does not (Yazıcı et al. 2019). 0 keeps the last step.</summary>
    public double Averaging { get; init; } = 0.99;

    /// <summary>Where it is trained.</summary>
    public OfferGanDevice Device { get; init; } = OfferGanDevice.Auto;

    /// <summary>The numbers of the brief's example: dropout 0.3, 100 epochs, batches of 32.</summary>
    public static OfferGanOptions Brief { get; } = new() { Dropout = 0.3, Epochs = 100, Batch = 32 };

    /// <summary>Seed of weights, noise and the order of examples.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The device. Throws <see cref="RefusedException"/> with <see cref="RefusalCodes.NoDevice"/> where CUDA
    /// is asked for and not there.</summary>
    internal Device Place() =>
        Device == OfferGanDevice.Cuda || (Device == OfferGanDevice.Auto && CudaDevice.IsThere) ? CudaDevice.Open() : CPU;
}
