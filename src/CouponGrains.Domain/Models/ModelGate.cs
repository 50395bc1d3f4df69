namespace CouponGrains.Domain.Models;

/// <summary>Decides whether a trained model may go into force.</summary>
public static class ModelGate
{
    /// <summary>How much worse than the model in force, relatively, a new one may be: 5 %.</summary>
    public const double Tolerance = 0.05;

    /// <summary>The fewest issues that a response model must have been measured on to be held back.</summary>
    public const int IssuesMin = 200;

    /// <summary>How much smaller than that of the model in force the area under the curve of a new one may
    /// be.</summary>
    public const double AucTolerance = 0.02;

    /// <summary>Null if <paramref name="candidate"/> may go into force, otherwise why not
    /// (<see cref="RefusalCodes.GateFailed"/>). The two were measured on different later parts of the log; where
    /// popularity does worse on the candidate's part than on the other, the part is harder and the bar is lowered as
    /// much. A response model is compared on the candidate's own newest issues: with the base rates of the segments,
    /// and with the response model in force, which the run measured on the same issues.</summary>
    public static Refusal? Check(ModelMetrics candidate, ModelMetrics? current) =>
        CheckItems(candidate, current) ?? (candidate.Response is { } response ? CheckResponse(response) : null);

    /// <summary>Null if a response model with these figures may be served, otherwise why not
    /// (<see cref="RefusalCodes.GateFailed"/>). A training run asks before it puts the model into the
    /// artifact.</summary>
    public static Refusal? CheckResponse(ResponseMetrics response)
    {
        if (!double.IsFinite(response.LogLoss) || response.LogLoss < 0 || !IsShare(response.Auc)
            || !IsShare(response.CalibrationError))
        {
            return Refused(
                $"the metrics of its response model are none: log loss {response.LogLoss}, AUC {response.Auc}");
        }

        if (response.Issues < IssuesMin)
        {
            return null;
        }

        if (response.LogLoss > response.PriorLogLoss * (1 + Tolerance))
        {
            return Refused($"the log loss of its response model is {response.LogLoss:F4}, worse than that of the "
                + $"segments' base rates, {response.PriorLogLoss:F4}");
        }

        if (response.LogLoss > response.CurrentLogLoss * (1 + Tolerance))
        {
            return Refused($"the log loss of its response model is {response.LogLoss:F4}, and that of the one in force "
                + $"{response.CurrentLogLoss:F4} on the same issues");
        }

        return response.Auc < response.CurrentAuc - AucTolerance
            ? Refused($"the AUC of its response model is {response.Auc:F4}, and that of the one in force "
                + $"{response.CurrentAuc:F4} on the same issues")
            : null;
    }

    private static Refusal? CheckItems(ModelMetrics candidate, ModelMetrics? current)
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
