using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Storage.Sqlite;

/// <summary>Reserving, redeeming and rolling back: reads, asks the rules, writes.</summary>
internal static class SqliteCheckout
{
    /// <summary>What a redemption would answer. Writes nothing.</summary>
    public static RedemptionAnswer Validate(SqliteSession session, RedemptionRequest request, DateTimeOffset now)
    {
        var (before, held) = FindAnswer(session, request, now);
        return before is not null ? before with { Redemption = null }
            : held is not null ? new(RedemptionStatus.Redeemed, held.Reservation.Discount)
            : Decide(session, request, now).Answer;
    }

    public static LedgerAnswer Redeem(SqliteSession session, RedemptionRequest request, DateTimeOffset now)
    {
        SqliteReservations.ReleaseDue(session, now);
        var (before, held) = FindAnswer(session, request, now);
        if (before is not null)
        {
            return new(before, OwnCoupon(SqliteCoupons.Find(session, request.Code), request), null);
        }

        if (held is not null)
        {
            return Confirm(session, held, now);
        }

        var (answer, coupon, campaign) = Decide(session, request, now);
        if (answer.Status != RedemptionStatus.Redeemed)
        {
            return new(answer, OwnCoupon(coupon, request), null);
        }

        var redemption = new Redemption
        {
            Key = request.Key,
            Code = coupon!.Code,
            User = request.User,
            Campaign = coupon.Campaign,
            Order = request.Order,
            Discount = answer.Discount!,
            At = now,
        };
        var day = LimitRules.DayOf(campaign!, now);
        SqliteRedemptions.Insert(
            session, redemption, request.Cart, RequestHash.Of(request), day, campaign!.RedemptionsMax);
        return Use(session, coupon, redemption);
    }

    public static ReservationAnswer Reserve(SqliteSession session, ReservationRequest request, DateTimeOffset now)
    {
        if (ReservationRules.Check(request) is { } wrong)
        {
            throw new RefusedException(wrong);
        }

        SqliteReservations.ReleaseDue(session, now);
        var checkout = request.Checkout;
        var (before, held) = FindAnswer(session, checkout, now);
        if (before is not null || held is not null)
        {
            return held is not null ? ReservationRules.Repeat(held.Reservation, now)
                : before!.Status == RedemptionStatus.Redeemed
                    && SqliteReservations.Find(session, checkout.Key) is { } redeemed
                    ? ReservationRules.Repeat(redeemed.Reservation, now)
                : new(before.Status == RedemptionStatus.Redeemed ? RedemptionStatus.AlreadyRedeemed : before.Status);
        }

        var (answer, coupon, campaign) = Decide(session, checkout, now);
        if (answer.Status != RedemptionStatus.Redeemed)
        {
            return new(answer.Status);
        }

        var reservation = new Reservation
        {
            Key = checkout.Key,
            Code = coupon!.Code,
            User = checkout.User,
            Campaign = coupon.Campaign,
            Order = checkout.Order,
            Discount = answer.Discount!,
            At = now,
            Until = now + request.Hold,
        };
        SqliteReservations.Insert(
            session, new(reservation, RequestHash.Of(checkout), LimitRules.DayOf(campaign!, now), checkout.Cart),
            campaign!.RedemptionsMax);
        return new(RedemptionStatus.Reserved, reservation);
    }

    public static LedgerAnswer Confirm(SqliteSession session, UserId user, string key, DateTimeOffset now)
    {
        SqliteReservations.ReleaseDue(session, now);
        if (SqliteReservations.Find(session, key) is not { } stored || stored.Reservation.User != user)
        {
            return new(new(RedemptionStatus.UnknownReservation), null, null);
        }

        var coupon = SqliteCoupons.Find(session, stored.Reservation.Code);
        if (stored.Reservation.State == ReservationState.Redeemed)
        {
            return new(SqliteRedemptions.Repeat(session, key), coupon, null);
        }

        var returned = SqliteReturns.Any(session, user, stored.Reservation.Order);
        return ReservationRules.Obstacle(stored.Reservation, returned, now) is { } obstacle
            ? new(new(obstacle), coupon, null)
            : Confirm(session, stored, now);
    }

    public static ReservationAnswer Release(SqliteSession session, UserId user, string key, DateTimeOffset now)
    {
        if (SqliteReservations.Find(session, key) is not { } stored || stored.Reservation.User != user)
        {
            return new(RedemptionStatus.UnknownReservation);
        }

        var (answer, writes) = ReservationRules.Release(stored.Reservation, now);
        if (writes)
        {
            SqliteReservations.End(session, stored, ReservationState.Released, now);
        }

        return answer;
    }

