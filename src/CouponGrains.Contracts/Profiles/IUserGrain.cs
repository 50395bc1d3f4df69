using CouponGrains.Contracts.Coupons;
using CouponGrains.Contracts.Events;
using CouponGrains.Contracts.Ranking;
using CouponGrains.Domain;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Redemptions;
using Orleans.Concurrency;

namespace CouponGrains.Contracts.Profiles;

/// <summary>One user: profile, wallet, offers. The key is the user's id.</summary>
[Alias("cg.user"), GrainInterfaceType("cg.user")]
public interface IUserGrain : IGrainWithStringKey
{
    /// <summary>Records events of this user, at most <see cref="EventRules.BatchMax"/>. When it answers, the accepted
    /// ones are durable and in the profile. Answers in the order given.</summary>
    [Alias("record")]
    Task<IReadOnlyList<RecordAnswer>> Record(IReadOnlyList<UserEvent> events, CancellationToken cancel = default);

    /// <summary>Replaces what the shop tells of the user: attributes and consent.</summary>
    [Alias("describe")]
    Task<Answer<UserRecord>> Describe(UserRecord record, CancellationToken cancel = default);

    /// <summary>The profile, for people; refused with <see cref="RefusalCodes.UnknownUser"/> if he was never
    /// seen.</summary>
    [Alias("show")]
    Task<Answer<UserView>> Show(CancellationToken cancel = default);

    /// <summary>The offers that suit the user best now, with reasons. Issues nothing.</summary>
    [Alias("offers")]
    Task<OffersAnswer> Offers(OffersQuery query, CancellationToken cancel = default);

    /// <summary>The same as JSON, for a front end that only passes it on; left out if they are as the caller has them,
    /// which
    /// <paramref name="known"/> names. <see cref="KnownOffers{T}"/> asks so.</summary>
    [Alias("offers-json")]
    Task<TaggedOffers> OffersJson(OffersQuery query, string? known = null, CancellationToken cancel = default);

    /// <summary>Answers when something has happened that may have changed the user's offers (an event, a coupon, a new
    /// model, a campaign), or after <paramref name="wait"/> (10 seconds at the most). It stands in nobody's
    /// way.</summary>
    /// <param name="seen">The last answer; 0 is answered at once.</param>
    /// <param name="wait">How long to wait for it.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <returns>What to come back with; other than <paramref name="seen"/> if something has happened.</returns>
    [Alias("changed"), AlwaysInterleave]
    Task<long> Changed(long seen, TimeSpan wait, CancellationToken cancel = default);

    /// <summary>Ranks a list to be shown, with the exploration that the campaigns ask for, and logs each of its offers
    /// as exposed with the propensity with which it was shown. A key that logged another list is refused with
    /// <see cref="RefusalCodes.DuplicateOtherContent"/>.</summary>
    [Alias("expose")]
    Task<Answer<OffersAnswer>> Expose(ExposeCommand command, CancellationToken cancel = default);

    /// <summary>Users of like taste, best first.</summary>
    [Alias("similar")]
    Task<IReadOnlyList<SimilarUser>> Similar(int count, CancellationToken cancel = default);

    /// <summary>Issues a coupon: the named offer, or the one that suits best. The same key gives the same coupon.
    /// Pushed to whoever listens (<see cref="CouponPush"/>).</summary>
    [Alias("issue")]
    Task<Answer<Coupon>> Issue(IssueCommand command, CancellationToken cancel = default);

    /// <summary>The user's coupons with their offers, newest first; those whose time is over are expired
    /// first.</summary>
    [Alias("wallet")]
    Task<IReadOnlyList<WalletEntry>> Wallet(CancellationToken cancel = default);

    /// <summary>Notes that the user looked at a coupon.</summary>
    [Alias("view")]
    Task<Answer<Coupon>> View(string code, CancellationToken cancel = default);

    /// <summary>Notes that the user claimed a coupon.</summary>
    [Alias("claim")]
    Task<Answer<Coupon>> Claim(string code, CancellationToken cancel = default);

    /// <summary>Notes the user's rating of a coupon, 1 to 5.</summary>
    [Alias("rate")]
    Task<Answer<Coupon>> Rate(string code, int rating, CancellationToken cancel = default);

    /// <summary>What <see cref="Redeem"/> would answer, without doing it.</summary>
    [Alias("validate")]
    Task<RedemptionAnswer> Validate(RedemptionRequest request, CancellationToken cancel = default);

