using System.Text.Json;
using System.Text.Json.Serialization;

namespace CouponGrains.Training.Offers.Judgement;

/// <summary>How generators are judged; the gates and where they close.</summary>
public sealed record JudgementOptions
{
    /// <summary>Seed of folds, resamples, and what the baselines draw.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Bootstrap resamples for the intervals.</summary>
    public int Resamples { get; init; } = 500;

    /// <summary>Random re-partings for the p of the discrepancy.</summary>
    public int Permutations { get; init; } = 200;

    /// <summary>The share of real designs that no generator sees.</summary>
    public double HoldOutShare { get; init; } = 1 / 3.0;

    /// <summary>The least share of legal designs.</summary>
    public double ValidityMin { get; init; } = 0.99;

    /// <summary>The most that a classifier may tell generated from real.</summary>
    public double AucMax { get; init; } = 0.65;

    /// <summary>The least coverage.</summary>
    public double CoverageMin { get; init; } = 0.8;

    /// <summary>The least of the real designs' unique share, entropies and list diversity that must be
    /// there.</summary>
    public double VarietyMin { get; init; } = 0.5;

    /// <summary>The least of the real designs' response to the condition.</summary>
    public double ResponseMin { get; init; } = 0.25;
}

/// <summary>A gate.</summary>
/// <param name="Name">One of <c>legal</c>, <c>alike</c>, <c>covers</c>, <c>varied</c>, <c>no_copies</c>,
/// <c>responds</c>, <c>baselines</c>.</param>
/// <param name="Passed">Whether it is open.</param>
/// <param name="Why">The figure and its bound.</param>
public sealed record JudgementGate(string Name, bool Passed, string Why);

/// <summary>The figures of one generator, a baseline, or the real designs themselves.</summary>
public sealed record DesignFigures
{
    /// <summary>Whose.</summary>
    public required string Name { get; init; }

    /// <summary>Legal designs judged.</summary>
    public required int Designs { get; init; }

    /// <summary>Share of draws that were legal designs.</summary>
    public required double Validity { get; init; }

    /// <summary>The others, by refusal code.</summary>
    public required IReadOnlyDictionary<string, int> Refused { get; init; }

    /// <summary>How well a classifier tells them from held-out real designs; ½ is not at all.</summary>
    public required Interval Auc { get; init; }

    /// <summary>What a prediction of the task, learned from these designs instead of real ones, loses on held-out
    /// real designs, in area under the curve.</summary>
    public required Interval Gap { get; init; }

    /// <summary>Density.</summary>
    public required double Density { get; init; }

    /// <summary>Coverage of the held-out real designs.</summary>
    public required double Coverage { get; init; }

    /// <summary>Squared maximum mean discrepancy from the held-out real designs.</summary>
    public required double Discrepancy { get; init; }

    /// <summary>The share of random partings with at least that discrepancy.</summary>
    public required double DiscrepancyP { get; init; }

    /// <summary>Share of different designs.</summary>
    public required double Unique { get; init; }

    /// <summary>Entropy of the kinds, in bits.</summary>
    public required double KindEntropy { get; init; }

    /// <summary>Entropy of the categories, in bits.</summary>
    public required double CategoryEntropy { get; init; }

    /// <summary>Percentile 5 of the distances to the nearest real design that was learned from.</summary>
    public required double Nearest { get; init; }

    /// <summary>How much the designs differ between conditions beyond chance.</summary>
    public required double Response { get; init; }

    /// <summary>Mean distance between two designs of a list of ten with one condition; not a number without such a
    /// list.</summary>
    public required double ListDiversity { get; init; }

    /// <summary>The gates, for generators; none for baselines.</summary>
    public IReadOnlyList<JudgementGate> Gates { get; init; } = [];
}

/// <summary>The judgement of generators against real designs and baselines.</summary>
/// <param name="Learned">Real designs that could be learned from.</param>
/// <param name="HeldOut">Real designs kept back.</param>
/// <param name="Task">What is predicted for the train-on-synthetic gap: <c>redeemed</c> or <c>deep</c>.</param>
/// <param name="TaskAuc">How well it is predicted after learning from real designs.</param>
/// <param name="RealNearest">Percentile 5 of the distances of different real designs to their nearest other.</param>
/// <param name="Rows">The real designs that could be learned from, the generators, the baselines.</param>
/// <param name="Used">Whose designs are used: a generator that passes all gates, else the best baseline.</param>
/// <param name="Why">Why.</param>
public sealed record JudgementReport(
    int Learned, int HeldOut, string Task, double TaskAuc, double RealNearest, IReadOnlyList<DesignFigures> Rows,
    string Used, string Why)
{
    /// <summary>The entry of a model's manifest that holds the report.</summary>
    public const string ManifestName = "offer_judgement";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>The report as one line, for the manifest.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>A report from its line; null if the line is none.</summary>
    public static JudgementReport? OfJson(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<JudgementReport>(line, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
