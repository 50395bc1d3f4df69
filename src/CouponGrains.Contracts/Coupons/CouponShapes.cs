using CouponGrains.Domain;
using CouponGrains.Domain.Coupons;

namespace CouponGrains.Contracts.Coupons;

/// <remarks>The members from 14 on came later: a silo of an older version leaves them out.</remarks>
[GenerateSerializer, Alias("cg.coupon")]
internal struct CouponShape
{
    [Id(0)] public string Code;
    [Id(1)] public UserId User;
    [Id(2)] public OfferId Offer;
    [Id(3)] public CampaignId Campaign;
    [Id(4)] public string IssueKey;
    [Id(5)] public CouponState State;
    [Id(6)] public DateTimeOffset IssuedAt;
    [Id(7)] public DateTimeOffset ExpiresAt;
    [Id(8)] public DateTimeOffset? ViewedAt;
    [Id(9)] public DateTimeOffset? ClaimedAt;
    [Id(10)] public int? Rating;
    [Id(11)] public ModelVersion Model;
    [Id(12)] public double Score;
    [Id(13)] public double Propensity;
    [Id(14)] public double? RedemptionProbability;
    [Id(15)] public int UsesMax;
    [Id(16)] public int Uses;
}

[RegisterConverter, RegisterCopier]
internal sealed class CouponConverter : Shaped<Coupon, CouponShape>
{
    public override CouponShape ConvertToSurrogate(in Coupon value) => new()
    {
        Code = value.Code,
        User = value.User,
        Offer = value.Offer,
        Campaign = value.Campaign,
        IssueKey = value.IssueKey,
        State = value.State,
        IssuedAt = value.IssuedAt,
        ExpiresAt = value.ExpiresAt,
        ViewedAt = value.ViewedAt,
        ClaimedAt = value.ClaimedAt,
        Rating = value.Rating,
        Model = value.Model,
        Score = value.Score,
        Propensity = value.Propensity,
        RedemptionProbability = value.RedemptionProbability,
        UsesMax = value.UsesMax,
        Uses = value.Uses,
    };

    public override Coupon ConvertFromSurrogate(in CouponShape shape) => new()
    {
        Code = shape.Code,
        User = shape.User,
        Offer = shape.Offer,
        Campaign = shape.Campaign,
        IssueKey = shape.IssueKey,
        State = shape.State,
        IssuedAt = shape.IssuedAt,
        ExpiresAt = shape.ExpiresAt,
        ViewedAt = shape.ViewedAt,
        ClaimedAt = shape.ClaimedAt,
        Rating = shape.Rating,
        Model = shape.Model,
        Score = shape.Score,
        Propensity = shape.Propensity,
        RedemptionProbability = shape.RedemptionProbability,
        UsesMax = Math.Max(1, shape.UsesMax),
        Uses = shape is { UsesMax: 0, State: CouponState.Redeemed } ? 1 : shape.Uses,
    };
}
