using System.Globalization;
using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Offers;
using CouponGrains.Training.Offers.Judgement;

namespace CouponGrains.Training.Offers;

/// <summary>Judges the generator of a training run on examples that it did not see, in the guardrails that they stand
/// in.</summary>
internal sealed class GeneratorJudgement(
    ScopeFactors scopes, UserSegments segments, CatalogIndex catalog, Guardrails guardrails)
{
    private const int HeldOutMax = 300;
    private const int LearnedMax = 600;

    /// <summary>Parts examples into those to learn from and at most 300 to judge on, a third of few; rows of one design
    /// stay on one side.</summary>
    public static (List<DesignExample> Learned, List<DesignExample> HeldOut) Part(
        IReadOnlyList<DesignExample> examples, Random random)
    {
        var groups = examples.GroupBy(e => string.Join(' ', e.Design)).Select(g => g.ToArray()).ToArray();
        random.Shuffle(groups);
        var wanted = Math.Min(HeldOutMax, examples.Count / 3);
        var (learned, heldOut) = (new List<DesignExample>(), new List<DesignExample>());
        foreach (var group in groups)
        {
            (heldOut.Count + group.Length <= wanted ? heldOut : learned).AddRange(group);
        }

        return (learned, heldOut);
    }

    /// <summary>Judges a generator; examples count by their weight. Null if there are too few to judge by.</summary>
    public JudgementReport? Judge(
        GeneratorWeights generator, IReadOnlyList<DesignExample> learned, IReadOnlyList<DesignExample> heldOut, int seed,
        CancellationToken cancel)
    {
        const int FewestToJudge = 20;
        var random = new Random(seed);
        var real = new RealDesigns(Sample(learned, LearnedMax, random), Sample(heldOut, HeldOutMax, random));
        if (real.Learned.Count < FewestToJudge || real.HeldOut.Count < FewestToJudge)
        {
            return null;
        }

        var conditions = learned.Select(e => e.Condition).ToArray();
        var (designs, refused) = (new List<JudgedDesign>(), new SortedDictionary<string, int>(StringComparer.Ordinal));
        for (var i = 0; i < real.Learned.Count; i++)
        {
            var condition = conditions[random.Next(conditions.Length)];
            var raw = generator.Design(condition, random);
            if (Refusal(raw) is { } refusal)
            {
                refused[refusal.Code] = refused.GetValueOrDefault(refusal.Code) + 1;
            }
            else
            {
                designs.Add(Design(condition, raw));
            }
        }

        return DesignJudgement.Run(
            real, [("generator", new(designs, refused))], new() { Seed = seed, Resamples = 200, Permutations = 100 }, cancel);
    }

    private Refusal? Refusal(RawDesign raw) => OfferDecoder.Decode(
        new(raw.Kinds, raw.Depth, raw.Threshold, raw.Validity, scopes.Scores(raw.Scope))
        {
            Form = raw.Form, Repeats = raw.Repeats,
        },
        new("judged"), new("judged"), guardrails, catalog).Refusal;

    private List<JudgedDesign> Sample(IReadOnlyList<DesignExample> examples, int most, Random random)
    {
        var heaviest = examples.Count == 0 ? 1 : examples.Max(e => e.Weight);
        return [.. examples.Where(e => random.NextDouble() * heaviest <= e.Weight).OrderBy(_ => random.Next()).Take(most)
            .Select(e => Design(e.Condition, RawDesign.Of(e.Design)))];
    }

    // Places stand for amounts: in one campaign they are the same but for a factor.
    private JudgedDesign Design(float[] condition, RawDesign raw)
    {
        var scores = scopes.Scores(raw.Scope);
        var category = scores.Length == 0 ? "" : catalog.TopCategories[Array.IndexOf(scores, scores.Max())];
        return new()
        {
            Condition = segments.Nearest(condition.AsSpan(0, scopes.Rank)).ToString(CultureInfo.InvariantCulture),
            Kind = (OfferKind)(1 + Array.IndexOf(raw.Kinds, raw.Kinds.Max())),
            Category = category,
            Depth = raw.Depth,
            MinimumSpend = 10 * raw.Threshold,
            ValidDays = 10 * raw.Validity,
        };
    }
}
