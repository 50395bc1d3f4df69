using CouponGrains.Domain.Offers;
using CouponGrains.Training.Offers.Judgement;

namespace CouponGrains.Training.Tests.Offers.Judgement;

/// <summary>Designs of a shop whose truth is known: food is shallow, cheap and for regulars, toys are deep, dear and
/// for guests; deep ones are redeemed more often.</summary>
internal static class ManyDesigns
{
    public static IReadOnlyList<JudgedDesign> Of(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => One(random))];
    }

    public static JudgedDesign One(Random random)
    {
        var regular = random.Next(2) == 0;
        var food = random.NextDouble() < (regular ? 0.8 : 0.2);
        var depth = Math.Round((food ? 0.1 : 0.3) + (0.2 * random.NextDouble()), 3);
        return new()
        {
            Condition = regular ? "regulars" : "guests",
            Kind = random.Next(3) == 0 ? OfferKind.AmountOff : OfferKind.PercentOff,
            Category = food ? "food" : "toys",
            Depth = depth,
            Items = 1 + random.Next(food ? 40 : 10),
            Price = Math.Round(Math.Exp((food ? 1 : 3) + (0.5 * Normal.Draw(random))), 2),
            ValidDays = 7 + random.Next(14),
            Redeemed = random.NextDouble() < 0.1 + (1.5 * depth),
        };
    }
}
