using CouponGrains.Contracts.Campaigns;
using CouponGrains.Contracts.Coupons;
using CouponGrains.Contracts.Events;
using CouponGrains.Contracts.Health;
using CouponGrains.Contracts.Models;
using CouponGrains.Contracts.Ranking;
using CouponGrains.Contracts.Reports;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Client;

/// <summary>What a shop's servers and its operators ask of CouponGrains, over HTTP or as an Orleans client: both give
/// the
/// same answers. Every method throws <see cref="CouponsException"/> for what is refused or not answered. What moves
/// money
/// carries the caller's key: asking again with the same key does nothing twice and answers the same.</summary>
public interface ICouponsClient
    : IBehaviourClient, IOffersClient, ICheckoutClient, ICampaignsClient, IOperationsClient, IOperatorClient;

/// <summary>What the shop tells: its items, its users, and what they did.</summary>
public interface IBehaviourClient
{
    /// <summary>Creates or replaces items, at most 1,000. Answers a refusal, or null, for each, in the order
    /// given.</summary>
    Task<IReadOnlyList<Refusal?>> PutItems(IReadOnlyList<Item> items, CancellationToken cancel = default);

    /// <summary>Records an event; when it answers, the event is durable and in the profile. An id that was recorded
    /// before with the same content answers <see cref="AppendStatus.Duplicate"/>.</summary>
    Task<AppendStatus> Record(UserEvent e, CancellationToken cancel = default);

    /// <summary>Records events of any users, at most <see cref="EventRules.BatchMax"/>, each for itself. Answers in the
    /// order given; what is refused is told in its answer and not thrown.</summary>
    Task<IReadOnlyList<RecordAnswer>> Record(IReadOnlyList<UserEvent> events, CancellationToken cancel = default);

    /// <summary>Replaces what the shop tells of a user: attributes and consent.</summary>
    Task<UserRecord> Describe(UserRecord user, CancellationToken cancel = default);
}

/// <summary>Offers for a user, and the coupons made of them.</summary>
public interface IOffersClient
{
    /// <summary>The offers that suit a user best now, with reasons. Issues nothing.</summary>
    Task<OffersAnswer> Offers(UserId user, OffersQuery query, CancellationToken cancel = default);

    /// <summary>Chooses a list to show now and logs it as shown, so that it can be learned from.</summary>
    Task<OffersAnswer> Expose(UserId user, ExposeCommand command, CancellationToken cancel = default);

    /// <summary>Issues a coupon: the named offer, or the one that suits best.</summary>
    Task<Coupon> Issue(UserId user, IssueCommand command, CancellationToken cancel = default);

    /// <summary>The user's coupons with their offers, newest first, the newest 500. Over HTTP a page is asked for when
    /// the reader comes to it.</summary>
    IAsyncEnumerable<WalletEntry> Wallet(UserId user, CancellationToken cancel = default);

    /// <summary>Notes that the user looked at a coupon.</summary>
    Task<Coupon> View(UserId user, string code, CancellationToken cancel = default);

    /// <summary>Notes that the user claimed a coupon.</summary>
    Task<Coupon> Claim(UserId user, string code, CancellationToken cancel = default);

    /// <summary>Notes the user's rating of a coupon, 1 to 5.</summary>
    Task<Coupon> Rate(UserId user, string code, int rating, CancellationToken cancel = default);

    /// <summary>Takes an open coupon back.</summary>
    Task<Coupon> Void(UserId user, string code, CancellationToken cancel = default);

    /// <summary>The user's coupons from now on, as they are issued, until <paramref name="cancel"/>. Over HTTP a
    /// connection that breaks is made anew, and what was missed meanwhile comes from the wallet, then without reasons.
    /// As an Orleans client what is pushed while a silo dies may be missed; the <see cref="Wallet"/> has it.</summary>
    IAsyncEnumerable<CouponPush> Listen(UserId user, CancellationToken cancel = default);
}

/// <summary>Coupons at the checkout.</summary>
public interface ICheckoutClient
{
    /// <summary>What <see cref="Redeem"/> would take off; uses nothing. Throws what <see cref="Redeem"/> would
    /// throw.</summary>
    Task<Discount> Validate(RedemptionRequest request, CancellationToken cancel = default);

