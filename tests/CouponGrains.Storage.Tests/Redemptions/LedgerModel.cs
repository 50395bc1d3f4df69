using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Storage.Tests.Redemptions;

/// <summary>The ledger told again in plain words: one campaign in UTC, coupons of a fixed discount, everything in two
/// lists. Shares no line with the rules that it is held against.</summary>
internal sealed class LedgerModel(long budget)
{
    public const long Discount = 500;
    public const int RedemptionsMax = 5;
    public const int PerUser = 3;
    public const int PerDay = 3;
    public const long PerUserAndDay = 1_200;

    private readonly List<Held> _coupons = [];
    private readonly Dictionary<string, Wish> _wishes = [];

    public long Spent => _wishes.Values.Count(w => w.State == WishState.Redeemed) * Discount;

    public long Reserved => _wishes.Values.Count(w => w.State == WishState.Held) * Discount;

    public int Coupons => _coupons.Count;

    /// <summary>Redemptions that were ever made.</summary>
    public int Redeemed => _wishes.Values.Count(w => w.State is WishState.Redeemed or WishState.RolledBack);

    public int RolledBack => _wishes.Values.Count(w => w.State == WishState.RolledBack);

    private enum WishState
    {
        Held,
        Redeemed,
        RolledBack,
        Released,
        Expired,
    }

    public CouponState StateOf(int coupon) => _coupons[coupon].State;

    public void Issue(string user, DateTimeOffset expires, int usesMax) => _coupons.Add(new(user, expires, usesMax));

    public RedemptionStatus Reserve(string key, int coupon, TimeSpan hold, DateTimeOffset now)
    {
        Sweep(now);
        if (_wishes.TryGetValue(key, out var known))
        {
            return known.Coupon != coupon ? RedemptionStatus.KeyReusedWithOtherContent
                : known.State switch
                {
                    WishState.Held => RedemptionStatus.Reserved,
                    WishState.Redeemed => known.WasHeld ? RedemptionStatus.Reserved : RedemptionStatus.AlreadyRedeemed,
                    WishState.RolledBack => RedemptionStatus.RolledBack,
                    WishState.Released => RedemptionStatus.Released,
                    _ => RedemptionStatus.ReservationExpired,
                };
        }

        if (Obstacle(coupon, now) is { } obstacle)
        {
            return obstacle;
        }

        _wishes[key] = new() { Coupon = coupon, Day = now.UtcDateTime.Date, Until = now + hold, WasHeld = true };
        return RedemptionStatus.Reserved;
    }

    public RedemptionStatus Redeem(string key, int coupon, DateTimeOffset now)
    {
        Sweep(now);
        if (_wishes.TryGetValue(key, out var known))
        {
            return known.Coupon != coupon ? RedemptionStatus.KeyReusedWithOtherContent : Use(known);
        }

        if (Obstacle(coupon, now) is { } obstacle)
        {
            return obstacle;
        }

        _wishes[key] = new() { Coupon = coupon, Day = now.UtcDateTime.Date, State = WishState.Redeemed };
        NoteUsed(coupon);
        return RedemptionStatus.Redeemed;
    }

    public RedemptionStatus Confirm(string key, string user, DateTimeOffset now)
    {
        Sweep(now);
        return Own(key, user) is { WasHeld: true } wish ? Use(wish) : RedemptionStatus.UnknownReservation;
    }

    public RedemptionStatus Release(string key, string user, DateTimeOffset now)
    {
        if (Own(key, user) is not { WasHeld: true } wish)
        {
            return RedemptionStatus.UnknownReservation;
        }

        if (wish.State is WishState.Redeemed or WishState.RolledBack)
        {
            return RedemptionStatus.AlreadyRedeemed;
        }

        // One whose time is over is left for the next sweep to note.
        wish.State = wish.State == WishState.Held && now < wish.Until ? WishState.Released : wish.State;
        return RedemptionStatus.Released;
    }

    public RedemptionStatus RollBack(string key, string user, DateTimeOffset now)
    {
        if (Own(key, user) is not { State: WishState.Redeemed or WishState.RolledBack } wish)
        {
            return RedemptionStatus.UnknownCoupon;
        }

        if (wish.State == WishState.Redeemed)
        {
            wish.State = WishState.RolledBack;
            var coupon = _coupons[wish.Coupon];
            coupon.State = coupon.State != CouponState.Redeemed ? coupon.State
                : now >= coupon.Expires ? CouponState.Expired : CouponState.Issued;
        }

        return RedemptionStatus.Redeemed;
    }

