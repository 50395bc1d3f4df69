using CouponGrains.Domain;

namespace CouponGrains.Simulation;

/// <summary>Draws the items and the users of a market.</summary>
internal static class Population
{
    private static readonly string[] Names =
    [
        "COFFEE", "TEA", "CHEESE", "WINE", "BREAD", "PASTA", "SNACKS", "CHOCOLATE", "FRUIT", "VEGETABLES", "MEAT", "FISH",
        "BABY CARE", "PET FOOD", "COSMETICS", "HAIR CARE", "LAUNDRY", "TOYS", "GARDEN", "BOOKS", "GAMES", "SPORTS", "TRAVEL", "KITCHEN",
    ];

    private static readonly string[] Bands = ["18-29", "30-44", "45-59", "60+"];
    private static readonly string[] Regions = ["north", "east", "south", "west"];

    public static readonly Currency Currency = new("USD");

    public const int CategoriesMax = 24;

    /// <summary>Categories with a typical price of about 3 to 20 USD, a margin of 35 to 60 %, popularity that falls off
    /// gently (a few times between the most and the least popular), and a season.</summary>
    public static MarketCategory[] Categories(MarketOptions options, Luck luck) =>
    [
        .. Enumerable.Range(0, options.Categories).Select(c => new MarketCategory
        {
            Number = c,
            Name = Names[c],
            Popularity = Math.Exp(0.5 * luck.Normal(Chance.CategoryPopularity, c)),
            PriceMinor = 800 * Math.Exp(0.45 * luck.Normal(Chance.CategoryPrice, c)),
            MarginBasisPoints = 3_500 + (int)(2_500 * luck.Uniform(Chance.CategoryMargin, c)),
            SeasonAmplitude = 0.5 * luck.Uniform(Chance.CategorySeason, c, 0),
            SeasonPhase = luck.Uniform(Chance.CategorySeason, c, 1),
            Items = Items(options, luck, c),
        }),
    ];

    /// <summary>A user's taste is <c>softmax(ln popularity + band's leaning + his own leaning)</c>: demographics tell a
    /// part of it, his own behaviour the rest. Prices that he can pay, activity and price sensitivity are his
    /// own.</summary>
    public static MarketUser User(MarketOptions options, MarketCategory[] categories, Luck luck, int number)
    {
        var band = (int)(Bands.Length * luck.Uniform(Chance.Band, number));
        var taste = new double[categories.Length];
        foreach (var category in categories)
        {
            taste[category.Number] = category.Popularity * Math.Exp(
                (0.8 * luck.Normal(Chance.BandTaste, band, category.Number)) + (1.2 * luck.Normal(Chance.Taste, number, category.Number)));
        }

        var sum = taste.Sum();
        return new()
        {
            Number = number,
            Record = new()
            {
                Id = new($"user-{number:D5}"),
                Attributes = new Dictionary<string, string>
                {
                    ["age"] = Bands[band],
                    ["region"] = Regions[(int)(Regions.Length * luck.Uniform(Chance.Region, number))],
                },
            },
            Kind = Kind(options, luck.Uniform(Chance.Kind, number)),
            Taste = [.. taste.Select(t => t / sum)],
            ItemTaste = [.. categories.Select(c => ItemTaste(c, luck, number))],
            Activity = Math.Exp((0.4 * luck.Normal(Chance.Activity, number)) - 0.08),
            Sensitivity = 0.6 + (0.8 * luck.Uniform(Chance.Sensitivity, number)),
            LimitMinor = (long)(2_500 * Math.Exp(0.5 * luck.Normal(Chance.Limit, number))),
            Notice = 0.3 + (0.5 * luck.Uniform(Chance.Notice, number)),
        };
    }

    private static UserKind Kind(MarketOptions o, double at) =>
        at < o.AlwaysBuyers ? UserKind.AlwaysBuyer
        : at < o.AlwaysBuyers + o.Persuadables ? UserKind.Persuadable
        : at < o.AlwaysBuyers + o.Persuadables + o.LostCauses ? UserKind.LostCause
        : UserKind.DoNotDisturb;

    private static MarketItem[] Items(MarketOptions options, Luck luck, int category)
    {
        var items = new List<MarketItem>();
        for (var i = category; i < options.Items; i += options.Categories)
        {
            items.Add(new(i, new($"item-{i:D5}"), Math.Exp(0.8 * luck.Normal(Chance.ItemPopularity, i)),
                Math.Exp(0.25 * luck.Normal(Chance.ItemPrice, i))));
        }

        return [.. items];
    }

    private static double[] ItemTaste(MarketCategory category, Luck luck, int user)
    {
        var cumulative = new double[category.Items.Length];
        var sum = 0.0;
        for (var i = 0; i < cumulative.Length; i++)
        {
            var item = category.Items[i];
            sum += item.Popularity * Math.Exp(0.8 * luck.Normal(Chance.ItemTaste, user, item.Number));
            cumulative[i] = sum;
        }

        return cumulative;
    }
}
