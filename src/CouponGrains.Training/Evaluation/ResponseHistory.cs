using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Training.Evaluation;

/// <summary>A campaign that is over, with whom it was for.</summary>
/// <param name="Campaign">Its window: nothing from its start on may be learned from.</param>
/// <param name="Offers">Its coupons.</param>
/// <param name="Users">Who was offered them.</param>
/// <param name="Redeemed">The coupons that each user redeemed in it.</param>
public sealed record PastOffers(
    Campaign Campaign, IReadOnlyList<Offer> Offers, IReadOnlySet<UserId> Users,
    IReadOnlyDictionary<UserId, IReadOnlySet<OfferId>> Redeemed);

/// <summary>What the evaluation of responses needs of a shop.</summary>
/// <param name="Events">Purchases, refunds and redemptions, in any order.</param>
/// <param name="Catalog">The items.</param>
/// <param name="Users">What users told of themselves.</param>
/// <param name="Campaigns">The campaigns, in any order.</param>
public sealed record ResponseHistory(
    IReadOnlyList<UserEvent> Events, CatalogIndex Catalog, IReadOnlyList<UserRecord> Users, IReadOnlyList<PastOffers> Campaigns);
