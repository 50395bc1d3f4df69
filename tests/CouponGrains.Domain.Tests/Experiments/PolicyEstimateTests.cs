using CouponGrains.Domain.Experiments;
using CsCheck;

namespace CouponGrains.Domain.Tests.Experiments;

public sealed class PolicyEstimateTests
{
    [Fact]
    public void The_policy_that_logged_is_estimated_by_its_own_mean()
    {
        var random = new Random(1);
        var choices = Enumerable.Range(0, 500).Select(_ => 0.05 + (0.9 * random.NextDouble()))
            .Select(p => new LoggedChoice(p, p, random.Next(2))).ToList();
        var estimate = PolicyEstimate.Of(choices);
        Assert.Equal(choices.Average(c => c.Outcome), estimate.Ips, 1e-12);
        Assert.Equal(estimate.Ips, estimate.SelfNormalised, 1e-12);
        Assert.Equal((500L, 500), (estimate.Choices, estimate.EffectiveChoices));
    }

    [Fact]
    public void What_another_policy_would_have_earned_is_told_from_logged_choices() => Gen.Select(
        Gen.Int[2, 8], Gen.Double[0.1, 0.5], Gen.Int[0, 1_000_000]).Sample((offers, exploration, seed) =>
        {
            // The policy at the time issues offer 0 and explores; the one in question would issue offer 1.
            var random = new Random(seed);
            double[] rates = [.. Enumerable.Range(0, offers).Select(_ => random.NextDouble())];
            var choices = Enumerable.Range(0, 40_000).Select(_ =>
            {
                var offer = random.NextDouble() < exploration ? random.Next(offers) : 0;
                var propensity = (offer == 0 ? 1 - exploration : 0) + (exploration / offers);
                return new LoggedChoice(propensity, offer == 1 ? 1 : 0, random.NextDouble() < rates[offer] ? 1 : 0);
            }).ToList();
            var estimate = PolicyEstimate.Of(choices);
            // Five standard errors, and a margin where the outcome hardly varies.
            var bound = (5 * estimate.StandardError) + 0.01;
            Assert.InRange(estimate.SelfNormalised, rates[1] - bound, rates[1] + bound);
            Assert.InRange(estimate.Ips, rates[1] - (3 * bound) - 0.05, rates[1] + (3 * bound) + 0.05);
            Assert.True(estimate.EffectiveChoices < choices.Count);
        }, iter: 20);

    [Fact]
    public void Sums_of_parts_are_the_sum_of_all() => Gen.Select(
        Gen.Select(Gen.Double[0.01, 1], Gen.Double[0, 1], Gen.Double[0, 1]).Array[0, 50], Gen.Int[0, 50])
        .Sample((all, cut) =>
        {
            var choices = all.Select(c => new LoggedChoice(c.Item1, c.Item2, c.Item3)).ToList();
            var first = choices.Take(cut).Aggregate(default(PolicySums), (s, c) => s.With(c));
            var rest = choices.Skip(cut).Aggregate(default(PolicySums), (s, c) => s.With(c));
            var (together, whole) = ((first + rest).Estimate(), PolicyEstimate.Of(choices));
            Assert.Equal(whole.Choices, together.Choices);
            Assert.Equal(whole.SelfNormalised, together.SelfNormalised, 1e-9);
            Assert.Equal(whole.StandardError, together.StandardError, 1e-6);
        });

    [Fact]
    public void A_propensity_that_is_none_is_a_fault_and_nothing_tells_nothing()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => PolicyEstimate.Of([new(0, 1, 1)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => PolicyEstimate.Of([new(double.NaN, 1, 1)]));
        Assert.Equal(new PolicyEstimate(0, 0, 0, 0, 0), PolicyEstimate.Of([]));
    }
}
