using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models.Response;
using CouponGrains.Domain.Offers;
using CouponGrains.Training.Models.Response;

namespace CouponGrains.Training.Tests.Models.Response;

public sealed class IssueLogTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private static IssueLog Log(params (EventKind Kind, string? Code, int? Rating)[] events)
    {
        var log = new IssueLog();
        for (var i = 0; i < events.Length; i++)
        {
            log.Add(new(i + 1, new()
            {
                Id = new($"e{i}"), User = new("ann"), Offer = new("o"), Kind = events[i].Kind, CouponCode = events[i].Code,
                Rating = events[i].Rating, At = Start.AddHours(i),
            }));
        }

        return log;
    }

    [Fact]
    public void Outcomes_are_of_the_coupon_that_an_event_names_and_of_the_newest_where_it_names_none()
    {
        var log = Log((EventKind.Issued, "a", null), (EventKind.Issued, "b", null), (EventKind.CouponViewed, "a", null),
            (EventKind.Redeemed, null, null), (EventKind.Rated, "b", 5), (EventKind.Expired, "a", null));
        var outcomes = log.Issues.Select(e => log.Outcomes(e, isOver: true)).ToList();
        Assert.Equal([1, float.NaN, 0, float.NaN], outcomes[0]);
        Assert.Equal([1, float.NaN, 1, 1], outcomes[1]);
    }

    [Fact]
    public void A_roll_back_takes_a_redemption_back_and_a_coupon_that_may_still_be_used_has_no_outcome()
    {
        var log = Log((EventKind.Issued, "a", null), (EventKind.Redeemed, "a", null), (EventKind.RolledBack, "a", null));
        var issue = Assert.Single(log.Issues);
        Assert.True(float.IsNaN(log.Outcomes(issue, isOver: false)[(int)ResponseHead.Redeem]));
        Assert.Equal(0, log.Outcomes(issue, isOver: true)[(int)ResponseHead.Redeem]);
    }

    [Fact]
    public void A_redemption_is_known_no_sooner_than_that_none_came()
    {
        var log = Log((EventKind.Issued, "a", null), (EventKind.Redeemed, "a", null), (EventKind.Rated, "a", 5));
        var issue = Assert.Single(log.Issues);
        Assert.All(log.Outcomes(issue, isOver: false), outcome => Assert.True(float.IsNaN(outcome)));
        Assert.Equal(1, log.Outcomes(issue, isOver: true)[(int)ResponseHead.Redeem]);
    }

    [Fact]
    public void An_offer_shown_in_a_list_is_no_coupon_that_was_never_issued()
    {
        var log = Log((EventKind.Exposed, null, null));
        Assert.Equal(0, log.Unknown);
    }

    [Fact]
    public void Events_of_a_coupon_never_issued_are_counted_and_teach_nothing()
    {
        var log = Log(
            (EventKind.Redeemed, "x", null), (EventKind.Issued, "a", null), (EventKind.Redeemed, "y", null));
        Assert.Equal(2, log.Unknown);
        Assert.False(Assert.Single(log.Issues).Redeemed);
    }

    [Fact]
    public void Seldom_seen_segments_stay_near_the_rate_of_all()
    {
        var prior = ResponsePrior.Of(Enumerable.Range(0, 998).Select(i =>
            (5, OfferKind.PercentOff, ResponseCandidate.Redemption(i < 99))));
        Assert.Equal(0.1, prior.Of(null, OfferKind.Gift).Redeem, 1e-3);
        Assert.Equal(prior.Rates[2], prior.Rates[(4 * 2) + 2], 1e-6);
        Assert.Equal(0.5, prior.Of(null, OfferKind.Gift).View, 1e-6);
    }
}
