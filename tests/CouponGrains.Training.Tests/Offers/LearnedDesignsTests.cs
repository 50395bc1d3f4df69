using CouponGrains.Domain.Offers;
using CouponGrains.Training.Offers;
using CouponGrains.Training.Offers.Judgement;

namespace CouponGrains.Training.Tests.Offers;

public sealed class LearnedDesignsTests
{
    private static readonly DesignVocabulary Words = new([[1, 0], [0, 1]]);

    [Fact]
    public void Learned_designs_are_drawn_again_as_they_were_and_each_is_seen_to_be_a_copy()
    {
        var random = new Random(1);
        JudgedDesign[] designs = [.. Enumerable.Range(0, 40).Select(i => new JudgedDesign
        {
            Condition = $"{i % 3}", Kind = i % 2 == 0 ? OfferKind.PercentOff : OfferKind.AmountOff,
            Category = i % 5 == 0 ? "" : "0", Depth = random.NextDouble(), MinimumSpend = 10 * random.NextDouble(),
            ValidDays = 10 * random.NextDouble(), Scope = [random.NextDouble()],
        })];
        var learned = LearnedDesigns.Of(designs, Words);
        var seen = new HashSet<string>();
        for (var i = 0; i < 1_000; i++)
        {
            var again = learned.Draw(Words, random);
            Assert.Contains(Text(again), designs.Select(Text));
            Assert.True(learned.IsCopy(Words.Choices(again), DesignSpace.Numbers(again)));
            seen.Add(Text(again));
        }

        Assert.Equal(designs.Length, seen.Count);
    }

    private static string Text(JudgedDesign d) =>
        $"{d.Condition} {d.Kind} {d.Category} {d.Depth:F3} {d.MinimumSpend:F3} {d.ValidDays:F3} {d.ScopeText("F3")}";
}
