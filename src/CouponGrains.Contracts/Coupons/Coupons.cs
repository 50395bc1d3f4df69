using CouponGrains.Domain;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Ranking;

namespace CouponGrains.Contracts.Coupons;

/// <summary>A wish to issue a coupon to a user.</summary>
/// <param name="Key">The caller's key: the same key gives the same coupon.</param>
/// <param name="Campaign">The campaign that pays.</param>
/// <param name="Offer">The offer, or null for the one that suits the user best.</param>
[GenerateSerializer, Immutable, Alias("cg.issue-command")]
public sealed record IssueCommand(
    [property: Id(0)] string Key, [property: Id(1)] CampaignId Campaign, [property: Id(2)] OfferId? Offer = null);

/// <summary>A coupon and what it gives.</summary>
/// <param name="Coupon">The coupon.</param>
/// <param name="Offer">Its offer.</param>
[GenerateSerializer, Immutable, Alias("cg.wallet-entry")]
public sealed record WalletEntry([property: Id(0)] Coupon Coupon, [property: Id(1)] Offer Offer);

/// <summary>A coupon that has just come into a wallet, as pushed to whoever listens.</summary>
/// <param name="Coupon">The coupon.</param>
/// <param name="Offer">Its offer.</param>
/// <param name="Reasons">Why this user got it.</param>
[GenerateSerializer, Immutable, Alias("cg.coupon-push")]
public sealed record CouponPush(
    [property: Id(0)] Coupon Coupon, [property: Id(1)] Offer Offer, [property: Id(2)] IReadOnlyList<Reason> Reasons);

/// <summary>The stream that coupons are pushed through: one for each user.</summary>
public static class PushStream
{
    /// <summary>The name of the stream provider, on silos and clients.</summary>
    public const string Provider = "push";

    /// <summary>The stream's namespace; its key is the user's id.</summary>
    public const string Namespace = "coupons";
}
