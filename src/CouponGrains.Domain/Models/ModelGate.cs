namespace CouponGrains.Domain.Models;

/// <summary>Decides whether a trained model may go into force.</summary>
public static class ModelGate
{
    /// <summary>How much worse than the model in force, relatively, a new one may be: 5 %.</summary>
    public const double Tolerance = 0.05;

    /// <summary>Null if <paramref name="candidate"/> may go into force, otherwise why not
    /// (<see cref="RefusalCodes.GateFailed"/>).</summary>
    public static Refusal? Check(ModelMetrics candidate, ModelMetrics? current) => throw new NotImplementedException();
}
