using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Storage.Ledger;

/// <summary>Reserving, redeeming and rolling back: reads, asks the rules, writes.</summary>
internal static class CheckoutSteps
{
    /// <summary>What a redemption would answer. Ends what time will have ended, which the
    /// caller does not keep: the time may be made up.</summary>
    public static RedemptionAnswer Validate(ILedgerRows rows, RedemptionRequest request, DateTimeOffset now)
    {
        rows.ReleaseDue(now);
        var wish = Wish.Of(rows, request, now);
        var (before, held) = FindAnswer(rows, wish.Request, now);
        return before is not null ? before with { Redemption = null }
            : held is not null ? new(RedemptionStatus.Redeemed, held.Reservation.Discount)
            : Decide(rows, wish, now).Answer;
    }

    public static LedgerAnswer Redeem(ILedgerRows rows, RedemptionRequest request, DateTimeOffset now)
    {
        rows.ReleaseDue(now);
        var wish = Wish.Of(rows, request, now);
        request = wish.Request;
        var (before, held) = FindAnswer(rows, request, now);
        if (before is not null)
        {
            return new(before, OwnCoupon(rows.FindCoupon(request.Code), request), null);
        }

        if (held is not null)
        {
            return Confirm(rows, held, now);
        }

        var (answer, coupon, campaign) = Decide(rows, wish, now);
        if (answer.Status != RedemptionStatus.Redeemed)
        {
            return new(answer, wish.Draft is null ? OwnCoupon(coupon, request) : null, null);
        }

        (request, coupon) = wish.Take(rows, coupon!, now);
        var redemption = new Redemption
        {
            Key = request.Key,
            Code = coupon.Code,
            User = request.User,
            Campaign = coupon.Campaign,
            Order = request.Order,
            Discount = answer.Discount!,
            At = now,
        };
        rows.Insert(
            new StoredRedemption(redemption, RequestHash.Of(request), request.Cart, LimitRules.DayOf(campaign!, now)),
            campaign!.RedemptionsMax);
        return Use(rows, coupon, redemption);
    }

    public static ReservationAnswer Reserve(ILedgerRows rows, ReservationRequest request, DateTimeOffset now)
    {
        if (ReservationRules.Check(request) is { } wrong)
        {
            throw new RefusedException(wrong);
        }

        rows.ReleaseDue(now);
        var wish = Wish.Of(rows, request.Checkout, now);
        var checkout = wish.Request;
        var (before, held) = FindAnswer(rows, checkout, now);
        if (before is not null || held is not null)
        {
            return held is not null ? ReservationRules.Repeat(held.Reservation, now) with { IsRepeat = true }
                : before!.Status == RedemptionStatus.Redeemed && rows.FindReservation(checkout.Key) is { } redeemed
                    ? ReservationRules.Repeat(redeemed.Reservation, now) with { IsRepeat = true }
                : new(before.Status == RedemptionStatus.Redeemed ? RedemptionStatus.AlreadyRedeemed : before.Status);
        }

        var (answer, coupon, campaign) = Decide(rows, wish, now);
        if (answer.Status != RedemptionStatus.Redeemed)
        {
            return new(answer.Status);
        }

        (checkout, coupon) = wish.Take(rows, coupon!, now);
        var reservation = new Reservation
        {
            Key = checkout.Key,
            Code = coupon.Code,
            User = checkout.User,
            Campaign = coupon.Campaign,
            Order = checkout.Order,
            Discount = answer.Discount!,
            At = now,
            Until = now + request.Hold,
        };
        rows.Insert(
            new StoredReservation(reservation, RequestHash.Of(checkout), checkout.Cart, LimitRules.DayOf(campaign!, now)),
            campaign!.RedemptionsMax);
        return new(RedemptionStatus.Reserved, reservation);
    }