    /// <summary>The same at another time, in the years 2000 to 2199: nothing of the store is as it will be, only the
    /// clock.</summary>
    Task<Discount> ValidateAt(RedemptionRequest request, DateTimeOffset now, CancellationToken cancel = default);

    /// <summary>Which of the user's coupons to use on one cart, and why not the others; uses none.</summary>
    Task<CartChoice> Choose(ChoiceRequest request, CancellationToken cancel = default);

    /// <summary>Redeems a coupon, exactly once for the request's key.</summary>
    Task<Redemption> Redeem(RedemptionRequest request, CancellationToken cancel = default);

    /// <summary>Sets a coupon aside while the user pays, exactly once for the request's key.</summary>
    Task<Reservation> Reserve(ReservationRequest request, CancellationToken cancel = default);

    /// <summary>Redeems what was reserved under a key, exactly once.</summary>
    Task<Redemption> Confirm(UserId user, string key, CancellationToken cancel = default);

    /// <summary>Gives up what was reserved under a key.</summary>
    Task<Reservation> Release(UserId user, string key, CancellationToken cancel = default);

    /// <summary>Rolls the redemption of a key back.</summary>
    Task<Redemption> RollBack(UserId user, string key, CancellationToken cancel = default);

    /// <summary>Books pieces of an order that come back, exactly once for the request's key.</summary>
    Task<OrderReturn> Return(ReturnRequest request, CancellationToken cancel = default);
}

/// <summary>Campaigns, their offers, and the models that rank them.</summary>
public interface ICampaignsClient
{
    /// <summary>All campaigns in the order of their ids. Over HTTP a page is asked for when the reader comes to
    /// it.</summary>
    IAsyncEnumerable<Campaign> Campaigns(CancellationToken cancel = default);

    /// <summary>A campaign with its budget and its offers in force.</summary>
    Task<CampaignView> Campaign(CampaignId id, CancellationToken cancel = default);

    /// <summary>Makes a campaign: revision 1, a draft.</summary>
    Task<Campaign> Create(Campaign campaign, CancellationToken cancel = default);

    /// <summary>Moves a campaign to another status: active, paused or archived.</summary>
    Task<Campaign> SetStatus(CampaignId id, CampaignStatus status, CancellationToken cancel = default);

    /// <summary>Adds offers to a campaign, at most 1,000. Answers a refusal, or null, for each, in the order
    /// given.</summary>
    Task<IReadOnlyList<Refusal?>> AddOffers(
        CampaignId id, IReadOnlyList<Offer> offers, CancellationToken cancel = default);

    /// <summary>The models, newest first, and the one in force.</summary>
    Task<ModelList> Models(CancellationToken cancel = default);

    /// <summary>Puts a model into force, forward or back.</summary>
    Task<ModelManifest> Promote(ModelVersion version, string reason, CancellationToken cancel = default);

    /// <summary>Puts the model into force again that the one in force took the place of.</summary>
    Task<ModelManifest> RollBackModel(string reason, CancellationToken cancel = default);

    /// <summary>Why the checkout refused the coupons of a campaign on the last days, 1 to 366, today of UTC among
    /// them.</summary>
    Task<CampaignRefusals> Refusals(CampaignId campaign, int days, CancellationToken cancel = default);
}

/// <summary>Training, and the machines.</summary>
public interface IOperationsClient
{
    /// <summary>Starts a training run; answers at once.</summary>
    Task<TrainingRun> Train(TrainingOptions options, CancellationToken cancel = default);

    /// <summary>How a run is doing, with its curves.</summary>
    Task<TrainingRun> TrainingRun(long run, CancellationToken cancel = default);

    /// <summary>Cancels a run; the model in force stays in force.</summary>
    Task<TrainingRun> CancelTraining(long run, CancellationToken cancel = default);

    /// <summary>The silos and what is active on them.</summary>
    Task<ClusterView> Cluster(CancellationToken cancel = default);
}
