using CouponGrains.Contracts.Campaigns;
using CouponGrains.Contracts.Transfers;
using CouponGrains.Contracts.Webhooks;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Domain.Transfers;

namespace CouponGrains.Contracts.Shop;

/// <summary>The lists that belong to no single grain, and the files that bring much in; a stateless worker, key
/// 0.</summary>
[Alias("cg.shop"), GrainInterfaceType("cg.shop")]
public interface IShopGrain : IGrainWithIntegerKey
{
    /// <summary>How much there is.</summary>
    [Alias("overview")]
    Task<ShopOverview> Overview(CancellationToken cancel = default);

    /// <summary>All campaigns in the order of their ids.</summary>
    [Alias("campaigns")]
    Task<IReadOnlyList<Campaign>> Campaigns(CancellationToken cancel = default);

    /// <summary>What waits for a second person, of all campaigns, the oldest request first.</summary>
    [Alias("waiting-approvals")]
    Task<CampaignApprovals> WaitingApprovals(CancellationToken cancel = default);

    /// <summary>All webhook endpoints in the order of their ids.</summary>
    [Alias("webhooks")]
    Task<WebhookList> Webhooks(CancellationToken cancel = default);

    /// <summary>Users in the order of their ids after <paramref name="after"/>, at most <paramref name="limit"/> (1 to
    /// 1000).</summary>
    [Alias("users")]
    Task<IReadOnlyList<UserRecord>> Users(UserId? after, int limit, CancellationToken cancel = default);

    /// <summary>The fingerprint of the key of the users' pseudonyms; null where users have the shop's ids.</summary>
    [Alias("pseudonyms")]
    Task<string?> Pseudonyms(CancellationToken cancel = default);

    /// <summary>Items in the order of their ids after <paramref name="after"/>, at most <paramref name="limit"/> (1 to
    /// 1000).</summary>
    [Alias("items")]
    Task<IReadOnlyList<Item>> Items(ItemId? after, int limit, CancellationToken cancel = default);

    /// <summary>Events of all users after a place in the log, in its order, at most <paramref name="limit"/> (1 to
    /// 1000).</summary>
    [Alias("events")]
    Task<IReadOnlyList<RecordedEvent>> Events(long after, int limit, CancellationToken cancel = default);

    /// <summary>Coupons in the order of their codes after <paramref name="after"/>, at most <paramref name="limit"/> (1
    /// to 1000).</summary>
    [Alias("coupons")]
    Task<IReadOnlyList<Coupon>> Coupons(string? after, int limit, CancellationToken cancel = default);

    /// <summary>Redemptions in the order of their keys after <paramref name="after"/>, at most <paramref name="limit"/>
    /// (1 to 1000).</summary>
    [Alias("redemptions")]
    Task<IReadOnlyList<Redemption>> Redemptions(string? after, int limit, CancellationToken cancel = default);

    /// <summary>Takes in lines of a file; answers what became of each, in the order given.</summary>
    [Alias("take")]
    Task<IReadOnlyList<ImportOutcome>> Take(ImportPart part, CancellationToken cancel = default);

    /// <summary>The imports without their faults, the newest first, those begun before the import
    /// <paramref name="after"/> if it is given; at most <paramref name="limit"/> (1 to 1000).</summary>
    [Alias("imports")]
    Task<IReadOnlyList<FileImport>> Imports(string? after, int limit, CancellationToken cancel = default);
}

/// <summary>How much there is.</summary>
/// <param name="Events">Recorded events.</param>
/// <param name="Model">The model in force.</param>
/// <param name="Campaigns">Campaigns of any status.</param>
/// <param name="Feedback">Events and feedback that were refused, by the refusal's code, and of the events accepted
/// those that are worth a look (<c>clock_ahead</c>, <c>item_not_in_catalog</c>, <c>late</c>), since the silo that
/// answers began.</param>
[GenerateSerializer, Immutable, Alias("cg.shop-overview")]
public sealed record ShopOverview(
    [property: Id(0)] long Events, [property: Id(1)] ModelVersion Model, [property: Id(2)] int Campaigns,
    [property: Id(3)] IReadOnlyDictionary<string, long>? Feedback = null);
