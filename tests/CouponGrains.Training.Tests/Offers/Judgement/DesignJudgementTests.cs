using CouponGrains.Domain;
using CouponGrains.Domain.Offers;
using CouponGrains.Training.Offers.Judgement;

namespace CouponGrains.Training.Tests.Offers.Judgement;

public sealed class DesignJudgementTests
{
    private static readonly JudgementOptions Options = new() { Resamples = 100, Permutations = 50 };

    private static readonly RealDesigns Real = RealDesigns.Part(ManyDesigns.Of(600, 1), Options);

    [Fact]
    public void A_generator_that_knows_the_truth_passes_every_gate_and_is_used()
    {
        var report = Judge(("truth", ManyDesigns.Of(400, 77)));
        var truth = Row(report, "truth");
        Assert.All(truth.Gates, gate => Assert.True(gate.Passed, $"{gate.Name}: {gate.Why}"));
        Assert.Equal("truth", report.Used);
        Assert.Equal("redeemed", report.Task);
    }

    [Fact]
    public void A_generator_that_collapsed_is_not_used()
    {
        var design = ManyDesigns.One(new(5));
        var report = Judge(("collapsed", [.. Enumerable.Repeat(design, 400)]));
        Assert.Equal(["alike", "covers", "varied", "responds"],
            Row(report, "collapsed").Gates.Where(g => !g.Passed && g.Name is not ("baselines" or "no_copies")).Select(g => g.Name));
        Assert.NotEqual("collapsed", report.Used);
        Assert.Contains("collapsed fails", report.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_generator_that_copies_is_not_used_and_the_report_says_why()
    {
        var report = Judge(("copier", Real.Learned));
        Assert.Equal(["no_copies"], Row(report, "copier").Gates.Where(g => !g.Passed).Select(g => g.Name));
        Assert.Contains(report.Used, new[] { "grid", "history", "copula" });
        Assert.Contains("copier fails no_copies", report.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_generator_that_teaches_the_wrong_way_round_loses_to_the_baselines()
    {
        var report = Judge(("liar", [.. ManyDesigns.Of(400, 77).Select(d => d with { Redeemed = !d.Redeemed })]));
        Assert.False(Row(report, "liar").Gates.Single(g => g.Name == "baselines").Passed);
        Assert.NotEqual("liar", report.Used);
    }

    [Fact]
    public void A_generator_that_draws_nothing_legal_has_the_worst_figures()
    {
        var report = DesignJudgement.Run(Real,
            [("broken", DesignDraw.Of([new() { Kind = OfferKind.Gift, Depth = 7 }]))], Options, default);
        Assert.Equal(1, Row(report, "broken").Auc.Value);
        Assert.Equal(0, Row(report, "broken").Validity);
        Assert.NotEqual("broken", report.Used);
    }

    [Fact]
    public void Without_results_the_task_is_depth_and_nobody_is_told_apart_by_their_absence()
    {
        var report = Judge(("silent", [.. ManyDesigns.Of(400, 77).Select(d => d with { Redeemed = null })]));
        Assert.Equal("deep", report.Task);
        Assert.True(Row(report, "silent").Auc.Value < 0.65);
        Assert.True(report.TaskAuc > 0.8, $"{report.TaskAuc}");
    }

    [Fact]
    public void The_grid_is_told_from_real_designs_better_than_the_copula_and_history_is_all_copies()
    {
        var report = Judge();
        Assert.True(Row(report, "grid").Auc.Value > Row(report, "copula").Auc.Value + 0.1);
        Assert.Equal(0, Row(report, "history").Nearest);
        Assert.Equal(["real", "grid", "history", "copula"], report.Rows.Select(r => r.Name));
    }

    [Fact]
    public void One_seed_gives_one_report()
    {
        var (first, second) = (Judge(("truth", ManyDesigns.Of(300, 7))), Judge(("truth", ManyDesigns.Of(300, 7))));
        Assert.Equal(first.Rows.Select(r => (r.Auc, r.Gap, r.DiscrepancyP)), second.Rows.Select(r => (r.Auc, r.Gap, r.DiscrepancyP)));
        Assert.Equal(first.Why, second.Why);
    }

    [Fact]
    public void A_coupon_of_several_campaigns_is_on_one_side_only()
    {
        var twice = ManyDesigns.Of(200, 3).SelectMany(d => new[] { d, d with { Condition = "again" } }).ToList();
        var parts = RealDesigns.Part(twice, Options);
        Assert.Empty(parts.Learned.Select(d => d.Subject).Intersect(parts.HeldOut.Select(d => d.Subject)));
        Assert.Equal(400, parts.Learned.Count + parts.HeldOut.Count);
    }

    [Fact]
    public void Too_few_real_designs_are_refused()
    {
        var refused = Assert.Throws<RefusedException>(() => RealDesigns.Part(ManyDesigns.Of(30, 1), Options));
        Assert.Equal(RefusalCodes.TooLittleData, refused.Refusal.Code);
    }

    private static JudgementReport Judge(params (string Name, IReadOnlyList<JudgedDesign> Designs)[] generators) =>
        DesignJudgement.Run(Real, [.. generators.Select(g => (g.Name, DesignDraw.Of(g.Designs)))], Options, default);

    private static DesignFigures Row(JudgementReport report, string name) => report.Rows.Single(r => r.Name == name);
}
