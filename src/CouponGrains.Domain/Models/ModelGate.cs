namespace CouponGrains.Domain.Models;

/// <summary>Decides whether a trained model may go into force.</summary>
public static class ModelGate
{
    /// <summary>How much worse than the model in force, relatively, a new one may be: 5 %.</summary>
    public const double Tolerance = 0.05;

    /// <summary>Null if <paramref name="candidate"/> may go into force, otherwise why not
    /// (<see cref="RefusalCodes.GateFailed"/>). The two were measured on different later parts of the log; where
    /// popularity does worse on the candidate's part than on the other, the part is harder and the bar is lowered as
    /// much.</summary>
    public static Refusal? Check(ModelMetrics candidate, ModelMetrics? current)
    {
        if (!IsShare(candidate.HitRate10) || !IsShare(candidate.Ndcg10))
        {
            return Refused($"its metrics are not shares: hit rate {candidate.HitRate10}, NDCG {candidate.Ndcg10}");
        }

        if (current is null || current.Users == 0)
        {
            return null;
        }

        if (candidate.Users == 0)
        {
            return Refused("it was measured on nobody, and the model in force was measured");
        }

        var (now, then) = (candidate, current);
        return Worse("NDCG at 10", now.Ndcg10, now.PopularityNdcg10, then.Ndcg10, then.PopularityNdcg10)
            ?? Worse(
                "hit rate at 10", now.HitRate10, now.PopularityHitRate10, then.HitRate10, then.PopularityHitRate10);
    }

    private static Refusal? Worse(
        string name, double candidate, double candidateBaseline, double current, double currentBaseline)
    {
        var ease = currentBaseline > 0 ? Math.Min(1, candidateBaseline / currentBaseline) : 1;
        var bar = current * ease * (1 - Tolerance);
        return candidate >= bar ? null : Refused($"its {name} is {candidate:F4}, and at least {bar:F4} is asked for");
    }

    private static bool IsShare(double value) => value is >= 0 and <= 1;

    private static Refusal Refused(string why) =>
        new(RefusalCodes.GateFailed, $"The model does not go into force: {why}.");
}