    public static LedgerAnswer Confirm(ILedgerRows rows, UserId user, string key, DateTimeOffset now)
    {
        rows.ReleaseDue(now);
        if (rows.FindReservation(key) is not { } stored || stored.Reservation.User != user)
        {
            return new(new(RedemptionStatus.UnknownReservation), null, null);
        }

        var coupon = rows.FindCoupon(stored.Reservation.Code);
        if (stored.Reservation.State == ReservationState.Redeemed)
        {
            return new(Repeat(rows.FindRedemption(key)), coupon, null);
        }

        var returned = rows.Returned(user, stored.Reservation.Order).Count > 0;
        return ReservationRules.Obstacle(stored.Reservation, returned, now) is { } obstacle
            ? new(new(obstacle), coupon, null)
            : Confirm(rows, stored, now);
    }

    public static ReservationAnswer Release(ILedgerRows rows, UserId user, string key, DateTimeOffset now)
    {
        if (rows.FindReservation(key) is not { } stored || stored.Reservation.User != user)
        {
            return new(RedemptionStatus.UnknownReservation);
        }

        var (answer, writes) = ReservationRules.Release(stored.Reservation, now);
        if (writes)
        {
            rows.End(stored, ReservationState.Released, now);
        }

        return answer;
    }

    public static LedgerAnswer RollBack(ILedgerRows rows, UserId user, string key, DateTimeOffset now)
    {
        if (rows.FindRedemption(key) is not { } stored || stored.Redemption.User != user)
        {
            return new(new(RedemptionStatus.UnknownCoupon), null, null);
        }

        var redemption = stored.Redemption;
        var coupon = rows.FindCoupon(redemption.Code)
            ?? throw new InvalidOperationException("A redemption names its coupon.");
        if (redemption.RolledBackAt is not null)
        {
            return new(new(RedemptionStatus.Redeemed, redemption.Discount, redemption), coupon, null);
        }

        if (rows.Returned(user, redemption.Order).Count > 0)
        {
            return new(new(RedemptionStatus.OrderReturned), coupon, null);
        }

        rows.RollBack(stored, now);
        var rolledBack = redemption with { RolledBackAt = now };
        var after = rows.Update(coupon.GivenBack(now), coupon.State);
        var number = rows.CountRedemptions(coupon.Code) - after.Uses;
        var recorded = rows.Record(after, CouponEvents.RolledBack(after, rolledBack, number, now));
        if (after.State == CouponState.Expired && coupon.State != CouponState.Expired)
        {
            rows.Record(after, CouponEvents.Expired(after));
        }

        return new(new(RedemptionStatus.Redeemed, redemption.Discount, rolledBack), after, recorded);
    }

    /// <summary>Redeems what a reservation holds.</summary>
    private static LedgerAnswer Confirm(ILedgerRows rows, StoredReservation stored, DateTimeOffset now)
    {
        var coupon = rows.FindCoupon(stored.Reservation.Code)
            ?? throw new InvalidOperationException("A reservation names its coupon.");
        rows.End(stored, ReservationState.Redeemed, now);
        var redemption = ReservationRules.Redeemed(stored.Reservation, now);
        rows.Insert(new StoredRedemption(redemption, stored.Request, stored.Cart, stored.Day), null);
        return Use(rows, coupon, redemption);
    }

    private static LedgerAnswer Use(ILedgerRows rows, Coupon coupon, Redemption redemption)
    {
        var used = rows.Update(coupon.Used(), coupon.State);
        var number = rows.CountRedemptions(coupon.Code);
        var recorded = rows.Record(used, CouponEvents.Redeemed(used, redemption, number));
        rows.TellThreshold(redemption.Campaign, redemption.At);
        return new(new(RedemptionStatus.Redeemed, redemption.Discount, redemption), used, recorded);
    }

    /// <summary>The answer that the key was given before, or that the order's returns give; or the reservation that the
    /// key holds; neither for a wish that must be decided.</summary>
    private static (RedemptionAnswer? Before, StoredReservation? Held) FindAnswer(
        ILedgerRows rows, RedemptionRequest request, DateTimeOffset now)
    {
        if (!IdRules.IsValid(request.Key) || !IdRules.IsValid(request.Order))
        {
            throw new RefusedException(new(RefusalCodes.InvalidId,
                $"A redemption's key and order have 1 to {IdRules.LengthMax} characters each."));
        }

        if (rows.FindRedemption(request.Key) is { } redeemed)
        {
            return (IsSame(redeemed.Request, request)
                ? Repeat(redeemed)
                : new(RedemptionStatus.KeyReusedWithOtherContent), null);
        }

        var returned = rows.Returned(request.User, request.Order).Count > 0;
        if (rows.FindReservation(request.Key) is { } reserved)
        {
            if (!IsSame(reserved.Request, request))
            {
                return (new(RedemptionStatus.KeyReusedWithOtherContent), null);
            }

            return ReservationRules.Obstacle(reserved.Reservation, returned, now) is { } obstacle
                ? (new(obstacle), null)
                : (null, reserved);
        }

        return (returned ? new(RedemptionStatus.OrderReturned) : null, null);
    }

