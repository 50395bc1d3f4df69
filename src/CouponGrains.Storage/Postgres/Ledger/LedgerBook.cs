using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Domain.Webhooks;
using CouponGrains.Storage.Ledger;

namespace CouponGrains.Storage.Postgres.Ledger;

/// <summary>The rows that a batch has read and what its steps make of them, in memory: they are written together when
/// all are decided. Nobody else changes them meanwhile, see <see cref="LedgerLoad"/>; but for what others use of a
/// campaign of which we have a lease: its balances are those of a moment, and what is taken must be covered by the
/// lease.</summary>
internal sealed class LedgerBook(IReadOnlyDictionary<string, SharedCode> sharedCodes) : ILedgerRows
{
    public BookTable<string, Coupon> Coupons { get; } = new("coupons", StringComparer.Ordinal);

    /// <summary>The codes that users were issued under a key.</summary>
    public BookTable<(UserId User, string Key), string> IssueKeys { get; } = new("issue keys");

    /// <summary>The codes of open coupons that run out, by user, the earliest first.</summary>
    public Dictionary<UserId, List<string>> Due { get; } = [];

    /// <summary>Codes that were made in advance and that nobody has claimed.</summary>
    public BookTable<string, FreeCode> FreeCodes { get; } = new("codes", StringComparer.Ordinal);

    /// <summary>Those that were claimed, and when.</summary>
    public Dictionary<string, DateTimeOffset> ClaimedCodes { get; } = new(StringComparer.Ordinal);

    public BookTable<OfferId, StoredOffer> Offers { get; } = new("offers");

    public BookTable<CampaignId, Campaign> Campaigns { get; } = new("campaigns");

    public BookTable<CampaignId, BudgetUse> Budgets { get; } = new("budgets");

    public BookTable<(CampaignId Campaign, int Day), BudgetDay> Days { get; } = new("days");

    /// <summary>What is moved on each day.</summary>
    public Dictionary<(CampaignId Campaign, int Day), BudgetMove> DayMoves { get; } = [];

    /// <summary>Our leases on campaigns that are not locked as a whole.</summary>
    public Dictionary<CampaignId, LeaseUse> Leases { get; } = [];

    /// <summary>All leases on campaigns that are locked as a whole.</summary>
    public List<LeaseRow> Shards { get; } = [];

    /// <summary>Who changed a campaign's own row last.</summary>
    public Dictionary<CampaignId, string> Writers { get; } = [];

    public BookTable<(UserId User, CampaignId Campaign), Holding> Holdings { get; } = new("holdings");

    public BookTable<(UserId User, CampaignId Campaign), UserUses> UserUses { get; } = new("uses");

    public BookTable<ItemId, Item> Items { get; } = new("items");

    public BookTable<string, StoredRedemption> Redemptions { get; } = new("redemptions", StringComparer.Ordinal);

    /// <summary>How many redemptions of a coupon there were.</summary>
    public Dictionary<string, int> RedemptionCounts { get; } = new(StringComparer.Ordinal);

    public BookTable<string, StoredReservation> Reservations { get; } = new("reservations", StringComparer.Ordinal);

    /// <summary>The keys of reservations that hold, by code.</summary>
    public Dictionary<string, string> Holders { get; } = new(StringComparer.Ordinal);

    public BookTable<(UserId User, string Order), List<OrderUse>> OrderUses { get; } = new("orders");

    public BookTable<string, StoredReturn> Returns { get; } = new("returns", StringComparer.Ordinal);

    public BookTable<(UserId User, string Order), List<IReadOnlyList<int>>> Pieces { get; } = new("pieces");

    /// <summary>The share of each budget of which was told.</summary>
    public Dictionary<CampaignId, int> Told { get; } = [];

    /// <summary>What is told, in its order.</summary>
    public List<OutboxMessage> Messages { get; } = [];

    /// <summary>The events recorded, in their order.</summary>
    public List<UserEvent> Events { get; } = [];

    public Coupon? FindCoupon(string? code) => CouponCode.Normalise(code) is { } normal ? Coupons.Find(normal) : null;

    public Coupon? FindIssued(UserId user, string issueKey) =>
        IssueKeys.Find((user, issueKey)) is { } code ? Coupons.Require(code) : null;

