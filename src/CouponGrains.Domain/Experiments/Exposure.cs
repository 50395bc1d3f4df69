namespace CouponGrains.Domain.Experiments;

/// <summary>What was known when an offer was shown to a user, or issued to him. Every later event of a coupon repeats
/// it, so that an outcome tells by itself what was expected of it.</summary>
/// <param name="Model">The model that ranked it, <see cref="ModelVersion.None"/> if it was given by hand.</param>
/// <param name="Position">Its place in the list, from 1; 1 for an issue.</param>
/// <param name="At">When it was shown or issued.</param>
/// <param name="Score">What it was ranked by.</param>
/// <param name="RedemptionProbability">The redemption probability told by the response model, 0 to 1; null where no
/// model told one.</param>
public sealed record Exposure(
    ModelVersion Model, int Position, DateTimeOffset At, double Score, double? RedemptionProbability = null)
{
    /// <summary>The first rule that it breaks, or null. The pointer is relative to the event.</summary>
    internal Refusal? Check() => this switch
    {
        { Position: < 1 or > ListRules.CountMax } =>
            new(RefusalCodes.InvalidValue, $"A position is 1 to {ListRules.CountMax}.", "/exposure/position"),
        _ when !double.IsFinite(Score) =>
            new(RefusalCodes.InvalidValue, "A score is a finite number.", "/exposure/score"),
        { RedemptionProbability: { } p } when p is not (>= 0 and <= 1) => new(
            RefusalCodes.InvalidValue, "A redemption probability is 0 to 1.", "/exposure/redemptionProbability"),
        _ => null,
    };
}
