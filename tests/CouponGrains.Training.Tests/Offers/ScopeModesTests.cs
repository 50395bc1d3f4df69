using System.Numerics.Tensors;
using CouponGrains.Training.Offers;
using CouponGrains.Training.Offers.Judgement;

namespace CouponGrains.Training.Tests.Offers;

public sealed class ScopeModesTests
{
    private const int Rank = 12;

    private static readonly float[][] Prototypes =
        [.. Enumerable.Range(0, 4).Select(i => Enumerable.Range(0, Rank).Select(j => i == j ? 1f : 0).ToArray())];

    [Fact]
    public void A_scope_read_back_lies_as_near_to_the_same_prototype_and_leans_the_same_way()
    {
        var scopes = Scopes(400, 1);
        var modes = ScopeModes.Fit(scopes, Prototypes, new(2));
        var random = new Random(3);
        var (focus, lean) = (0.0, 0.0);
        foreach (var scope in scopes)
        {
            var (prototype, near, way) = modes.Write(scope);
            var read = modes.Read(prototype, near, way, random);
            Assert.Equal(1, TensorPrimitives.Norm<float>(read), 1e-4f);
            Assert.Equal(prototype, modes.Nearest(read));
            focus += Math.Abs(modes.Write(read).Focus - near) / scopes.Count;
            lean += TensorPrimitives.Dot<float>(read, modes.Leans[way]) / scopes.Count;
        }

        Assert.True(focus < 0.02, $"focus off by {focus:F3}");
        Assert.True(lean > 0.4, $"lean {lean:F3}");
    }

    [Fact]
    public void Even_where_the_lean_draws_to_another_prototype_the_scope_stays_with_its_own()
    {
        var modes = new ScopeModes(Prototypes, [Prototypes[1]], [1]);
        var scope = modes.Read(0, 0.1, 0, new(1));
        Assert.Equal(0, modes.Nearest(scope));
    }

    [Fact]
    public void Columns_of_few_values_keep_them_and_others_come_back_nearly()
    {
        var steps = NumberColumn.Of([0.1, 0.2, 0.1, 0.4]);
        Assert.Equal([0.1, 0.2, 0.4], steps.Steps);
        Assert.Empty(NumberColumn.Of([3, 3]).Blocks);
        var random = new Random(1);
        var many = NumberColumn.Of([.. Enumerable.Range(0, 300).Select(_ => Normal.Draw(random))]);
        foreach (var column in new[] { steps, many, NumberColumn.Of(many.ToTensor()) })
        {
            var code = new List<float>();
            column.Write(0.2, code);
            Assert.Equal(column.Blocks.Sum(b => b.Width), code.Count);
            var at = 0;
            float[] sure = [.. column.Blocks.SelectMany(b => code.GetRange((at += b.Width) - b.Width, b.Width)
                .Select(c => b.IsChoice ? 1_000 * c : MathF.Atanh(c)))];
            at = 0;
            Assert.Equal(0.2, column.Read(sure, ref at, random), 1e-3);
            Assert.Equal(code.Count, at);
        }
    }

    // Each near a prototype, leaning one of two ways outside them.
    private static List<float[]> Scopes(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            float[] scope = [.. Enumerable.Range(0, Rank).Select(_ => 0.15f * (float)Normal.Draw(random))];
            scope[i % 4] += 0.7f;
            scope[4 + (i % 2)] += 0.6f;
            return DesignCode.Unit(scope);
        })];
    }
}