    public IReadOnlyList<Coupon> DueCoupons(UserId user, DateTimeOffset now) =>
    [
        .. Due.GetValueOrDefault(user, []).Select(Coupons.Require).Where(coupon =>
            coupon.IsOpen && coupon.ExpiresAt <= now && HolderOf(coupon.Code) is null),
    ];

    public (int Open, int Issued) CountCoupons(UserId user, CampaignId campaign, DateTimeOffset now)
    {
        var holding = Holdings.Require((user, campaign));
        return (holding.Open.Values.Count(expiresAt => expiresAt > now), holding.Issued);
    }

    public void Insert(Coupon coupon)
    {
        Coupons.Insert(coupon.Code, coupon);
        IssueKeys.Insert((coupon.User, coupon.IssueKey), coupon.Code);
        RedemptionCounts[coupon.Code] = 0;
        Note(coupon, 1);
        var budget = Budgets.Require(coupon.Campaign);
        Budgets.Update(coupon.Campaign, budget with { Issued = budget.Issued + 1 });
        if (Leases.TryGetValue(coupon.Campaign, out var lease))
        {
            lease.Issued++;
        }

        var offer = Offers.Require(coupon.Offer);
        Offers.Update(coupon.Offer, offer with { Issued = offer.Issued + 1 });
    }

    public Coupon Update(Coupon coupon, CouponState from)
    {
        Require(Coupons.Require(coupon.Code).State == from, $"The coupon is not {from} any more.");
        Coupons.Update(coupon.Code, coupon);
        Note(coupon, 0);
        return coupon;
    }

    public FreeCode? FindFreeCode(string? code) =>
        CouponCode.Normalise(code) is { } normal && !ClaimedCodes.ContainsKey(normal) ? FreeCodes.Find(normal) : null;

    public SharedCode? FindShared(string? code) =>
        SharedCodes.Normalise(code) is { } normal ? sharedCodes.GetValueOrDefault(normal) : null;

    public void ClaimCode(string code, DateTimeOffset now) => ClaimedCodes.Add(code, now);

    public StoredOffer? FindOffer(OfferId id) => Offers.Find(id);

    public Campaign Campaign(CampaignId id) => Campaigns.Require(id);

    public BudgetUse Budget(CampaignId id) => Budgets.Require(id);

    /// <summary>Takes a reservation that was read.</summary>
    public void Read(StoredReservation stored)
    {
        var reservation = stored.Reservation;
        Reservations.Read(reservation.Key, stored);
        if (reservation.State == ReservationState.Held)
        {
            Holders[reservation.Code] = reservation.Key;
        }
    }

    public IReadOnlyList<LimitUse> Uses(Campaign campaign, UserId user, int day) =>
        [.. campaign.Limits.Select(limit => Use(campaign.Id, limit, user, day))];

    public Item Item(ItemId id) => Items.Find(id) ?? Domain.Catalog.Item.FirstSeen(id);

    public StoredRedemption? FindRedemption(string key) => IdRules.IsValid(key) ? Redemptions.Find(key) : null;

    public int CountRedemptions(string code) => RedemptionCounts[code];

    public int CountUsed(UserId user, CampaignId campaign) => UserUses.Require((user, campaign)).Count;

    public IReadOnlyList<UsedCoupon> UsedOn(UserId user, string order, DateTimeOffset now) =>
        [.. InOrder(user, order).Where(use => !(use.Until <= now)).Select(use => use.Used)];

    public IReadOnlyList<RedemptionInForce> InForce(UserId user, string order) =>
        [.. InOrder(user, order).Where(use => use.Until is null).Select(use => new RedemptionInForce(use.Key, use.Used))];

    public void Insert(StoredRedemption stored, int? redemptionsMax)
    {
        var redemption = stored.Redemption;
        Redemptions.Insert(redemption.Key, stored);
        RedemptionCounts[redemption.Code]++;
        AddUse(redemption.User, redemption.Order, new(redemption.Key, redemption.At, null,
            Used(redemption.Code, redemption.Discount, stored.Cart)));
        var minor = redemption.Discount.Total.Minor;
        Move(new(redemption.Campaign, stored.Day, Spent: minor, Redeemed: 1), redemption.User, redemptionsMax);
    }

