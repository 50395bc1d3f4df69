using CouponGrains.Domain.Coupons;

namespace CouponGrains.Domain.Tests.Coupons;

public sealed class CouponTests
{
    private static readonly Coupon Twice = Samples.Coupon(Samples.Percent(1_000)) with { UsesMax = 2 };

    [Fact]
    public void A_coupon_is_redeemed_with_its_last_use_and_has_none_beyond_it()
    {
        var (once, twice) = (Twice.Used(), Twice.Used().Used());
        Assert.Equal((CouponState.Issued, 1, true), (once.State, once.Uses, once.IsOpen));
        Assert.Equal((CouponState.Redeemed, 2, false), (twice.State, twice.Uses, twice.IsOpen));
        Assert.Throws<InvalidOperationException>(twice.Used);
    }

    [Fact]
    public void A_use_that_is_given_back_opens_what_was_redeemed_and_nothing_that_is_over()
    {
        var redeemed = Twice.Used().Used();
        Assert.Equal(Twice.Used(), redeemed.GivenBack(Samples.Noon));
        Assert.Equal(Twice, redeemed.GivenBack(Samples.Noon).GivenBack(Samples.Noon));
        Assert.Equal(CouponState.Claimed, (redeemed with { ClaimedAt = Samples.Noon }).GivenBack(Samples.Noon).State);
        Assert.Equal(CouponState.Expired, redeemed.GivenBack(redeemed.ExpiresAt).State);
        var voided = Twice.Used() with { State = CouponState.Voided };
        Assert.Equal((CouponState.Voided, 0), (voided.GivenBack(Samples.Noon).State, voided.GivenBack(Samples.Noon).Uses));
        Assert.Throws<InvalidOperationException>(() => Twice.GivenBack(Samples.Noon));
    }
}
