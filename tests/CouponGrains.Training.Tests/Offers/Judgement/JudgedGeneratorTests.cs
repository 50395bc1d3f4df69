using CouponGrains.Domain.Offers;
using CouponGrains.Training.Offers;
using CouponGrains.Training.Offers.Judgement;

namespace CouponGrains.Training.Tests.Offers.Judgement;

public sealed class JudgedGeneratorTests
{
    private static readonly IReadOnlyList<JudgedDesign> Real = ManyDesigns.Of(400, 1);

    [Fact]
    public void Designs_written_as_codes_come_back()
    {
        var columns = DesignColumns.Of(Real);
        foreach (var design in Real.Take(50))
        {
            var code = columns.Write(design);
            Assert.Equal(columns.Blocks.Sum(b => b.Width), code.Length);
            // Scores that leave no doubt, and places through the inverse of tanh.
            var at = 0;
            foreach (var block in columns.Blocks)
            {
                for (var i = 0; i < block.Width; i++, at++)
                {
                    code[at] = block.IsChoice ? 1_000 * code[at] : MathF.Atanh(code[at]);
                }
            }

            var read = columns.Read(code, design.Condition, new(1));
            Assert.Equal((design.Kind, design.Category, design.Condition, design.Redeemed),
                (read.Kind, read.Category, read.Condition, read.Redeemed));
            Assert.Equal(design.Depth, read.Depth, 0.01);
            Assert.InRange(read.Price / design.Price, 0.9, 1.1);
            Assert.Equal(design.ValidDays, read.ValidDays, 6); // Few values: a choice among them.
        }
    }

    [Fact]
    public void The_trained_generator_answers_its_condition_and_copies_nothing()
    {
        var generator = JudgedGenerator.Train(Real, new() { Epochs = 120, Batch = 64 }, (_, _) => { }, default);
        var made = generator.Draw(300, new(2));
        Assert.All(made, d => Assert.Null(d.Check()));
        var food = made.Where(d => d.Condition == "regulars").Average(d => d.Category == "food" ? 1.0 : 0);
        Assert.True(food > made.Where(d => d.Condition == "guests").Average(d => d.Category == "food" ? 1.0 : 0) + 0.2, $"{food}");
        Assert.Contains(made, d => d.Kind == OfferKind.AmountOff);
        var space = DesignSpace.Of(Real);
        var (real, places) = (Real.Select(space.Place).ToArray(), made.Select(space.Place).ToArray());
        var bound = AreaUnderCurve.At(Neighbourhoods.NearestAmong(real), 0.05);
        Assert.True(AreaUnderCurve.At(Neighbourhoods.Nearest(real, places), 0.05) >= bound);
    }

    [Fact]
    public void One_seed_gives_one_generator_and_the_briefs_preset_runs()
    {
        var options = OfferGanOptions.Brief with { Epochs = 2, Seed = 5 };
        Assert.Equal((0.3, 32, 100), (OfferGanOptions.Brief.Dropout, options.Batch, OfferGanOptions.Brief.Epochs));
        Assert.Equal(Drawn(options), Drawn(options));
        Assert.NotEqual(Drawn(options), Drawn(options with { Seed = 6 }));

        static IReadOnlyList<JudgedDesign> Drawn(OfferGanOptions options) =>
            JudgedGenerator.Train(Real, options, (_, _) => { }, default).Draw(20, new(1));
    }
}
