using System.Collections.Immutable;
using CouponGrains.Domain;

namespace CouponGrains.Training.Offers.Judgement;

/// <summary>Real designs in two parts: what generators may learn from, and what they are judged on.</summary>
/// <param name="Learned">The part to learn from.</param>
/// <param name="HeldOut">The part kept back.</param>
public sealed record RealDesigns(IReadOnlyList<JudgedDesign> Learned, IReadOnlyList<JudgedDesign> HeldOut)
{
    private const int PartMin = 20;

    /// <summary>Parts real designs at random; designs that cover the same at the same depth stay on one side. Throws
    /// <see cref="RefusedException"/> with <see cref="RefusalCodes.TooLittleData"/> if a part has fewer than
    /// 20.</summary>
    public static RealDesigns Part(IReadOnlyList<JudgedDesign> real, JudgementOptions options)
    {
        var groups = real.GroupBy(d => d.Subject)
            .Select(g => g.ToArray()).ToArray();
        new Random(options.Seed).Shuffle(groups);
        var (learned, heldOut) = (new List<JudgedDesign>(), new List<JudgedDesign>());
        foreach (var group in groups)
        {
            (heldOut.Count < options.HoldOutShare * real.Count ? heldOut : learned).AddRange(group);
        }

        return learned.Count >= PartMin && heldOut.Count >= PartMin
            ? new(learned, heldOut)
            : throw new RefusedException(RefusalCodes.TooLittleData,
                $"A judgement needs at least {PartMin} real designs in each part, but has {learned.Count} and {heldOut.Count}.");
    }

    /// <summary>The same without results, for generators that tell none.</summary>
    public RealDesigns WithoutResults() => new(Strip(Learned), Strip(HeldOut));

    internal static IReadOnlyList<JudgedDesign> Strip(IReadOnlyList<JudgedDesign> designs) =>
        [.. designs.Select(d => d with { Redeemed = null })];
}

/// <summary>Judges generators of designs: measures, baselines in the same table, and gates that decide whose designs
/// are used. Deterministic for a seed.</summary>
public static class DesignJudgement
{
    private const string Real = "real";

    /// <summary>The baseline that draws real designs again.</summary>
    internal const string History = "history";

    /// <summary>The names of the baselines.</summary>
    internal static ImmutableArray<string> Baselines { get; } = ["grid", History, "copula"];

    /// <summary>The place of a baseline among them, from 0; −1 for another name.</summary>
    internal static int BaselineNumber(string name) => Baselines.IndexOf(name);

    /// <summary>Judges. A generator that told nothing legal gets the worst figures.</summary>
    /// <param name="real">Real designs; the generators have seen the first part at most.</param>
    /// <param name="generators">What each generator drew; best as many as were learned from.</param>
    /// <param name="options">Seed and gates.</param>
    /// <param name="cancel">Looked at between rows.</param>
    public static JudgementReport Run(
        RealDesigns real, IReadOnlyList<(string Name, DesignDraw Draw)> generators, JudgementOptions options,
        CancellationToken cancel)
    {
        var told = real.Learned.Concat(real.HeldOut).Concat(generators.SelectMany(g => g.Draw.Designs));
        var results = told.All(d => d.Redeemed is not null);
        real = results ? real : real.WithoutResults();
        var random = new Random(options.Seed);
        var count = real.Learned.Count;
        List<(string Name, DesignDraw Draw)> all =
        [
            (Real, DesignDraw.Of(real.Learned)),
            .. generators.Select(g => results ? g : (g.Name, g.Draw with { Designs = RealDesigns.Strip(g.Draw.Designs) })),
            (Baselines[0], DesignDraw.Of(DesignBaselines.Grid(real.Learned, count, random))),
            (Baselines[1], DesignDraw.Of(DesignBaselines.History(real.Learned, count, random))),
            (Baselines[2], DesignDraw.Of(DesignBaselines.Copula(real.Learned, options.Seed).Draw(count, random))),
        ];
        var task = DesignTask.Of(real.Learned, results);
        var measures = new DesignMeasures(real, task, options);
        var measured = new List<(DesignFigures Figures, double[] Scores)>();
        foreach (var (name, draw) in all)
        {
            cancel.ThrowIfCancellationRequested();
            measured.Add(measures.Measure(name, draw));
        }

        var baselines = measured.Where(m => IsBaseline(m.Figures.Name)).ToList();
        var gates = new JudgementGates(options, measured[0].Figures, measures.RealNearest);
        var rows = measured.Select((m, i) => i == 0 || IsBaseline(m.Figures.Name)
            ? m.Figures
            : m.Figures with
            {
                Gates = [.. gates.Of(m.Figures), JudgementGates.Baselines(m.Figures,
                    [.. baselines.Select(b => (b.Figures, measures.Compare(b.Scores, m.Scores)))])],
            }).ToArray();
        var (used, why) = Choose(rows);
        return new(count, real.HeldOut.Count, task.Name, measures.TaskAuc, measures.RealNearest, rows, used, why);
    }

    private static bool IsBaseline(string name) => Baselines.Contains(name);

    private static (string Used, string Why) Choose(DesignFigures[] rows)
    {
        var best = rows.Where(r => IsBaseline(r.Name)).MinBy(r => r.Gap.Value)!;
        var baseline = $"of the baselines {best.Name} loses least on the task (gap {best.Gap.Value:F3}).";
        var passed = rows.Where(r => r.Gates.Count > 0 && r.Gates.All(g => g.Passed)).MinBy(r => r.Gap.Value);
        if (passed is not null)
        {
            return (passed.Name, $"{passed.Name} passes every gate with gap {passed.Gap.Value:F3}; {baseline}");
        }

        var closed = rows.Where(r => r.Gates.Count > 0)
            .Select(r => $"{r.Name} fails {string.Join(", ", r.Gates.Where(g => !g.Passed).Select(g => g.Name))}");
        var failures = string.Join("; ", closed);
        return (best.Name, failures.Length == 0 ? $"No generator was judged; {baseline}" : $"{failures}; {baseline}");
    }
}