    /// <summary>The same at another time: nothing of the store is as it will be, only the clock.</summary>
    [Alias("validate-at")]
    Task<RedemptionAnswer> ValidateAt(
        RedemptionRequest request, DateTimeOffset now, CancellationToken cancel = default);

    /// <summary>What was decided for the user before a place in the log, newest first, at most
    /// <paramref name="limit"/> (1 to 1000).</summary>
    [Alias("decisions")]
    Task<IReadOnlyList<Decision>> Decisions(long before, int limit, CancellationToken cancel = default);

    /// <summary>Why something was decided; refused with <see cref="RefusalCodes.UnknownDecision"/>.</summary>
    [Alias("explain")]
    Task<Answer<DecisionExplanation>> Explain(EventId decision, CancellationToken cancel = default);

    /// <summary>Forgets the user: erases his events of behaviour and his attributes, takes his consent and his open
    /// coupons back. What moved money stays in the books, under his id. Doing it again does what is left.</summary>
    [Alias("forget")]
    Task<Answer<Forgotten>> Forget(CancellationToken cancel = default);

    /// <summary>Which of the user's coupons to use on one cart, and why not the others; uses none.</summary>
    [Alias("choose")]
    Task<CartChoice> Choose(ChoiceRequest request, CancellationToken cancel = default);

    /// <summary>Redeems a coupon, exactly once for a key. The grain fills in
    /// <see cref="RedemptionRequest.PriorOrders"/>.</summary>
    [Alias("redeem")]
    Task<RedemptionAnswer> Redeem(RedemptionRequest request, CancellationToken cancel = default);

    /// <summary>Sets a coupon aside for an order while the user pays, exactly once for a key.</summary>
    [Alias("reserve")]
    Task<ReservationAnswer> Reserve(ReservationRequest request, CancellationToken cancel = default);

    /// <summary>Redeems what was reserved under a key, exactly once.</summary>
    [Alias("confirm")]
    Task<RedemptionAnswer> Confirm(string key, CancellationToken cancel = default);

    /// <summary>Gives up what was reserved under a key.</summary>
    [Alias("release")]
    Task<ReservationAnswer> Release(string key, CancellationToken cancel = default);

    /// <summary>Takes an open coupon back; a reservation of it is given up.</summary>
    [Alias("void")]
    Task<Answer<Coupon>> Void(string code, CancellationToken cancel = default);

    /// <summary>Rolls a redemption back.</summary>
    [Alias("roll-back")]
    Task<RedemptionAnswer> RollBack(string redemptionKey, CancellationToken cancel = default);

    /// <summary>Books pieces of an order that come back, exactly once for a key.</summary>
    [Alias("return")]
    Task<Answer<OrderReturn>> Return(ReturnRequest request, CancellationToken cancel = default);
}

/// <summary>A profile as people see it.</summary>
[GenerateSerializer, Immutable, Alias("cg.user-view")]
public sealed record UserView
{
    /// <summary>Attributes and consent.</summary>
    [Id(0)]
    public required UserRecord Record { get; init; }

    /// <summary>Activity by kind of event.</summary>
    [Id(1)]
    public required IReadOnlyDictionary<EventKind, Activity> Kinds { get; init; }

    /// <summary>Activity by top category.</summary>
    [Id(2)]
    public required IReadOnlyDictionary<string, Activity> Categories { get; init; }

    /// <summary>Net spend.</summary>
    [Id(3)]
    public required IReadOnlyList<Money> Spent { get; init; }

    /// <summary>Time spent on items.</summary>
    [Id(4)]
    public TimeSpan Dwell { get; init; }

    /// <summary>Orders made.</summary>
    [Id(5)]
    public int Orders { get; init; }

    /// <summary>The newest events, oldest first.</summary>
    [Id(6)]
    public required IReadOnlyList<UserEvent> Recent { get; init; }

    /// <summary>u, little-endian 32-bit floats; empty without a model.</summary>
    [Id(7)]
    public required byte[] Taste { get; init; }

    /// <summary>The model of <see cref="Taste"/>.</summary>
    [Id(8)]
    public ModelVersion Model { get; init; }
}

/// <summary>A user of like taste.</summary>
/// <param name="User">Who.</param>
/// <param name="Cosine">The cosine of the two taste vectors.</param>
[GenerateSerializer, Immutable, Alias("cg.similar-user")]
public sealed record SimilarUser([property: Id(0)] UserId User, [property: Id(1)] double Cosine);