    private static (RedemptionAnswer Answer, Coupon? Coupon, Campaign? Campaign) Decide(
        ILedgerRows rows, Wish wish, DateTimeOffset now)
    {
        var request = wish.Request;
        if ((wish.Draft ?? rows.FindCoupon(request.Code)) is not { } coupon)
        {
            if (rows.FindFreeCode(request.Code) is not null)
            {
                return (new(RedemptionStatus.NotClaimed), null, null);
            }

            var unknown = RedemptionRules.Decide(request, null, null, null, null, 0, rows.Item, now);
            return (wish.Refused is { } refused ? new(refused) : unknown, null, null);
        }

        var campaign = rows.Campaign(coupon.Campaign);
        var answer = RedemptionRules.Decide(
            request, coupon, rows.FindOffer(coupon.Offer)?.Offer, campaign, rows.Budget(campaign.Id),
            rows.CountUsed(request.User, campaign.Id), rows.Item, now, rows.UsedOn(request.User, request.Order, now),
            rows.HolderOf(coupon.Code) is not null,
            rows.Uses(campaign, request.User, LimitRules.DayOf(campaign, now)));
        return (answer, coupon, campaign);
    }

    /// <summary>The answer to a key that has redeemed, asked again.</summary>
    private static RedemptionAnswer Repeat(StoredRedemption? stored) => stored switch
    {
        null => throw new InvalidOperationException("What is redeemed has its redemption."),
        { Redemption: { RolledBackAt: null } redemption } =>
            new(RedemptionStatus.Redeemed, redemption.Discount, redemption),
        _ => new(RedemptionStatus.RolledBack),
    };

    /// <summary>A wish for the checkout, about a coupon of the user's own.</summary>
    /// <param name="Request">The wish; of a code that many share it names the user's coupon, if he has one.</param>
    /// <param name="Draft">The coupon that he would be issued of a code that many share; not written yet.</param>
    /// <param name="Refused">Why he is issued none.</param>
    private sealed record Wish(RedemptionRequest Request, Coupon? Draft = null, RedemptionStatus? Refused = null)
    {
        public static Wish Of(ILedgerRows rows, RedemptionRequest request, DateTimeOffset now)
        {
            if (rows.FindShared(request.Code) is not { } shared)
            {
                return new(request);
            }

            var issue = CodeRules.IssueOf(request.User, shared.Code, shared.Offer);
            if (rows.FindIssued(request.User, issue.Key) is { } own)
            {
                return new(request with { Code = own.Code });
            }

            var (draft, refusal) = CouponSteps.Draft(rows, issue, now);
            return new(request, draft, refusal is null ? null
                : SharedCodes.StatusOf(refusal, rows.Campaign(shared.Campaign), rows.Budget(shared.Campaign), now));
        }

        /// <summary>The wish and its coupon once it is accepted: a draft is issued now.</summary>
        public (RedemptionRequest Request, Coupon Coupon) Take(ILedgerRows rows, Coupon coupon, DateTimeOffset now) =>
            Draft is null ? (Request, coupon) : (Request with { Code = Draft.Code }, CouponSteps.PutClaimed(rows, Draft, now));
    }

    private static bool IsSame(byte[] stored, RedemptionRequest request) =>
        stored.AsSpan().SequenceEqual(RequestHash.Of(request));

    private static Coupon? OwnCoupon(Coupon? coupon, RedemptionRequest request) =>
        coupon?.User == request.User ? coupon : null;
}
