using CouponGrains.Domain;
using CouponGrains.Domain.Events;
using CouponGrains.Training.Offers;

namespace CouponGrains.Training.Tests.Offers;

public sealed class OfferFeedbackTests
{
    private static readonly OfferId Tea = new("tea");
    private int _events;

    [Fact]
    public void An_offer_without_results_weighs_one()
    {
        Assert.Equal(1, new OfferFeedback().Weight(Tea));
    }

    [Fact]
    public void Coupons_that_run_out_make_an_offer_weigh_less_and_redemptions_make_up_for_them()
    {
        var feedback = new OfferFeedback();
        Add(feedback, EventKind.Expired, 3);
        Assert.Equal(0.25f, feedback.Weight(Tea));
        Add(feedback, EventKind.Redeemed, 4);
        Assert.Equal(0.625f, feedback.Weight(Tea));
        Add(feedback, EventKind.RolledBack, 1);
        Assert.Equal(4 / 7f, feedback.Weight(Tea), 1e-6f);
        Assert.Equal(3, feedback.Redeemers(Tea).Count);
    }

    [Fact]
    public void Good_ratings_raise_and_poor_ones_lower_the_weight()
    {
        var (good, poor) = (new OfferFeedback(), new OfferFeedback());
        Add(good, EventKind.Rated, 2, rating: 5);
        Add(poor, EventKind.Rated, 2, rating: 1);
        Assert.Equal(13 / 9f, good.Weight(Tea), 1e-6f);
        Assert.Equal(5 / 9f, poor.Weight(Tea), 1e-6f);
    }

    private void Add(OfferFeedback feedback, EventKind kind, int count, int? rating = null)
    {
        for (var i = 0; i < count; i++)
        {
            feedback.Add(new()
            {
                Id = new($"e{_events++}"), User = new("ann"), Kind = kind, At = DateTimeOffset.UnixEpoch, Offer = Tea,
                Rating = rating,
            });
        }
    }
}
