using CouponGrains.Domain.Models;

namespace CouponGrains.Training.Models;

/// <summary>The share of the whole run at which each stage ends.</summary>
/// <param name="Read">Reading the log.</param>
/// <param name="Tuned">Searching for options; where none are searched for, as <paramref name="Read"/>.</param>
/// <param name="Measured">Measuring on the held-out part.</param>
/// <param name="Factorised">The SVD and the neighbours.</param>
/// <param name="Designed">The offer generator.</param>
internal sealed record TrainingSteps(double Read, double Tuned, double Measured, double Factorised, double Designed)
{
    /// <summary>The steps of a run: a search takes most of its time.</summary>
    public static TrainingSteps Of(TrainingOptions options) => options.Tune
        ? new(0.05, 0.75, 0.78, 0.82, 0.99)
        : new(0.25, 0.25, 0.4, 0.5, 0.99);
}
