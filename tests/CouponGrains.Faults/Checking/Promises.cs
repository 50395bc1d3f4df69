using CouponGrains.Faults.Shopping;

namespace CouponGrains.Faults.Checking;

/// <summary>What clients were told, against what is there.</summary>
internal static class Promises
{
    /// <summary>Every wish came to a known answer; asked again, it was answered the same.</summary>
    public static IEnumerable<Violation> Answers(History history)
    {
        foreach (var attempts in history.Wishes)
        {
            var wish = attempts[0].Wish;
            if (!attempts.Any(a => a.Answer.IsKnown))
            {
                yield return new("unresolved", $"{wish} was asked for {attempts.Count} times");
            }

            foreach (var fault in attempts.Where(a => a.Answer.Code == Answer.Fault))
            {
                yield return new("fault", $"{wish} was answered {fault.Answer.Code}, not that it may be asked again");
            }

            var done = attempts.Where(a => a.Answer.IsDone).ToList();
            if (done.DistinctBy(a => a.Answer).Count() > 1)
            {
                yield return new("answer_changed", $"{wish}: {string.Join(" and ", done.Select(a => a.Answer).Distinct())}");
            }

            if (done.Count == 0)
            {
                continue;
            }

            foreach (var refused in attempts.Where(a => a.Asked > done[0].Answered && a.Answer is { IsKnown: true, IsDone: false }))
            {
                if (!MayFollow(wish, refused.Answer.Code, history))
                {
                    yield return new("answer_changed", $"{wish} was done, and then answered {refused.Answer.Code}");
                }
            }
        }
    }

    /// <summary>What was acknowledged is there.</summary>
    public static IEnumerable<Violation> Kept(Books books, History history)
    {
        var events = books.Events.GroupBy(e => e.Id).ToDictionary(g => g.Key, g => g.First());
        var coupons = books.Coupons.GroupBy(c => c.Code).ToDictionary(g => g.Key, g => g.First());
        var redemptions = books.Redemptions.GroupBy(r => r.Key).ToDictionary(g => g.Key, g => g.First());
        var reservations = books.Reservations.GroupBy(r => r.Key).ToDictionary(g => g.Key, g => g.First());
        foreach (var attempts in history.Wishes)
        {
            if (attempts.FirstOrDefault(a => a.Answer.IsDone) is not { Wish: var wish, Answer: var answer })
            {
                continue;
            }

            var redemption = redemptions.GetValueOrDefault(wish.Key);
            var reservation = reservations.GetValueOrDefault(wish.Key);
            var kept = wish.Kind switch
            {
                WishKind.Event => events.GetValueOrDefault(wish.Key)?.User == wish.User,
                WishKind.Issue => coupons.GetValueOrDefault(answer.Coupon!) is { } coupon
                    && (coupon.User, coupon.Key, coupon.Campaign, coupon.Offer)
                        == (wish.User, wish.Key, wish.Campaign, wish.Offer),
                WishKind.Claim => coupons.GetValueOrDefault(wish.Key) is { Claimed: true } claimed && claimed.User == wish.User,
                WishKind.ClaimShared or WishKind.ClaimFree =>
                    coupons.GetValueOrDefault(answer.Coupon!) is { Claimed: true } own && IsOf(own.Code, wish, coupons)
                    && (own.User, own.Campaign, own.Offer) == (wish.User, wish.Campaign, wish.Offer),
                WishKind.Reserve => reservation is not null && IsOf(reservation.Code, wish, coupons)
                    && (reservation.Code, reservation.User, reservation.Minor)
                        == (answer.Coupon, wish.User, answer.Minor),
                WishKind.Release => reservation is { State: 3 or 4 } && redemption is null,
                WishKind.RollBack => redemption is { RolledBack: true },
                WishKind.Return => redemptions.ContainsKey(wish.Redemption!), // What it gave is counted in Returns.
                WishKind.Pause or WishKind.Resume => true, // See Pauses.
                _ => redemption is not null && IsOf(redemption.Code, wish, coupons)
                    && (redemption.Code, redemption.User, redemption.Minor, redemption.Order)
                        == (answer.Coupon, wish.User, answer.Minor, wish.Order),
            };
            if (!kept)
            {
                yield return new("lost", $"{wish} was answered {answer}; there is {Found(wish, reservation, redemption)}");
            }
        }
    }