    public static LedgerAnswer RollBack(SqliteSession session, UserId user, string key, DateTimeOffset now)
    {
        if (SqliteRedemptions.Find(session, key) is not { } stored || stored.Redemption.User != user)
        {
            return new(new(RedemptionStatus.UnknownCoupon), null, null);
        }

        var redemption = stored.Redemption;
        var coupon = SqliteCoupons.Find(session, redemption.Code)
            ?? throw new InvalidOperationException("A redemption names its coupon.");
        if (redemption.RolledBackAt is not null)
        {
            return new(new(RedemptionStatus.Redeemed, redemption.Discount, redemption), coupon, null);
        }

        if (SqliteReturns.Any(session, user, redemption.Order))
        {
            return new(new(RedemptionStatus.OrderReturned), coupon, null);
        }

        SqliteRedemptions.RollBack(session, stored, now);
        var rolledBack = redemption with { RolledBackAt = now };
        var state = now >= coupon.ExpiresAt ? CouponState.Expired
            : coupon.ClaimedAt is null ? CouponState.Issued
            : CouponState.Claimed;
        var open = SqliteCoupons.Update(session, coupon with { State = state }, CouponState.Redeemed);
        var number = SqliteRedemptions.CountOf(session, coupon.Code);
        var recorded = SqliteLedger.Record(session, open, CouponEvents.RolledBack(open, rolledBack, number, now));
        return new(new(RedemptionStatus.Redeemed, redemption.Discount, rolledBack), open, recorded);
    }

    /// <summary>Redeems what a reservation holds.</summary>
    private static LedgerAnswer Confirm(SqliteSession session, SqliteReservations.Stored stored, DateTimeOffset now)
    {
        var coupon = SqliteCoupons.Find(session, stored.Reservation.Code)
            ?? throw new InvalidOperationException("A reservation names its coupon.");
        SqliteReservations.End(session, stored, ReservationState.Redeemed, now);
        var redemption = ReservationRules.Redeemed(stored.Reservation, now);
        SqliteRedemptions.Insert(session, redemption, stored.Cart, stored.Request, stored.Day, null);
        return Use(session, coupon, redemption);
    }

    private static LedgerAnswer Use(SqliteSession session, Coupon coupon, Redemption redemption)
    {
        var used = SqliteCoupons.Update(session, coupon with { State = CouponState.Redeemed }, coupon.State);
        var number = SqliteRedemptions.CountOf(session, coupon.Code);
        var recorded = SqliteLedger.Record(session, used, CouponEvents.Redeemed(used, redemption, number));
        SqliteOutbox.TellThreshold(session, redemption.Campaign, redemption.At);
        return new(new(RedemptionStatus.Redeemed, redemption.Discount, redemption), used, recorded);
    }

    /// <summary>The answer that the key was given before, or that the order's returns give; or the reservation that the
    /// key holds; neither for a wish that must be decided.</summary>
    private static (RedemptionAnswer? Before, SqliteReservations.Stored? Held) FindAnswer(
        SqliteSession session, RedemptionRequest request, DateTimeOffset now)
    {
        if (!IdRules.IsValid(request.Key) || !IdRules.IsValid(request.Order))
        {
            throw new RefusedException(new(RefusalCodes.InvalidId,
                $"A redemption's key and order have 1 to {IdRules.LengthMax} characters each."));
        }

        if (SqliteRedemptions.Find(session, request.Key) is { } redeemed)
        {
            return (IsSame(redeemed.Request, request)
                ? SqliteRedemptions.Repeat(session, request.Key)
                : new(RedemptionStatus.KeyReusedWithOtherContent), null);
        }

        if (SqliteReservations.Find(session, request.Key) is { } reserved)
        {
            if (!IsSame(reserved.Request, request))
            {
                return (new(RedemptionStatus.KeyReusedWithOtherContent), null);
            }

            var returned = SqliteReturns.Any(session, request.User, request.Order);
            return ReservationRules.Obstacle(reserved.Reservation, returned, now) is { } obstacle
                ? (new(obstacle), null)
                : (null, reserved);
        }

        return (SqliteReturns.Any(session, request.User, request.Order) ? new(RedemptionStatus.OrderReturned) : null, null);
    }

    private static (RedemptionAnswer Answer, Coupon? Coupon, Campaign? Campaign) Decide(
        SqliteSession session, RedemptionRequest request, DateTimeOffset now)
    {
        if (SqliteCoupons.Find(session, request.Code) is not { } coupon)
        {
            if (SqliteCodeStore.FindFree(session, request.Code) is not null)
            {
                return (new(RedemptionStatus.NotClaimed), null, null);
            }

            return (RedemptionRules.Decide(request, null, null, null, null, 0, Item.FirstSeen, now), null, null);
        }

        var offer = SqliteCampaignStore.FindOffer(session, coupon.Offer)?.Offer;
        var (campaign, use) = SqliteLedger.CampaignOf(session, coupon.Campaign);
        var redeemed = SqliteRedemptions.CountInForce(session, request.User, campaign.Id)
            + SqliteReservations.CountHeld(session, request.User, campaign.Id);
        var answer = RedemptionRules.Decide(request, coupon, offer, campaign, use, redeemed,
            id => SqliteCatalogStore.Find(session, id) ?? Item.FirstSeen(id), now,
            SqliteRedemptions.UsedOn(session, request.User, request.Order),
            SqliteReservations.HolderOf(session, coupon.Code) is not null,
            SqliteBudgets.Uses(session, campaign, request.User, LimitRules.DayOf(campaign, now)));
        return (answer, coupon, campaign);
    }

    private static bool IsSame(byte[] stored, RedemptionRequest request) =>
        stored.AsSpan().SequenceEqual(RequestHash.Of(request));

    private static Coupon? OwnCoupon(Coupon? coupon, RedemptionRequest request) =>
        coupon?.User == request.User ? coupon : null;
}
