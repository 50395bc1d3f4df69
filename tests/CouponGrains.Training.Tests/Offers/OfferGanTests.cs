using CouponGrains.Domain.Models;
using CouponGrains.Training.Models;
using CouponGrains.Training.Offers;
using TorchSharp;

namespace CouponGrains.Training.Tests.Offers;

public sealed class OfferGanTests
{
    private const int Rank = 4;

    [Fact]
    public void The_plain_generator_equals_the_network_that_it_was_taken_from()
    {
        LibTorchLoader.Ensure();
        using var scope = torch.NewDisposeScope();
        using var dice = new torch.Generator(3);
        using var gan = new OfferGan(
            DesignCode.ConditionWidth(Rank), DesignCode.Blocks(DesignCoordinates.Of(Examples(4))), dice);
        var layers = GeneratorWeights.Take(gan.Generator);
        var input = torch.randn([5, OfferGan.Noise + DesignCode.ConditionWidth(Rank)], generator: dice);
        var expected = gan.Generator.forward(input).data<float>().ToArray();
        var rows = input.data<float>().ToArray().Chunk(OfferGan.Noise + DesignCode.ConditionWidth(Rank));
        var actual = rows.SelectMany(row => GeneratorWeights.Forward(layers, row)).ToArray();
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-5f);
        }
    }

    [Fact]
    public void The_generator_goes_into_a_model_and_comes_out_again()
    {
        var weights = OfferGanTraining.Train(Examples(64), new() { Epochs = 1, Batch = 32 }, (_, _) => { }, default);
        var model = Model(new Dictionary<string, ModelTensor>(weights.ToTensors()));
        var read = GeneratorWeights.Of(ModelArtifact.Read(ModelArtifact.Write(model), new(1)));
        Assert.NotNull(read);
        Assert.Equal(weights.Layers.SelectMany(l => l.Weight), read.Layers.SelectMany(l => l.Weight));
        Assert.Equal(weights.ScopeScale, read.ScopeScale);
        Assert.Null(GeneratorWeights.Of(Model([])));
    }

    [Fact]
    public void Training_twice_with_one_seed_gives_the_same_weights_and_another_seed_gives_others()
    {
        var options = new OfferGanOptions { Epochs = 2, Batch = 32, Seed = 5 };
        var first = OfferGanTraining.Train(Examples(64), options, (_, _) => { }, default);
        var second = OfferGanTraining.Train(Examples(64), options, (_, _) => { }, default);
        var other = OfferGanTraining.Train(Examples(64), options with { Seed = 6 }, (_, _) => { }, default);
        Assert.Equal(first.Layers.SelectMany(l => l.Weight), second.Layers.SelectMany(l => l.Weight));
        Assert.NotEqual(first.Layers[0].Weight, other.Layers[0].Weight);
    }

    [Fact]
    public void The_trained_generator_designs_for_the_taste_it_is_given_and_does_not_collapse()
    {
        // Two tastes; each gets its own scope, its own kind and depths spread evenly.
        var weights = OfferGanTraining.Train(Examples(512), new() { Epochs = 60, Batch = 64, LearningRate = 1e-3 },
            (_, _) => { }, default);
        var random = new Random(9);
        foreach (var taste in new[] { 0, 1 })
        {
            var designs = Enumerable.Range(0, 200).Select(_ => weights.Design(Condition(taste), random)).ToList();
            var (own, other) = (designs.Average(d => d.Scope[taste]), designs.Average(d => d.Scope[1 - taste]));
            Assert.True(own > 0.7 && own > other + 0.4, $"taste {taste}: scope {own:F2} own, {other:F2} other");
            var kind = designs.Average(d => Array.IndexOf(d.Kinds, d.Kinds.Max()) == taste ? 1.0 : 0.0);
            Assert.True(kind > 0.7, $"taste {taste}: the kind that belongs to it in {kind:P0}");
            var depths = designs.Select(d => (double)d.Depth).Order().ToList();
            Assert.True(depths[180] - depths[20] > 0.3,
                $"taste {taste}: depths from {depths[20]:F2} to {depths[180]:F2}");
        }
    }

    [Fact]
    public void A_cancelled_training_stops()
    {
        Assert.ThrowsAny<OperationCanceledException>(() =>
            OfferGanTraining.Train(Examples(64), new(), (_, _) => { }, new(canceled: true)));
    }

    private static List<DesignExample> Examples(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var design = new float[DesignCode.DesignWidth(Rank)];
            design[i % 2] = 1;
            design[DesignCode.Kinds] = random.NextSingle();
            design[DesignCode.Fixed + (i % 2)] = 1;
            return new DesignExample(Condition(i % 2), design, 1);
        })];
    }

    private static float[] Condition(int taste)
    {
        var condition = new float[DesignCode.ConditionWidth(Rank)];
        condition[taste] = 1;
        return condition;
    }

    private static ModelSnapshot Model(Dictionary<string, ModelTensor> tensors) => new()
    {
        Version = new(1), Factors = new([new("i")], Rank, new float[Rank]), SingularValues = new float[Rank],
        Popularity = [1f],
        Weights = new(), Reference = DateTimeOffset.UnixEpoch, Tensors = tensors,
    };
}
