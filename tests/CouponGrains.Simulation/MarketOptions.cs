namespace CouponGrains.Simulation;

/// <summary>The market's parameters. The defaults are assumptions, chosen for plausibility before any policy was run
/// and not fitted to a shop; where a finding depends on one, vary it.</summary>
public sealed record MarketOptions
{
    /// <summary>Seed of everything.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How many users; at least 2.</summary>
    public int Users { get; init; } = 1_000;

    /// <summary>How many items; at least one for each category.</summary>
    public int Items { get; init; } = 480;

    /// <summary>How many categories, that is latent clusters of items; 2 to 24.</summary>
    public int Categories { get; init; } = 24;

    /// <summary>Share of users who buy what they like, coupon or not: a coupon for them is money given away.</summary>
    public double AlwaysBuyers { get; init; } = 0.2;

    /// <summary>Share of users who seldom buy at the full price and are moved by a discount on what they
    /// like.</summary>
    public double Persuadables { get; init; } = 0.4;

    /// <summary>Share of users who look much and buy little, coupon or not.</summary>
    public double LostCauses { get; init; } = 0.3;

    /// <summary>Share of users whom a coupon annoys: they buy less while they hold one that they have seen.</summary>
    public double DoNotDisturb { get; init; } = 0.1;

    /// <summary>Purchases a day that an average user makes at the most, over all categories, if nothing holds him
    /// back.</summary>
    public double PurchasesPerDay { get; init; } = 0.25;

    /// <summary>Probability that an average user visits the shop on a day.</summary>
    public double VisitsPerDay { get; init; } = 0.4;

    /// <summary>The first day, 00:00 UTC.</summary>
    public DateTimeOffset Start { get; init; } = new(2025, 1, 6, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The same market with another share of always-buyers; the other kinds keep their proportions.</summary>
    public MarketOptions WithAlwaysBuyers(double share)
    {
        var others = AlwaysBuyers < 1 ? (1 - share) / (1 - AlwaysBuyers) : throw new InvalidOperationException("There are no other kinds.");
        return this with
        {
            AlwaysBuyers = share,
            Persuadables = Persuadables * others,
            LostCauses = LostCauses * others,
            DoNotDisturb = DoNotDisturb * others,
        };
    }
}