    /// <summary>What is there was asked for.</summary>
    public static IEnumerable<Violation> Unasked(Books books, History history)
    {
        var backs = Returns.ByEvent(history);
        foreach (var e in books.Events.Where(e => e.Kind < Limits.Issued && !history.Asked(WishKind.Event, e.Id)
            && !(e.Kind == Returns.Refund && Returns.Of(e) is { } back && backs.ContainsKey(back))))
        {
            yield return new("unasked", $"{e}");
        }

        foreach (var coupon in books.Coupons)
        {
            var asked = CodeOf(coupon) is { } code
                ? history.Presented(code, coupon.User)
                : history.Find(WishKind.Issue, coupon.Key)?.User == coupon.User
                    && (!coupon.Claimed || history.Asked(WishKind.Claim, coupon.Code));
            if (!asked)
            {
                yield return new("unasked", $"{coupon}");
            }
        }

        foreach (var reservation in books.Reservations.Where(r => !history.Asked(WishKind.Reserve, r.Key)
            || (r.State == 3 && !history.Asked(WishKind.Release, r.Key))))
        {
            yield return new("unasked", $"{reservation}");
        }

        var coupons = books.Coupons.GroupBy(c => c.Code).ToDictionary(g => g.Key, g => g.First());
        foreach (var redemption in books.Redemptions)
        {
            var asked = history.Find(WishKind.Redeem, redemption.Key) ?? history.Find(WishKind.Confirm, redemption.Key);
            if (asked is null || !IsOf(redemption.Code, asked, coupons)
                || (redemption.RolledBack && !history.Asked(WishKind.RollBack, redemption.Key)))
            {
                yield return new("unasked", $"{redemption}");
            }
        }
    }

    /// <summary>Refusals of a wish that was done before, which tell of what was done since.</summary>
    private static bool MayFollow(Wish wish, string code, History history) => (wish.Kind, code) switch
    {
        (WishKind.Redeem or WishKind.Confirm, "rolled_back") => history.Asked(WishKind.RollBack, wish.Key),
        (WishKind.Reserve, "released") => history.Asked(WishKind.Release, wish.Key),
        (WishKind.Reserve, "rolled_back") => history.Asked(WishKind.RollBack, wish.Key),
        (WishKind.Reserve, "reservation_expired") => true,
        (WishKind.Claim or WishKind.ClaimShared or WishKind.ClaimFree, "coupon_not_open") => true,
        (WishKind.Pause or WishKind.Resume, "revision_changed" or "version_conflict") => true,
        _ => false,
    };

    /// <summary>True if the coupon is the one that the wish named: by its own code, or by the one that it was issued
    /// of.</summary>
    private static bool IsOf(string coupon, Wish wish, Dictionary<string, CouponRow> coupons) => wish.Code is { } code
        && (History.Plain(code) == History.Plain(coupon)
            || (coupons.GetValueOrDefault(coupon) is { } row && CodeOf(row) is { } of
                && History.Plain(of) == History.Plain(code)));

    /// <summary>The code that a coupon was issued of, shared or made in advance; null if of none.</summary>
    private static string? CodeOf(CouponRow coupon) =>
        coupon.Key.StartsWith("code:", StringComparison.Ordinal) ? coupon.Key["code:".Length..] : null;

    private static string Found(Wish wish, ReservationRow? reservation, RedemptionRow? redemption) =>
        wish.Kind is WishKind.Event or WishKind.Issue or WishKind.Claim or WishKind.ClaimShared or WishKind.ClaimFree
            ? "nothing like it"
            : $"{reservation?.ToString() ?? "no reservation"}, {redemption?.ToString() ?? "no redemption"}";
}
