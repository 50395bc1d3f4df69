using System.Globalization;
using CouponGrains.Domain;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Training.Offers.Judgement;

/// <summary>A coupon design as it is judged: what it gives, on what, and for whom it was made. Designs of any generator
/// can be written so, and of any shop.</summary>
public sealed record JudgedDesign
{
    /// <summary>For whom or inside what it was made: a segment of users, or a kind of campaign.</summary>
    public string Condition { get; init; } = "";

    /// <summary>What it gives.</summary>
    public required OfferKind Kind { get; init; }

    /// <summary>The category that most of its items lie in; empty for the whole cart.</summary>
    public string Category { get; init; } = "";

    /// <summary>The share of the price that it gives, 0 to 1.</summary>
    public double Depth { get; init; }

    /// <summary>The minimum spend in whole units of the currency; 0 for none.</summary>
    public double MinimumSpend { get; init; }

    /// <summary>Days that it is valid after its issue.</summary>
    public double ValidDays { get; init; }

    /// <summary>How many items it covers, at least 1.</summary>
    public int Items { get; init; } = 1;

    /// <summary>The median price of its items in whole units of the currency; 0 where it is not known.</summary>
    public double Price { get; init; }

    /// <summary>Where its scope lies among others, in coordinates that whoever judges chooses (in a model, principal
    /// coordinates in factor space); as many for each design of one judgement, none where only the category is
    /// told.</summary>
    public IReadOnlyList<double> Scope { get; init; } = [];

    /// <summary>True if anybody used it, false if nobody did, null where that is not known.</summary>
    public bool? Redeemed { get; init; }

    /// <summary>What it gives and on what, whatever its condition and its result: a coupon that is issued in two
    /// campaigns is one subject.</summary>
    internal (OfferKind, string, string, double, double, int, double) Subject =>
        (Kind, Category, ScopeText("R"), Depth, MinimumSpend, Items, Price);

    /// <summary>The coordinates of the scope as text, by which scopes are compared.</summary>
    internal string ScopeText(string format) =>
        string.Join(' ', Scope.Select(s => s.ToString(format, CultureInfo.InvariantCulture)));

    /// <summary>Why it is no legal design, or null: what is said of each number above, nothing else.</summary>
    public Refusal? Check()
    {
        if (!Enum.IsDefined(Kind))
        {
            return new(RefusalCodes.InvalidValue, $"There is no kind of offer {(int)Kind}.", "/kind");
        }

        var numbers = new (string Name, double Value, double Min, double Max)[]
        {
            ("depth", Depth, 0, 1), ("minimum_spend", MinimumSpend, 0, 1e9), ("valid_days", ValidDays, 0, 3_660),
            ("items", Items, 1, 1e9), ("price", Price, 0, 1e9),
        };
        foreach (var (name, value, min, max) in numbers)
        {
            if (!(value >= min && value <= max))
            {
                return new(RefusalCodes.InvalidValue, $"{name} lies between {min} and {max}, not {value}.", $"/{name}");
            }
        }

        return null;
    }
}

/// <summary>What a generator put out.</summary>
/// <param name="Designs">The legal designs, in the order they were drawn.</param>
/// <param name="Refused">How many draws were no legal design, by refusal code.</param>
public sealed record DesignDraw(
    IReadOnlyList<JudgedDesign> Designs, IReadOnlyDictionary<string, int> Refused)
{
    /// <summary>Parts designs into legal ones and refusals by code.</summary>
    public static DesignDraw Of(IEnumerable<JudgedDesign> designs)
    {
        var (legal, refused) = (new List<JudgedDesign>(), new SortedDictionary<string, int>(StringComparer.Ordinal));
        foreach (var design in designs)
        {
            if (design.Check() is { } refusal)
            {
                refused[refusal.Code] = refused.GetValueOrDefault(refusal.Code) + 1;
            }
            else
            {
                legal.Add(design);
            }
        }

        return new(legal, refused);
    }

    /// <summary>The share of legal designs; 0 if nothing was drawn.</summary>
    public double Validity => Designs.Count == 0 ? 0 : Designs.Count / (double)(Designs.Count + Refused.Values.Sum());
}
