using CouponGrains.Faults.Shopping;

namespace CouponGrains.Faults.Checking;

/// <summary>What a paused campaign must not do. Coupons that it issued before stay good.</summary>
internal static class Pauses
{
    public static IEnumerable<Violation> Check(Books books, History history) =>
        Issued(books, history).Concat(Turns(history));

    /// <summary>Nothing was asked for after the pause was acknowledged, and issued before anybody wished to go on. What waited
    /// for longer may have been issued later: its event bears the time at which it was asked for. All is by the clock of one
    /// machine.</summary>
    private static IEnumerable<Violation> Issued(Books books, History history)
    {
        var pauses = history.Wishes.Where(attempts => attempts[0].Wish.Kind == WishKind.Pause)
            .Select(attempts => Of(attempts, history)).ToLookup(pause => pause.Campaign);
        var campaigns = books.Coupons.GroupBy(c => c.Code).ToDictionary(g => g.Key, g => g.First().Campaign);
        var known = history.Wishes.SelectMany(attempts => attempts).Where(a => a.Answer is { IsDone: true, Coupon: not null })
            .GroupBy(a => a.Answer.Coupon!).ToDictionary(g => g.Key, g => g.Min(a => a.AnsweredAt));
        foreach (var e in books.Events.Where(e => e is { Kind: Limits.Issued, Code: not null }))
        {
            var campaign = campaigns.GetValueOrDefault(e.Code!, "");
            foreach (var pause in pauses[campaign].Where(p => e.At > p.From.UtcTicks
                && (p.Until == DateTimeOffset.MaxValue || known.GetValueOrDefault(e.Code!, p.Until) < p.Until)))
            {
                yield return new("issued_while_paused",
                    $"{e} at {new DateTimeOffset(e.At, TimeSpan.Zero):O}, {campaign} from {pause.From:O} until {pause.Until:O}");
            }
        }
    }

    /// <summary>A campaign leaves a revision because somebody asked it to.</summary>
    private static IEnumerable<Violation> Turns(History history) =>
        from attempts in history.Wishes
        where attempts[0].Wish.Kind is WishKind.Pause or WishKind.Resume
            && attempts.Any(a => a.Answer.IsMoved) && attempts.All(a => a.Answer is { IsKnown: true, IsDone: false })
        select new Violation("turn_lost", $"{attempts[0].Wish} was answered {attempts[0].Answer.Code}, but never done");

    /// <summary>From when on it is certain that the campaign was paused, and until when.</summary>
    private static (string Campaign, DateTimeOffset From, DateTimeOffset Until) Of(
        IReadOnlyList<Attempt> attempts, History history)
    {
        var wish = attempts[0].Wish;
        var resumed = history.Attempts(WishKind.Resume, $"{wish.Campaign}@{wish.Revision + 1}");
        return (wish.Campaign!,
            attempts.Where(a => a.Answer.IsDone || a.Answer.IsMoved).Select(a => a.AnsweredAt)
                .DefaultIfEmpty(DateTimeOffset.MaxValue).Min(),
            resumed.Select(a => a.AskedAt).DefaultIfEmpty(DateTimeOffset.MaxValue).Min());
    }
}
