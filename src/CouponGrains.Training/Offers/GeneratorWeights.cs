using System.Numerics.Tensors;
using CouponGrains.Domain.Models;
using CouponGrains.Training.Offers.Judgement;
using TorchSharp;

namespace CouponGrains.Training.Offers;

/// <summary>A dense layer <c>W x + b</c> as plain numbers.</summary>
/// <param name="Inputs">Columns of W.</param>
/// <param name="Outputs">Rows of W.</param>
/// <param name="Weight">W, row by row.</param>
/// <param name="Bias">b.</param>
internal sealed record DenseLayer(int Inputs, int Outputs, float[] Weight, float[] Bias)
{
    public float[] Apply(ReadOnlySpan<float> x)
    {
        var y = new float[Outputs];
        for (var row = 0; row < Outputs; row++)
        {
            y[row] = Bias[row] + TensorPrimitives.Dot(Weight.AsSpan(row * Inputs, Inputs), x);
        }

        return y;
    }
}

/// <summary>The trained generator as it travels in the model: designs without libtorch. Tested equal to the network
/// that it was taken from.</summary>
/// <param name="Layers">The layers of G, see <see cref="OfferGan"/>.</param>
/// <param name="Columns">What its output means.</param>
internal sealed record GeneratorWeights(IReadOnlyList<DenseLayer> Layers, OfferColumns Columns)
{
    /// <summary>The slope of the rectifier below zero.</summary>
    public const float Slope = 0.2f;

    /// <summary>Draws for one design before a copy is taken all the same.</summary>
    private const int DrawsMax = 50;

    private const string Prefix = "generator.";

    /// <summary>How its designs are judged.</summary>
    public DesignVocabulary Words { get; } = new(Columns.Scopes.Prototypes);

    /// <summary>What it must not copy; null copies as it comes.</summary>
    public LearnedDesigns? Learned { get; init; }

    /// <summary>−1, or the number of the baseline that designs instead, because the gates closed on this: it travels
    /// all the same, so that it can be looked at. See <see cref="DesignJudgement.Baselines"/>.</summary>
    public int Instead { get; init; } = -1;

    /// <summary>Copies the layers out of the network.</summary>
    public static IReadOnlyList<DenseLayer> Take(Perceptron generator) => [.. generator.Layers.Select(layer => new DenseLayer(
        (int)layer.Weight.shape[1], (int)layer.Weight.shape[0], Numbers(layer.Weight), Numbers(layer.Bias)))];

    /// <summary>The generator that a model carries, or null.</summary>
    public static GeneratorWeights? Of(ModelSnapshot model)
    {
        var layers = new List<DenseLayer>();
        for (var i = 1; model.Tensors.TryGetValue($"{Prefix}layer{i}.weight", out var weight); i++)
        {
            var bias = model.Tensors[$"{Prefix}layer{i}.bias"].Values;
            layers.Add(new(weight.Shape[1], weight.Shape[0], weight.Values, bias));
        }

        // A model from before its code was in columns designs as one without generator.
        return layers.Count == 0 || OfferColumns.Of(model.Tensors) is not { } columns
            ? null
            : new(layers, columns)
            {
                Learned = LearnedDesigns.Of(model.Tensors),
                Instead = (int)model.Tensors[Prefix + "instead"].Values[0],
            };
    }

    /// <summary>The generator as tensors of a model.</summary>
    public IEnumerable<KeyValuePair<string, ModelTensor>> ToTensors()
    {
        for (var i = 0; i < Layers.Count; i++)
        {
            yield return new($"{Prefix}layer{i + 1}.weight",
                new([Layers[i].Outputs, Layers[i].Inputs], Layers[i].Weight));
            yield return new($"{Prefix}layer{i + 1}.bias", new([Layers[i].Outputs], Layers[i].Bias));
        }

        yield return new(Prefix + "used", new([1], [Instead < 0 ? 1 : 0]));
        yield return new(Prefix + "instead", new([1], [Instead]));
        foreach (var column in Columns.ToTensors().Concat(Learned?.ToTensors() ?? []))
        {
            yield return column;
        }
    }

    /// <summary>One design for a condition, from fresh noise; drawn again while it is a copy, up to a bound.</summary>
    /// <param name="segment">The segment whose taste the condition holds.</param>
    /// <param name="condition">See <see cref="DesignCode"/>.</param>
    /// <param name="random">The dice.</param>
    public RawDesign Design(int segment, float[] condition, Random random)
    {
        for (var draw = 1; ; draw++)
        {
            var z = new float[Layers[0].Inputs - condition.Length];
            for (var i = 0; i < z.Length; i++)
            {
                z[i] = (float)Normal.Draw(random);
            }

            var design = Columns.Read(Forward(Layers, [.. z, .. condition]), random);
            if (draw == DrawsMax || Learned is null)
            {
                return design;
            }

            var judged = Words.Judged(segment, design);
            if (!Learned.IsCopy(Words.Choices(judged), DesignSpace.Numbers(judged)))
            {
                return design;
            }
        }
    }

    /// <summary>o of <see cref="OfferGan"/> for <c>[z y]</c>.</summary>
    public static float[] Forward(IReadOnlyList<DenseLayer> layers, float[] input)
    {
        var h = input;
        for (var i = 0; i < layers.Count; i++)
        {
            h = layers[i].Apply(h);
            if (i + 1 < layers.Count)
            {
                h = Array.ConvertAll(h, x => x > 0 ? x : Slope * x);
            }
        }

        return h;
    }

    private static float[] Numbers(torch.Tensor tensor) => tensor.detach().cpu().contiguous().data<float>().ToArray();
}