    /// <summary>True if it was taken back, now or before.</summary>
    public bool Void(int coupon)
    {
        var held = _coupons[coupon];
        if (held.State == CouponState.Issued)
        {
            held.State = CouponState.Voided;
            foreach (var wish in _wishes.Values.Where(w => w.Coupon == coupon && w.State == WishState.Held))
            {
                wish.State = WishState.Released;
            }
        }

        return held.State == CouponState.Voided;
    }

    /// <summary>Expires the open coupons of a user, but for those that something holds.</summary>
    public void Expire(string user, DateTimeOffset now)
    {
        Sweep(now);
        for (var i = 0; i < _coupons.Count; i++)
        {
            if (_coupons[i] is { State: CouponState.Issued } coupon && coupon.User == user && now >= coupon.Expires
                && !_wishes.Values.Any(w => w.Coupon == i && w.State == WishState.Held))
            {
                coupon.State = CouponState.Expired;
            }
        }
    }

    public void Sweep(DateTimeOffset now)
    {
        foreach (var wish in _wishes.Values.Where(w => w.State == WishState.Held && now >= w.Until))
        {
            wish.State = WishState.Expired;
        }
    }

    private RedemptionStatus Use(Wish wish)
    {
        if (wish.State == WishState.Held)
        {
            wish.State = WishState.Redeemed;
            NoteUsed(wish.Coupon);
        }

        return wish.State switch
        {
            WishState.Redeemed => RedemptionStatus.Redeemed,
            WishState.RolledBack => RedemptionStatus.RolledBack,
            WishState.Released => RedemptionStatus.Released,
            _ => RedemptionStatus.ReservationExpired,
        };
    }

    private RedemptionStatus? Obstacle(int index, DateTimeOffset now)
    {
        var coupon = _coupons[index];
        var inForce = _wishes.Values.Where(w => w.State is WishState.Held or WishState.Redeemed).ToList();
        var ofUser = inForce.Where(w => _coupons[w.Coupon].User == coupon.User).ToList();
        var today = now.UtcDateTime.Date;
        return coupon.State == CouponState.Voided ? RedemptionStatus.Voided
            : coupon.State == CouponState.Expired || now >= coupon.Expires ? RedemptionStatus.Expired
            : coupon.State == CouponState.Redeemed ? RedemptionStatus.AlreadyRedeemed
            : inForce.Any(w => w.Coupon == index && w.State == WishState.Held) ? RedemptionStatus.Reserved
            : ofUser.Count >= PerUser ? RedemptionStatus.UserCapReached
            : (ofUser.Count(w => w.Day == today) + 1) * Discount > PerUserAndDay ? RedemptionStatus.UserValueReached
            : inForce.Count >= RedemptionsMax ? RedemptionStatus.CampaignCapReached
            : inForce.Count(w => w.Day == today) >= PerDay ? RedemptionStatus.CampaignLimitReached
            : (inForce.Count + 1) * Discount > budget ? RedemptionStatus.BudgetExhausted
            : null;
    }

    private void NoteUsed(int index)
    {
        var uses = _wishes.Values.Count(w => w.Coupon == index && w.State == WishState.Redeemed);
        _coupons[index].State = uses == _coupons[index].UsesMax ? CouponState.Redeemed : _coupons[index].State;
    }

    private Wish? Own(string key, string user) =>
        _wishes.TryGetValue(key, out var wish) && _coupons[wish.Coupon].User == user ? wish : null;

    private sealed class Held(string user, DateTimeOffset expires, int usesMax)
    {
        public int UsesMax { get; } = usesMax;

        public string User { get; } = user;

        public DateTimeOffset Expires { get; } = expires;

        public CouponState State { get; set; } = CouponState.Issued;
    }

    private sealed class Wish
    {
        public required int Coupon { get; init; }

        public required DateTime Day { get; init; }

        public DateTimeOffset Until { get; init; }

        public bool WasHeld { get; init; }

        public WishState State { get; set; }
    }
}