    public void RollBack(StoredRedemption stored, DateTimeOffset now)
    {
        var redemption = stored.Redemption;
        Require(Redemptions.Require(redemption.Key).Redemption.RolledBackAt is null, "The redemption is rolled back already.");
        Redemptions.Update(redemption.Key, stored with { Redemption = redemption with { RolledBackAt = now } });
        RemoveUse(redemption.User, redemption.Order, redemption.Key);
        var back = redemption.Discount.Total.Minor - stored.Returned;
        Move(new(redemption.Campaign, stored.Day, Spent: -back, Redeemed: -1), redemption.User);
    }

    public void GiveBack(string key, long minor)
    {
        var stored = Redemptions.Require(key);
        Redemptions.Update(key, stored with { Returned = stored.Returned + minor });
        Move(new(stored.Redemption.Campaign, stored.Day, Spent: -minor), stored.Redemption.User);
    }

    public StoredReservation? FindReservation(string key) => IdRules.IsValid(key) ? Reservations.Find(key) : null;

    public StoredReservation? HolderOf(string code) =>
        Holders.TryGetValue(code, out var key) ? Reservations.Require(key) : null;

    public void Insert(StoredReservation stored, int? redemptionsMax)
    {
        var reservation = stored.Reservation;
        Reservations.Insert(reservation.Key, stored);
        Holders.Add(reservation.Code, reservation.Key);
        AddUse(reservation.User, reservation.Order, new(reservation.Key, reservation.At, reservation.Until,
            Used(reservation.Code, reservation.Discount, stored.Cart)));
        var minor = reservation.Discount.Total.Minor;
        Move(new(reservation.Campaign, stored.Day, Reserved: minor, Held: 1), reservation.User, redemptionsMax);
    }

    public void End(StoredReservation stored, ReservationState state, DateTimeOffset now)
    {
        var reservation = stored.Reservation;
        Require(Reservations.Require(reservation.Key).Reservation.State == ReservationState.Held,
            "The reservation holds nothing any more.");
        Reservations.Update(
            reservation.Key, stored with { Reservation = reservation with { State = state }, EndedAt = now });
        Holders.Remove(reservation.Code);
        RemoveUse(reservation.User, reservation.Order, reservation.Key);
        var minor = reservation.Discount.Total.Minor;
        Move(new(reservation.Campaign, stored.Day, Reserved: -minor, Held: -1), reservation.User);
    }

    public int ReleaseDue(DateTimeOffset now)
    {
        // Those of campaigns whose budgets are not ours are left to others: no decision made here meets them.
        var due = Reservations.All.Where(stored => stored.Reservation.State == ReservationState.Held
            && stored.Reservation.Until <= now && Budgets.TryFind(stored.Reservation.Campaign, out _)).ToList();
        due.ForEach(stored => End(stored, ReservationState.Expired, now));
        return due.Count;
    }

    public StoredReturn? FindReturn(string key) => Returns.Find(key);

    public IReadOnlyList<IReadOnlyList<int>> Returned(UserId user, string order) => Pieces.Find((user, order)) ?? [];

    public void Insert(StoredReturn stored)
    {
        Returns.Insert(stored.Return.Key, stored);
        var order = (stored.Return.User, stored.Return.Order);
        Pieces.Insert(order, [.. Pieces.Find(order) ?? [], stored.Pieces]);
    }

    /// <summary>Its place is known when the batch is written: until then it is −1, −2, … for the first, the second,
    /// ….</summary>
    public RecordedEvent Record(UserEvent e)
    {
        Events.Add(e);
        return new(-Events.Count, e);
    }

    public void Tell(OutboxMessage message) => Messages.Add(message);

    public int ToldShare(CampaignId campaign) => Told[campaign];

    public void NoteToldShare(CampaignId campaign, int percent)
    {
        RequireWhole(campaign, !Leases.ContainsKey(campaign));
        Told[campaign] = percent;
        Budgets.Update(campaign, Budgets.Require(campaign));
    }

    /// <summary>What everybody together has used of a limit in the period of a day.</summary>
    public LimitUse Use(CampaignId campaign, Limit limit, int day)
    {
        var days = LimitRules.DaysOf(limit.Period, day);
        return Sum(Days.All.Where(d => d.Campaign == campaign && d.Day >= days.First && d.Day <= days.Last)
            .Select(d => new LimitUse(d.Redeemed + d.Held, d.Spent + d.Reserved)));
    }

