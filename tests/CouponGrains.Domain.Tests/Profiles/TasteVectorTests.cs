using CouponGrains.Domain.Events;
using CouponGrains.Domain.Profiles;
using CsCheck;

namespace CouponGrains.Domain.Tests.Profiles;

public sealed class TasteVectorTests
{
    private static readonly Gen<(EventKind Kind, int Item, int Day)[]> Histories = Gen.Select(
        Gen.OneOf(EventKind.View, EventKind.Cart, EventKind.Purchase, EventKind.Refund, EventKind.Search),
        Gen.Int[0, 30], Gen.Int[-400, 30]).Array[0, 80];

    [Fact]
    public void Moving_by_each_event_equals_folding_the_whole_history() => Histories.Sample(history =>
    {
        // The model knows items 0 to 19 only, and sees the sums from another time than the profile.
        var model = Samples.SpectralModel(items: 20, rank: 8, seed: 2) with { Reference = Samples.Noon.AddDays(-50) };
        var profile = Samples.Profile();
        var moved = TasteVector.Fold(profile, model);
        for (var i = 0; i < history.Length; i++)
        {
            moved.Move(profile.Apply(Samples.Event(i + 1, history[i].Kind, history[i].Item, history[i].Day), null),
                model);
        }

        var folded = TasteVector.Fold(profile, model);
        var rebased = TasteVector.Fold(profile.Rebase(model.Reference), model);
        Assert.Equal(folded.IsCold, moved.IsCold);
        for (var k = 0; k < folded.Values.Length; k++)
        {
            Assert.Equal(folded.Values[k], moved.Values[k], 1e-4);
            Assert.Equal(folded.Values[k], rebased.Values[k], 1e-4);
        }
    });

    [Fact]
    public void The_vector_is_the_weighted_sum_of_the_item_rows()
    {
        var model = Samples.SpectralModel(items: 3, rank: 4, seed: 3);
        var weights = model.HistoryWeights;
        var profile = Samples.Profile();
        profile.Apply(Samples.Event(1, EventKind.Purchase, 0), null);
        profile.Apply(Samples.Event(2, EventKind.View, 2, days: -180), null);

        var taste = TasteVector.Fold(profile, model);

        for (var k = 0; k < 4; k++)
        {
            var expected = (Math.Log(2) * weights[0] * model.Factors.Row(0)[k])
                + (Math.Log(1.1) * weights[2] * model.Factors.Row(2)[k]);
            Assert.Equal(expected, taste.Values[k], 1e-6);
        }
    }

    [Fact]
    public void A_purchase_that_is_given_back_at_once_leaves_nothing()
    {
        var model = Samples.Model(items: 3, rank: 4, seed: 3);
        var profile = Samples.Profile();
        var taste = TasteVector.Fold(profile, model);
        Assert.True(taste.IsCold);

        taste.Move(profile.Apply(Samples.Event(1, EventKind.Purchase, 1), null), model);
        Assert.False(taste.IsCold);

        taste.Move(profile.Apply(Samples.Event(2, EventKind.Refund, 1), null), model);
        Assert.True(taste.IsCold);
        Assert.All(taste.Values, v => Assert.Equal(0f, v));
    }

    [Fact]
    public void A_profile_made_with_other_weights_is_not_folded() =>
        Assert.Throws<ArgumentException>(() => TasteVector.Fold(
            Samples.Profile(new() { View = 0.9 }), Samples.Model(items: 3, rank: 4, seed: 3)));
}
