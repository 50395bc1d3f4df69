using CouponGrains.Domain.Events;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Domain.Tests.Profiles;

public sealed class BehaviourRulesTests
{
    [Fact]
    public void The_defaults_and_the_ends_of_the_ranges_are_accepted()
    {
        Assert.Null(BehaviourRules.Check(new()));
        Assert.Null(BehaviourRules.Check(new()
        {
            View = 0, Cart = 0, Purchase = 1e6, Refund = 0, HalfLife = TimeSpan.FromHours(1),
        }));
        Assert.Null(BehaviourRules.Check(new() { HalfLife = TimeSpan.FromDays(36_500) }));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1e6)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_weight_out_of_range_is_refused_by_its_place(double weight)
    {
        AssertRefused("/view", new() { View = weight });
        AssertRefused("/cart", new() { Cart = weight });
        AssertRefused("/purchase", new() { Purchase = weight });
        AssertRefused("/refund", new() { Refund = weight });
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(36_501 * 24)]
    public void A_half_life_out_of_range_is_refused(double hours) =>
        AssertRefused("/halfLifeSeconds", new() { HalfLife = TimeSpan.FromHours(hours) });

    [Fact]
    public void A_refund_is_subtracted_and_kinds_without_an_item_of_their_own_weigh_nothing()
    {
        var weights = new BehaviourWeights { Purchase = 2, Refund = 1.5 };
        Assert.Equal(-1.5, weights.Of(EventKind.Refund));
        EventKind[] weighing = [EventKind.View, EventKind.Cart, EventKind.Purchase, EventKind.Refund];
        Assert.All(Enum.GetValues<EventKind>().Except(weighing), kind => Assert.Equal(0, weights.Of(kind)));
    }

    private static void AssertRefused(string pointer, BehaviourWeights weights)
    {
        var refusal = BehaviourRules.Check(weights);
        Assert.Equal((RefusalCodes.InvalidValue, pointer), (refusal?.Code, refusal?.Pointer));
    }
}
