using CouponGrains.Domain.Models.Response;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Domain.Models;

/// <summary>Which training options are accepted.</summary>
public static class TrainingRules
{
    /// <summary>The most epochs of the offer generator.</summary>
    public const int OfferEpochsMax = 10_000;

    /// <summary>Null if all is well, otherwise the first option out of its range, with
    /// <see cref="RefusalCodes.InvalidValue"/> and a pointer to it.</summary>
    public static Refusal? Check(TrainingOptions options) => options switch
    {
        { Rank: < 1 or > SpectralRules.RankMax } => Refused(
            "rank", $"must be 1 to {SpectralRules.RankMax}, but was {options.Rank}"),
        { OfferEpochs: < 0 or > OfferEpochsMax } => Refused(
            "offerEpochs", $"must be 0 to {OfferEpochsMax}, but was {options.OfferEpochs}"),
        { HoldOutShare: not (>= 0 and <= 0.5) } => Refused(
            "holdOutShare", $"must be 0 to 0.5, but was {options.HoldOutShare}"),
        { Tune: true, HoldOutShare: 0 } => Refused(
            "holdOutShare", "is 0, and options are searched for on the held-out part"),
        { ResponseEncoder: not (ResponseEncoder.None or ResponseEncoder.Gru or ResponseEncoder.Convolution) } => Refused(
            "responseEncoder", "is none, gru or convolution"),
        { Reason.Length: > ModelPromotion.ReasonLengthMax } => Refused(
            "reason", $"must have at most {ModelPromotion.ReasonLengthMax} characters"),
        _ when BehaviourRules.Check(options.Weights) is { } refusal => Inside("weights", refusal),
        _ when SpectralRules.Check(options.Spectral) is { } refusal => Inside("spectral", refusal),
        _ => null,
    };

    private static Refusal Refused(string name, string why) =>
        new(RefusalCodes.InvalidValue, $"{name} {why}.", $"/{name}");

    private static Refusal Inside(string part, Refusal refusal) =>
        refusal with { Pointer = $"/{part}{refusal.Pointer}" };
}
