using CouponGrains.Domain.Models;
using CouponGrains.Domain.Offers;
using CouponGrains.Training.Offers;
using CouponGrains.Training.Offers.Judgement;

namespace CouponGrains.Training.Tests.Offers;

public sealed class DesignCopulaTests
{
    private static readonly float[][] Prototypes = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];
    private static readonly DesignVocabulary Words = new(Prototypes);

    [Fact]
    public void A_copula_given_a_condition_draws_what_goes_with_it()
    {
        var copula = DesignBaselines.Copula(Designs(), 1);
        var random = new Random(2);
        double[] depths = [.. new[] { "0", "1" }.Select(segment =>
        {
            var drawn = Enumerable.Range(0, 300).Select(_ => copula.Draw(segment, random)).ToList();
            Assert.True(drawn.Count(d => d.Condition == segment) >= 299);
            return drawn.Average(d => d.Depth);
        })];
        Assert.True(depths[1] > depths[0] + 0.15, $"{depths[0]:F2}, {depths[1]:F2}"); // 0.2 and 0.6 of the real ones
        Assert.Null(copula.Draw("9", random).Check());
    }

    [Fact]
    public void The_copula_goes_into_a_model_and_designs_there_as_it_did()
    {
        var copula = new DesignCopula(DesignBaselines.Copula(Designs(), 1), Words);
        var read = DesignCopula.Of(new Dictionary<string, ModelTensor>(copula.ToTensors()), Words);
        Assert.NotNull(read);
        var (first, second) = (new Random(3), new Random(3));
        for (var i = 0; i < 50; i++)
        {
            var (ours, theirs) = (copula.Design(i % 2, first), read.Design(i % 2, second));
            Assert.Equal(ours.Kinds, theirs.Kinds);
            Assert.Equal(ours.Scope, theirs.Scope);
            Assert.Equal(ours.Depth, theirs.Depth, 1e-4f);
        }

        Assert.Null(DesignCopula.Of(new Dictionary<string, ModelTensor>(), Words));
    }

    [Fact]
    public void A_design_as_it_is_judged_comes_back_to_decode()
    {
        var raw = new RawDesign([0, 0, 1, 0, 0, 0, 0, 0], 0.3f, 0.5f, 0.7f, 0, 0, Prototypes[1]);
        var judged = Words.Judged(4, raw);
        Assert.Equal((OfferKind.SpendAndSave, "4", "1"), (judged.Kind, judged.Condition, judged.Category));
        var back = Words.Raw(judged, new(1));
        Assert.Equal((0.3f, 2), (back.Depth, Array.IndexOf(back.Kinds, back.Kinds.Max())));
        Assert.Equal((0.5f, 0.7f), (MathF.Round(back.Threshold, 4), MathF.Round(back.Validity, 4)));
        Assert.Equal(Prototypes[1], back.Scope);
        Assert.Equal("", Words.Judged(0, raw with { Scope = Prototypes[2] }).Category);
    }

    // Segment 0 gets shallow offers on the first category, segment 1 deep ones on the second.
    private static List<JudgedDesign> Designs()
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, 400).Select(i => new JudgedDesign
        {
            Condition = i % 2 == 0 ? "0" : "1", Kind = OfferKind.PercentOff, Category = random.Next(10) == 0 ? "" : $"{i % 2}",
            Depth = (i % 2 * 0.4) + (0.4 * random.NextDouble()), Scope = [random.NextDouble()],
        })];
    }
}
