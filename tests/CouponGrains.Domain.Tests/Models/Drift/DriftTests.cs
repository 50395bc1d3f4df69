using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models.Drift;
using CsCheck;

namespace CouponGrains.Domain.Tests.Models.Drift;

public sealed class DriftTests
{
    [Fact]
    public void The_same_population_is_stable_and_another_one_has_moved() => Gen.Int[0, 1_000_000].Sample(seed =>
    {
        var random = new Random(seed);
        double[] then = [.. Samples.Normal(random, 5_000)], now = [.. Samples.Normal(random, 5_000)];
        var reference = FeatureReference.Of("x", then)!;
        Assert.Equal(9, reference.Edges.Count);
        Assert.Equal(1, reference.Shares.Sum(), 1e-9);
        Assert.Equal(DriftLevel.Stable, Level(reference, now));
        Assert.Equal(DriftLevel.Moved, Level(reference, now.Select(x => x + 1)));
        Assert.Equal(DriftLevel.TooFew, Level(reference, now.Take(99)));
    }, iter: 20);

    [Fact]
    public void A_feature_of_few_values_has_a_bin_for_each()
    {
        var reference = FeatureReference.Of("kind", Enumerable.Range(0, 300).Select(i => (double)(i % 3)))!;
        Assert.Equal([0, 1], reference.Edges);
        Assert.Equal([0, 1, 2], new[] { 0.0, 1, 2 }.Select(reference.BinOf));
        Assert.Null(FeatureReference.Of("few", Enumerable.Repeat(1.0, 99)));
        Assert.Null(FeatureReference.Of("none", Enumerable.Repeat(double.NaN, 200)));
        var constant = FeatureReference.Of("constant", Enumerable.Repeat(1.0, 100))!;
        Assert.Equal(0, PopulationStability.Of(constant, [200])!.Value, 1e-12);
    }

    [Fact]
    public void The_index_is_never_negative_and_zero_only_for_the_same_shares() => Gen.Select(
        Gen.Int[0, 500].Array[10], Gen.Int[0, 500].Array[10]).Sample((then, now) =>
        {
            var sum = Math.Max(1, then.Sum());
            var reference = new FeatureReference(
                "x", [.. Enumerable.Range(0, 9).Select(i => (double)i)], [.. then.Select(t => (double)t / sum)]);
            if (PopulationStability.Of(reference, [.. now.Select(n => (long)n)]) is { } index)
            {
                Assert.True(index >= -1e-12 && double.IsFinite(index), $"{index}");
            }
        });

    [Fact]
    public void The_calibration_error_is_the_mean_distance_of_expected_and_observed_shares()
    {
        var random = new Random(5);
        var (right, wrong) = (Calibration.Empty, Calibration.Empty);
        for (var i = 0; i < 20_000; i++)
        {
            var p = random.NextDouble();
            var used = random.NextDouble() < p ? 1 : 0;
            right += One(p, used);
            wrong += One(Math.Min(1, p + 0.1), used);
        }

        Assert.Equal(20_000, right.Issues);
        Assert.InRange(right.Error, 0, 0.02);
        Assert.InRange(wrong.Error, 0.06, 0.1);
        Assert.Equal(0, Calibration.Empty.Error);

        static Calibration One(double p, int used)
        {
            var bins = new CalibrationBin[Calibration.BinCount];
            bins[Calibration.BinOf(p)] = new(1, p, used);
            return new(bins);
        }
    }

    [Fact]
    public void Issues_count_for_their_day_once_nearly_all_are_settled()
    {
        var fold = new DriftFold(null, [], []);
        var coupons = Enumerable.Range(0, 20).Select(i => Issued(i, 0.25)).ToList();
        coupons.ForEach(c => fold.Take(CouponEvents.Issued(c)));
        foreach (var coupon in coupons.Take(5))
        {
            fold.Take(CouponEvents.Expired(coupon) with { Kind = EventKind.Redeemed });
        }

        var before = fold.Day(Samples.Noon);
        Assert.Equal((20L, 0L), (before.Events - 5, before.Calibration.Issues));

        coupons.Skip(5).Take(14).ToList().ForEach(c => fold.Take(CouponEvents.Expired(c)));
        var after = fold.Day(Samples.Noon);
        Assert.Equal((20L, 0.0), (after.Calibration.Issues, after.Calibration.Error));
        var outcome = Assert.Single(after.Outcomes);
        Assert.Equal((20L, 5L), (outcome.Issued, outcome.Redeemed));
        Assert.Equal(5L / 20.0, outcome.Best.SelfNormalised, 1e-12);
    }

    [Fact]
    public void A_roll_back_takes_a_redemption_back_and_explored_issues_are_told_apart()
    {
        var fold = new DriftFold(null, [], []);
        var (best, explored) = (Issued(1, 0.2), Issued(2, 0.2) with { Propensity = 0.05 });
        foreach (var coupon in new[] { best, explored })
        {
            fold.Take(CouponEvents.Issued(coupon));
            fold.Take(CouponEvents.Expired(coupon) with { Kind = EventKind.Redeemed });
        }

        fold.Take(CouponEvents.Expired(best) with { Kind = EventKind.RolledBack });
        fold.Take(CouponEvents.Expired(best));
        var outcome = Assert.Single(fold.Day(Samples.Noon).Outcomes);
        Assert.Equal((2L, 1L, 1L, 1L), (outcome.Issued, outcome.Redeemed, outcome.Explored, outcome.ExploredRedeemed));
        Assert.Equal(0, outcome.Best.SelfNormalised);
    }

    [Fact]
    public void Days_of_issues_are_bounded_and_a_day_read_in_parts_is_the_day_read_at_once()
    {
        var model = Samples.Model(30, 4, 1);
        var events = Enumerable.Range(0, 2_000).Select(i => Samples.Event(i + 1, EventKind.View, i % 40, i / 1_000.0).Event)
            .Concat(Enumerable.Range(0, 100).Select(i => CouponEvents.Issued(Issued(i, 0.1) with { IssuedAt = Samples.Noon.AddDays(i) })))
            .ToList();
        var references = DriftFold.References(events.Take(1_000), model);
        Assert.Contains(references, r => r.Name == "item_popularity");
        var whole = new DriftFold(model, references, []);
        events.ForEach(whole.Take);
        Assert.Equal(IssueDay.DaysMax, whole.Issues.Count);

        var first = new DriftFold(model, references, []);
        events.Take(2_050).ToList().ForEach(first.Take);
        var second = new DriftFold(model, references, first.Issues);
        events.Skip(2_050).ToList().ForEach(second.Take);
        Assert.Equal(whole.Issues.Select(i => (i.Day, i.Issued)), second.Issues.Select(i => (i.Day, i.Issued)));
    }

    private static DriftLevel Level(FeatureReference reference, IEnumerable<double> values)
    {
        var counts = new long[reference.Shares.Count];
        foreach (var value in values)
        {
            counts[reference.BinOf(value)]++;
        }

        return PopulationStability.LevelOf(PopulationStability.Of(reference, counts));
    }

    private static Coupon Issued(int number, double probability) => Samples.Coupon(Samples.Percent(500)) with
    {
        Code = $"code-{number}",
        IssuedAt = Samples.Noon,
        Model = new(3),
        Propensity = 0.9,
        RedemptionProbability = probability,
    };
}
