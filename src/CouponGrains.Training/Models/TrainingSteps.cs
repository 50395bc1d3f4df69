namespace CouponGrains.Training.Models;

/// <summary>The share of the whole run at which each stage ends.</summary>
internal static class TrainingSteps
{
    public const double Read = 0.25;
    public const double Measured = 0.4;
    public const double Factorised = 0.5;
    public const double Designed = 0.99;
}