    private LimitUse Use(CampaignId campaign, Limit limit, UserId user, int day)
    {
        var days = LimitRules.DaysOf(limit.Period, day);
        return limit.Per == LimitPer.Campaign ? Use(campaign, limit, day)
            : Sum(UserUses.Require((user, campaign)).Days.Where(d => d.Key >= days.First && d.Key <= days.Last)
                .Select(d => d.Value));
    }

    private static LimitUse Sum(IEnumerable<LimitUse> uses) =>
        uses.Aggregate(default(LimitUse), (sum, use) => new(sum.Count + use.Count, sum.Minor + use.Minor));

    /// <summary>Moves the budget, its day and the user's uses. Throws if a limit stands against it, or if our lease
    /// does not cover it.</summary>
    private void Move(BudgetMove move, UserId user, int? redemptionsMax = null)
    {
        var (budget, minor) = (Budgets.Require(move.Campaign), move.Minor);
        var moved = budget with
        {
            Spent = new(budget.Spent.Minor + move.Spent, budget.Spent.Currency),
            ReservedMinor = budget.ReservedMinor + move.Reserved,
            Redeemed = budget.Redeemed + move.Redeemed,
            Held = budget.Held + move.Held,
        };
        if (Leases.TryGetValue(move.Campaign, out var lease))
        {
            RequireWhole(move.Campaign, lease.Move(move));
        }
        else
        {
            Require((minor <= 0 || moved.Left.Minor >= 0) && !(moved.Redeemed + moved.Held > redemptionsMax),
                "The change does not fit into the campaign's limits.");
        }

        Budgets.Update(move.Campaign, moved);
        MoveDay(move);
        if (UserUses.TryFind((user, move.Campaign), out var uses))
        {
            uses.Add(move.Day, (int)move.Uses, minor);
        }
    }

    private void MoveDay(BudgetMove move)
    {
        var day = Days.TryFind((move.Campaign, move.Day), out var found) ? found : new(move.Campaign, move.Day, 0, 0, 0, 0);
        Days.Update((move.Campaign, move.Day), day with
        {
            Spent = day.Spent + move.Spent,
            Reserved = day.Reserved + move.Reserved,
            Redeemed = day.Redeemed + move.Redeemed,
            Held = day.Held + move.Held,
        });
        var moved = DayMoves.GetValueOrDefault((move.Campaign, move.Day));
        DayMoves[(move.Campaign, move.Day)] = move with
        {
            Spent = moved.Spent + move.Spent,
            Reserved = moved.Reserved + move.Reserved,
            Redeemed = moved.Redeemed + move.Redeemed,
            Held = moved.Held + move.Held,
        };
    }

    private void Note(Coupon coupon, int issued)
    {
        if (!Holdings.TryFind((coupon.User, coupon.Campaign), out var holding))
        {
            return;
        }

        holding.Issued += issued;
        if (coupon.IsOpen)
        {
            holding.Open[coupon.Code] = coupon.ExpiresAt;
        }
        else
        {
            holding.Open.Remove(coupon.Code);
        }
    }

    /// <summary>A coupon that is used on an order.</summary>
    public static UsedCoupon Used(string code, Offer offer, Discount discount, Cart cart, Campaign campaign) =>
        new(offer.Stacking, discount, cart) { Code = code, Offer = offer, Guardrails = campaign.Guardrails };

    private UsedCoupon Used(string code, Discount discount, Cart cart)
    {
        var coupon = Coupons.Require(code);
        return Used(code, Offers.Require(coupon.Offer).Offer, discount, cart, Campaigns.Require(coupon.Campaign));
    }

    private IEnumerable<OrderUse> InOrder(UserId user, string order) => (OrderUses.Find((user, order)) ?? [])
        .OrderBy(use => use.At).ThenBy(use => use.Key, StringComparer.Ordinal);

    private void AddUse(UserId user, string order, OrderUse use)
    {
        if (OrderUses.TryFind((user, order), out var uses))
        {
            uses.Add(use);
        }
    }

    private void RemoveUse(UserId user, string order, string key)
    {
        if (OrderUses.TryFind((user, order), out var uses))
        {
            uses.RemoveAll(use => use.Key == key);
        }
    }

    private static void RequireWhole(CampaignId campaign, bool condition)
    {
        if (!condition)
        {
            throw new LeaseSpentException(campaign);
        }
    }

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
