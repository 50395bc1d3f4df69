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
    private const int FewestToJudge = 20;

    private readonly DesignVocabulary _words = new(scopes.Prototypes);

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

    /// <summary>The real designs to judge by, examples taken by their weight; null if there are too few.</summary>
    public RealDesigns? Real(IReadOnlyList<DesignExample> learned, IReadOnlyList<DesignExample> heldOut, int seed)
    {
        var random = new Random(seed);
        var real = new RealDesigns(Sample(learned, LearnedMax, random), Sample(heldOut, HeldOutMax, random));
        return real.Learned.Count < FewestToJudge || real.HeldOut.Count < FewestToJudge ? null : real;
    }

    /// <summary>What the generator must not copy.</summary>
    public LearnedDesigns Learned(RealDesigns real) => LearnedDesigns.Of(real.Learned, _words);

    /// <summary>The copula that stands in the judgement, for the model to carry.</summary>
    public DesignCopula Copula(RealDesigns real, int seed) => new(DesignBaselines.Copula(real.Learned, seed), _words);

    /// <summary>Judges a generator.</summary>
    public JudgementReport Judge(
        GeneratorWeights generator, IReadOnlyList<DesignExample> learned, RealDesigns real, int seed,
        CancellationToken cancel)
    {
        var random = new Random(seed);
        var (designs, refused) = (new List<JudgedDesign>(), new SortedDictionary<string, int>(StringComparer.Ordinal));
        for (var i = 0; i < real.Learned.Count; i++)
        {
            var condition = learned[random.Next(learned.Count)].Condition;
            var segment = SegmentOf(condition);
            var raw = generator.Design(segment, condition, random);
            if (Refusal(raw) is { } refusal)
            {
                refused[refusal.Code] = refused.GetValueOrDefault(refusal.Code) + 1;
            }
            else
            {
                designs.Add(_words.Judged(segment, raw));
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
            .Select(e => _words.Judged(SegmentOf(e.Condition), RawDesign.Of(e.Design)))];
    }

    private int SegmentOf(float[] condition) => segments.Nearest(condition.AsSpan(0, scopes.Rank));
}
