using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Domain.Webhooks;

namespace CouponGrains.Storage.Ledger;

/// <summary>The ledger's rows inside one transaction, as its steps read and write them. What a step has written the
/// next one reads.</summary>
internal interface ILedgerRows
{
    /// <summary>The coupon of a code in any writing, or null.</summary>
    Coupon? FindCoupon(string? code);

    /// <summary>The coupon that the user was issued under a key, or null.</summary>
    Coupon? FindIssued(UserId user, string issueKey);

    /// <summary>The user's open coupons whose time is over, the earliest first, without those that a reservation
    /// holds.</summary>
    IReadOnlyList<Coupon> DueCoupons(UserId user, DateTimeOffset now);

    /// <summary>How many coupons of the campaign the user holds open, and was ever issued.</summary>
    (int Open, int Issued) CountCoupons(UserId user, CampaignId campaign, DateTimeOffset now);

    /// <summary>Inserts a coupon and counts it with its offer and its campaign.</summary>
    void Insert(Coupon coupon);

    /// <summary>Writes what may change of a coupon. Throws if it is not in the state <paramref name="from"/> any
    /// more.</summary>
    Coupon Update(Coupon coupon, CouponState from);

    /// <summary>A code that was made in advance and that nobody has claimed, or null.</summary>
    FreeCode? FindFreeCode(string? code);

    /// <summary>Notes that such a code is a coupon now.</summary>
    void ClaimCode(string code, DateTimeOffset now);

    /// <summary>The code that many share, in any writing, or null.</summary>
    SharedCode? FindShared(string? code);

    StoredOffer? FindOffer(OfferId id);

    /// <summary>A campaign that an offer or a coupon names.</summary>
    Campaign Campaign(CampaignId id);

    /// <summary>What has been used of its budget.</summary>
    BudgetUse Budget(CampaignId id);

    /// <summary>What has been used of each of the campaign's limits on the day, in their order.</summary>
    IReadOnlyList<LimitUse> Uses(Campaign campaign, UserId user, int day);

    /// <summary>The item, also one that is known from a cart alone.</summary>
    Item Item(ItemId id);

    StoredRedemption? FindRedemption(string key);

    /// <summary>How many redemptions of a coupon there were, rolled back or not.</summary>
    int CountRedemptions(string code);

    /// <summary>How many redemptions in force, and reservations that hold, the user has in a campaign.</summary>
    int CountUsed(UserId user, CampaignId campaign);

    /// <summary>The coupons that the user has used, or reserved, on an order, in the order of that.</summary>
    IReadOnlyList<UsedCoupon> UsedOn(UserId user, string order, DateTimeOffset now);

    /// <summary>The redemptions in force on an order, in their order.</summary>
    IReadOnlyList<RedemptionInForce> InForce(UserId user, string order);

    /// <summary>Inserts a redemption and takes its discount from the budget. Throws if a limit stands against it,
    /// which the rules should have found.</summary>
    void Insert(StoredRedemption stored, int? redemptionsMax);

    /// <summary>Marks a redemption as rolled back and gives the budget back what of the discount is left.</summary>
    void RollBack(StoredRedemption stored, DateTimeOffset now);

    /// <summary>Gives a part of a discount back to the budget; its redemption stays in force.</summary>
    void GiveBack(string key, long minor);

    StoredReservation? FindReservation(string key);

    /// <summary>The reservation that holds a coupon, or null.</summary>
    StoredReservation? HolderOf(string code);

    /// <summary>Inserts a reservation and sets its discount aside. Throws if a limit stands against it.</summary>
    void Insert(StoredReservation stored, int? redemptionsMax);

    /// <summary>Ends a reservation that holds, and gives back what it holds.</summary>
    void End(StoredReservation stored, ReservationState state, DateTimeOffset now);

    /// <summary>Ends the reservations whose time is over, at least all that a decision made now could meet; answers how
    /// many.</summary>
    int ReleaseDue(DateTimeOffset now);

    StoredReturn? FindReturn(string key);

    /// <summary>The pieces of each return of an order.</summary>
    IReadOnlyList<IReadOnlyList<int>> Returned(UserId user, string order);

    void Insert(StoredReturn stored);

    /// <summary>Records an event of the ledger. Should a sender have used its id for something else, it takes another
    /// one: a stranger's event must not stand in the way of money.</summary>
    RecordedEvent Record(UserEvent e);

    /// <summary>Writes a message if an endpoint wants it.</summary>
    void Tell(OutboxMessage message);

    /// <summary>The share of a campaign's budget, in per cent, of which was told that it is spent.</summary>
    int ToldShare(CampaignId campaign);

    /// <summary>Notes that a higher share is told.</summary>
    void NoteToldShare(CampaignId campaign, int percent);
}
