namespace CouponGrains.Simulation;

/// <summary>The probabilities behind what users do; the model is told at <see cref="Market"/>.</summary>
internal sealed class Demand(MarketOptions options, IReadOnlyList<MarketCategory> categories)
{
    /// <summary>The share of his rate that a user who is better left alone keeps under an open coupon.</summary>
    private const double Annoyance = 0.7;

    private const double ClaimAtBest = 0.9;

    /// <summary>The truth about giving <paramref name="user"/> a coupon of these terms on the morning of
    /// <paramref name="day"/>, valid for <paramref name="days"/> days, while he holds no other: exact, by summing over
    /// the days and the states of the coupon.</summary>
    public Response Respond(MarketUser user, OfferTerms terms, int day, int days)
    {
        var claim = Claims(user, terms);
        double unseen = 1, seen = 0, open = 0, redeemed = 0, buysNothing = 1, profit = 0;
        for (var d = day; d < day + days; d++)
        {
            var sees = unseen * Visits(user, d) * user.Notice;
            unseen -= sees;
            seen += sees * (1 - claim);
            open += sees * claim;
            foreach (var c in terms.Categories)
            {
                var plain = Expect(user, c, d, null, false);
                var annoyed = Expect(user, c, d, null, true);
                var helped = Expect(user, c, d, terms, true);
                profit += (seen * (annoyed.Profit - plain.Profit)) + (open * (helped.Profit - plain.Profit));
                redeemed += open * helped.Redeems;
                open -= open * helped.Redeems;
                buysNothing *= 1 - plain.Buys;
            }
        }

        return new(1 - unseen, (1 - unseen) * claim, redeemed, 1 - buysNothing, profit);
    }

    /// <summary>The probability that a user visits the shop on a day.</summary>
    public double Visits(MarketUser user, int day) =>
        Math.Min(1, options.VisitsPerDay * user.Activity * Seasons.Week(day));

    /// <summary>The probability that a user who notices a coupon claims it.</summary>
    public static double Claims(MarketUser user, OfferTerms terms) =>
        terms.Categories.Length == 0 ? 0 : ClaimAtBest * terms.Categories.Max(c => user.Taste[c]) / user.Taste.Max();

    /// <summary>λ of a user in a category on a day, for an item of which a coupon takes off the share
    /// <paramref name="depth"/> (0 without one); <paramref name="seen"/> if an open coupon of his covers the
    /// category.</summary>
    public double Rate(MarketUser user, int category, int day, double depth, bool seen)
    {
        var c = categories[category];
        var rate = options.PurchasesPerDay * user.Activity * user.Taste[category]
            * Seasons.Year(day, c.SeasonAmplitude, c.SeasonPhase) * Seasons.Week(day);
        return rate * user.Kind switch
        {
            UserKind.AlwaysBuyer => 1,
            UserKind.Persuadable => 0.15 + (1.2 * user.Sensitivity * (1 - Math.Exp(-depth / 0.1))),
            UserKind.LostCause => 0.1,
            _ => seen ? 0.8 * Annoyance : 0.8,
        };
    }

    public double LargestRate(MarketUser user, int category, int day) => Rate(user, category, day, double.PositiveInfinity, false);

    public static double Probability(double rate) => 1 - Math.Exp(-rate);

    /// <summary>The probability of a purchase in a category on a day, of one that uses the coupon, and the shop's
    /// expected profit of it.</summary>
    private (double Buys, double Redeems, double Profit) Expect(MarketUser user, int category, int day, OfferTerms? terms, bool seen)
    {
        var c = categories[category];
        var cumulative = user.ItemTaste[category];
        double buys = 0, redeems = 0, profit = 0, before = 0;
        for (var i = 0; i < cumulative.Length; i++)
        {
            var price = c.Price(c.Items[i]);
            var off = terms?.DiscountMinor[category][i] ?? 0;
            if (price - off <= user.LimitMinor)
            {
                var p = (cumulative[i] - before) / cumulative[^1]
                    * Probability(Rate(user, category, day, (double)off / price, seen));
                buys += p;
                redeems += off > 0 ? p : 0;
                profit += p * ((price * c.MarginBasisPoints / 10_000.0) - off);
            }

            before = cumulative[i];
        }

        return (buys, redeems, profit);
    }
}
