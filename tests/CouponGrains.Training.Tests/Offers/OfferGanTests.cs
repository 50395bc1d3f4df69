using CouponGrains.Domain;
using CouponGrains.Domain.Models;
using CouponGrains.Training.Models;
using CouponGrains.Training.Offers;
using CouponGrains.Training.Offers.Judgement;
using TorchSharp;

namespace CouponGrains.Training.Tests.Offers;

public sealed class OfferGanTests
{
    private const int Rank = 4;
    private static readonly int Width = DesignCode.ConditionWidth(Rank);
    private static readonly float[][] Prototypes = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0.5f, 0.5f, 0.5f, 0.5f]];

    [Fact]
    public void The_plain_generator_equals_the_network_that_it_was_taken_from()
    {
        LibTorchLoader.Ensure();
        using var scope = torch.NewDisposeScope();
        using var dice = new torch.Generator(3);
        using var gan = new OfferGan(Width, Columns(4).Blocks, dice, torch.CPU);
        var layers = GeneratorWeights.Take(gan.Generator);
        var input = torch.randn([5, OfferGan.Noise + Width], generator: dice);
        var expected = gan.Generator.Forward(input).Output.data<float>().ToArray();
        var rows = input.data<float>().ToArray().Chunk(OfferGan.Noise + Width);
        Equal(expected, [.. rows.SelectMany(row => GeneratorWeights.Forward(layers, row))], 1e-5f);
    }

    [Fact]
    public void The_generator_goes_into_a_model_and_comes_out_again()
    {
        var weights = Train(64, new() { Epochs = 1, Batch = 32 }) with
        {
            Learned = new([[0, 1, 2, .. new float[6]]], new float[6], [1, 1, 1, 1, 1, 1], 0.3f), Instead = 2,
        };
        var model = Model(new Dictionary<string, ModelTensor>(weights.ToTensors()));
        var read = GeneratorWeights.Of(ModelArtifact.Read(ModelArtifact.Write(model), new(1)));
        Assert.NotNull(read);
        Assert.Equal(2, read.Instead);
        Assert.Equal(weights.Layers.SelectMany(l => l.Weight), read.Layers.SelectMany(l => l.Weight));
        Assert.Equal(weights.Learned.Rows.SelectMany(r => r), read.Learned!.Rows.SelectMany(r => r));
        var (ours, theirs) = (weights.Design(0, Condition(0), new(7)), read.Design(0, Condition(0), new(7)));
        Equal([.. ours.Kinds, ours.Depth, ours.Threshold, ours.Validity, .. ours.Scope],
            [.. theirs.Kinds, theirs.Depth, theirs.Threshold, theirs.Validity, .. theirs.Scope], 1e-5f);
        Assert.Null(GeneratorWeights.Of(Model([])));
    }

    [Fact]
    public void Training_twice_with_one_seed_gives_the_same_weights_and_another_seed_gives_others()
    {
        var options = new OfferGanOptions { Epochs = 2, Batch = 32, Seed = 5 };
        var first = Train(64, options);
        var second = Train(64, options);
        var other = Train(64, options with { Seed = 6 });
        Assert.Equal(first.Layers.SelectMany(l => l.Weight), second.Layers.SelectMany(l => l.Weight));
        Assert.NotEqual(first.Layers[0].Weight, other.Layers[0].Weight);
    }

    [Fact]
    public void The_trained_generator_designs_for_the_taste_it_is_given_and_does_not_collapse()
    {
        // Two tastes; each gets its own scope, its own kind and depths spread evenly.
        var weights = Train(512, new() { Epochs = 60, Batch = 64, LearningRate = 1e-3 });
        var random = new Random(9);
        foreach (var taste in new[] { 0, 1 })
        {
            var designs = Enumerable.Range(0, 200).Select(_ => weights.Design(taste, Condition(taste), random)).ToList();
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
    public void A_number_of_the_condition_that_never_changed_does_nothing_later()
    {
        var weights = Train(64, new() { Epochs = 2, Batch = 32 });
        var (plain, changed) = (Condition(0), Condition(0));
        changed[^1] = 5;
        float[] z = new float[OfferGan.Noise];
        Assert.Equal(GeneratorWeights.Forward(weights.Layers, [.. z, .. plain]),
            GeneratorWeights.Forward(weights.Layers, [.. z, .. changed]));
    }

    [Fact]
    public void A_design_nearer_to_a_learned_one_than_the_bound_is_drawn_again()
    {
        var weights = Train(256, new() { Epochs = 20, Batch = 64 });
        var random = new Random(3);
        var designs = Enumerable.Range(0, 100).Select(_ => weights.Design(0, Condition(0), random)).ToList();
        var words = weights.Words;
        var learned = LearnedDesigns.Of([.. designs.Select(d => words.Judged(0, d))], words) with { Bound = 0.02f };
        weights = weights with { Learned = learned };
        for (var i = 0; i < 100; i++)
        {
            var judged = words.Judged(0, weights.Design(0, Condition(0), random));
            Assert.False(learned.IsCopy(words.Choices(judged), DesignSpace.Numbers(judged)));
        }

        var copy = words.Judged(0, designs[0]);
        Assert.True(learned.IsCopy(words.Choices(copy), DesignSpace.Numbers(copy)));
        Assert.False(learned.IsCopy(words.Choices(copy with { Condition = "1" }), DesignSpace.Numbers(copy)));
    }

    [Fact]
    public void A_device_that_is_not_there_is_refused_and_where_there_is_none_the_processor_is_taken()
    {
        Assert.SkipWhen(CudaDevice.IsThere, "This build has CUDA and a device.");
        var refused = Assert.Throws<RefusedException>(() => Train(64, new() { Device = OfferGanDevice.Cuda }));
        Assert.Equal(RefusalCodes.NoDevice, refused.Refusal.Code);
        var options = new OfferGanOptions { Epochs = 1, Batch = 32 };
        Assert.Equal(Train(64, options with { Device = OfferGanDevice.Cpu }).Layers[0].Weight,
            Train(64, options with { Device = OfferGanDevice.Auto }).Layers[0].Weight);
    }

    [Fact]
    public void A_cancelled_training_stops()
    {
        Assert.ThrowsAny<OperationCanceledException>(() =>
            OfferGanTraining.Train(Examples(64), Prototypes, new(), _ => { }, new(canceled: true)));
    }

    private static GeneratorWeights Train(int examples, OfferGanOptions options) =>
        OfferGanTraining.Train(Examples(examples), Prototypes, options, _ => { }, default);

    private static OfferColumns Columns(int examples) =>
        OfferColumns.Fit([.. Examples(examples).Select(e => e.Design)], Prototypes, new(1));

    private static void Equal(float[] expected, float[] actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], tolerance);
        }
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
