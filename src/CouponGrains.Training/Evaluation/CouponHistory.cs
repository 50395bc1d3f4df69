using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;

namespace CouponGrains.Training.Evaluation;

/// <summary>A coupon campaign that is over: what was on offer and who redeemed what.</summary>
/// <param name="Id">The campaign.</param>
/// <param name="Start">Its first instant: nothing from then on may be learned from.</param>
/// <param name="Coupons">The items that each of its coupons covers.</param>
/// <param name="Redeemed">The coupons that each user redeemed in it.</param>
public sealed record PastCampaign(
    CampaignId Id, DateTimeOffset Start, IReadOnlyDictionary<OfferId, IReadOnlyList<ItemId>> Coupons,
    IReadOnlyDictionary<UserId, IReadOnlySet<OfferId>> Redeemed);

/// <summary>What the evaluation of coupons needs of a shop.</summary>
/// <param name="Purchases">Purchases and refunds, in any order.</param>
/// <param name="Catalog">The items.</param>
/// <param name="Campaigns">The campaigns, in any order.</param>
public sealed record CouponHistory(IReadOnlyList<UserEvent> Purchases, CatalogIndex Catalog, IReadOnlyList<PastCampaign> Campaigns);
