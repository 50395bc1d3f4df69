using CouponGrains.Domain.Audit;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Ranking;

namespace CouponGrains.Domain.Campaigns;

/// <summary>Where a campaign stands.</summary>
public enum CampaignStatus
{
    /// <summary>Being prepared: nothing is issued.</summary>
    Draft = 1,

    /// <summary>Issues coupons inside its window.</summary>
    Active = 2,

    /// <summary>Issues nothing; coupons already issued stay valid.</summary>
    Paused = 3,

    /// <summary>Over for good.</summary>
    Archived = 4,
}

/// <summary>Whom a campaign addresses. All conditions must hold; an empty audience is everybody.</summary>
public sealed record Audience
{
    /// <summary>Attributes the user must have, each with the values that are allowed.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Attributes { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The fewest past orders, or null.</summary>
    public int? OrdersMin { get; init; }

    /// <summary>The most past orders, or null: 0 addresses new users.</summary>
    public int? OrdersMax { get; init; }
}

/// <summary>How often a user may be given coupons.</summary>
public sealed record Caps
{
    /// <summary>Open (neither redeemed nor expired) coupons of the campaign that a user may hold.</summary>
    public int OpenPerUser { get; init; } = 3;

    /// <summary>Coupons of the campaign that a user may be issued in all.</summary>
    public int IssuedPerUser { get; init; } = 20;

    /// <summary>Redemptions of the campaign that a user may make.</summary>
    public int RedeemedPerUser { get; init; } = 10;

    /// <summary>How closely coupons of the campaign may follow one another. The shop has such caps too, over all
    /// campaigns.</summary>
    public FrequencyCaps Frequency { get; init; } = new();
}

/// <summary>A campaign: a window, a budget, and rules for what may be offered to whom. Immutable; a change is a new
/// revision.</summary>
public sealed record Campaign
{
    /// <summary>Its id.</summary>
    public required CampaignId Id { get; init; }

    /// <summary>A name for people.</summary>
    public required string Name { get; init; }

    /// <summary>1, 2, 3, …: raised by every change.</summary>
    public int Revision { get; init; } = 1;

    /// <summary>Where it stands.</summary>
    public CampaignStatus Status { get; init; } = CampaignStatus.Draft;

    /// <summary>The first instant in which coupons are issued and valid.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>The instant from which nothing is issued or valid any more.</summary>
    public required DateTimeOffset End { get; init; }

    /// <summary>IANA name of the zone in which people read its dates.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>The most that all redemptions together may give. Its currency is the campaign's.</summary>
    public required Money Budget { get; init; }

    /// <summary>The most redemptions, or null.</summary>
    public int? RedemptionsMax { get; init; }

    /// <summary>Whom it addresses.</summary>
    public Audience Audience { get; init; } = new();

    /// <summary>How often a user may be given coupons.</summary>
    public Caps Caps { get; init; } = new();

    /// <summary>Further limits, by period and by value; see <see cref="LimitRules"/>.</summary>
    public IReadOnlyList<Limit> Limits { get; init; } = [];

    /// <summary>What its offers may be.</summary>
    public required Guardrails Guardrails { get; init; }

    /// <summary>How its offers are ranked.</summary>
    public RankingOptions Ranking { get; init; } = new();

    /// <summary>What becomes of offers that the generator designs for it.</summary>
    public OfferApproval Approval { get; init; } = OfferApproval.Automatic;
}

/// <summary>What has been used of a campaign's budget.</summary>
/// <param name="Limit">The budget.</param>
/// <param name="Spent">Discounts of redemptions in force; never above <paramref name="Limit"/>.</param>
/// <param name="Issued">Coupons issued.</param>
/// <param name="Redeemed">Redemptions in force.</param>
public sealed record BudgetUse(Money Limit, Money Spent, long Issued, long Redeemed)
{
    /// <summary>Minor units set aside for reservations; 0 or more, and with <see cref="Spent"/> never above
    /// <see cref="Limit"/>.</summary>
    public long ReservedMinor { get; init; }

    /// <summary>Reservations that hold a coupon.</summary>
    public long Held { get; init; }

    /// <summary>What is set aside for reservations.</summary>
    public Money Reserved => new(ReservedMinor, Limit.Currency);

    /// <summary>What may still be given.</summary>
    public Money Left => Limit - Spent - Reserved;
}

/// <summary>Where campaigns and their offers are kept. What is to be recorded of a change is given with it: it is
/// written in the same transaction, and only if something was changed.</summary>
public interface ICampaignStore
{
    /// <summary>Stores a campaign if the stored revision is the one before <see cref="Campaign.Revision"/> (none, for
    /// revision 1); false otherwise. Creates its budget, or moves its limit, in the same transaction.</summary>
    Task<bool> Put(Campaign campaign, CancellationToken cancel, AuditEntry? audit = null);

    /// <summary>The campaign, or null.</summary>
    Task<Campaign?> Get(CampaignId id, CancellationToken cancel);

    /// <summary>All campaigns in the order of their ids.</summary>
    Task<IReadOnlyList<Campaign>> List(CancellationToken cancel);

    /// <summary>Adds offers, in one transaction; an offer whose id exists is left as it is. Answers how many were
    /// new.</summary>
    Task<int> AddOffers(IReadOnlyList<Offer> offers, CancellationToken cancel, AuditEntry? audit = null);

    /// <summary>Adds offers that wait for review, as <see cref="AddOffers"/> does; they are not in force.</summary>
    Task<int> HoldOffers(IReadOnlyList<Offer> offers, CancellationToken cancel, AuditEntry? audit = null);

    /// <summary>The reviews of a campaign's offers, decided or not, in the order of their ids.</summary>
    Task<IReadOnlyList<OfferReview>> Reviews(CampaignId campaign, CancellationToken cancel);

    /// <summary>Decides the review of an offer: approved, it is in force. False if none is waiting.</summary>
    Task<bool> Decide(
        OfferId id, bool approved, string note, DateTimeOffset at, CancellationToken cancel, AuditEntry? audit = null);

    /// <summary>Withdraws an offer: it is not issued any more, coupons already issued stay valid. False if
    /// unknown.</summary>
    Task<bool> WithdrawOffer(OfferId id, CancellationToken cancel, AuditEntry? audit = null);

    /// <summary>One offer, withdrawn or not, in review or not, or null.</summary>
    Task<Offer?> GetOffer(OfferId id, CancellationToken cancel);

    /// <summary>The offers in force of a campaign, in the order of their ids.</summary>
    Task<IReadOnlyList<Offer>> Offers(CampaignId campaign, CancellationToken cancel);

    /// <summary>A number that grows with every change of a campaign or an offer, so that replicas know when to read
    /// again.</summary>
    Task<long> Stamp(CancellationToken cancel);
}
