using System.Numerics.Tensors;
using CouponGrains.Domain.Models;
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
/// <param name="ScopeMean">Mean of each scope coordinate over the examples.</param>
/// <param name="ScopeScale">Deviation of each.</param>
internal sealed record GeneratorWeights(IReadOnlyList<DenseLayer> Layers, float[] ScopeMean, float[] ScopeScale)
{
    private const string Prefix = "generator.";

    /// <summary>False if the gates closed on it: it travels, so that it can be looked at, and designs nothing.</summary>
    public bool Used { get; init; } = true;

    /// <summary>Copies the layers out of the network.</summary>
    public static IReadOnlyList<DenseLayer> Take(torch.nn.Module generator)
    {
        var values = generator.named_parameters().ToDictionary(
            p => p.name, p => p.parameter.detach().contiguous().data<float>().ToArray());
        var layers = new List<DenseLayer>();
        for (var i = 1; values.TryGetValue($"layer{i}.weight", out var weight); i++)
        {
            var bias = values[$"layer{i}.bias"];
            layers.Add(new(weight.Length / bias.Length, bias.Length, weight, bias));
        }

        return layers;
    }

    /// <summary>The generator that a model carries, or null.</summary>
    public static GeneratorWeights? Of(ModelSnapshot model)
    {
        var layers = new List<DenseLayer>();
        for (var i = 1; model.Tensors.TryGetValue($"{Prefix}layer{i}.weight", out var weight); i++)
        {
            var bias = model.Tensors[$"{Prefix}layer{i}.bias"].Values;
            layers.Add(new(weight.Shape[1], weight.Shape[0], weight.Values, bias));
        }

        // A model from before all kinds had a place in the code designs as one without generator.
        return layers.Count == 0 || layers[^1].Outputs != DesignCode.DesignWidth(model.Factors.Rank)
            ? null
            : new(layers, model.Tensors[Prefix + "scope_mean"].Values, model.Tensors[Prefix + "scope_scale"].Values)
            {
                Used = model.Tensors[Prefix + "used"].Values[0] > 0,
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

        yield return new(Prefix + "used", new([1], [Used ? 1 : 0]));
        yield return new(Prefix + "scope_mean", new([ScopeMean.Length], ScopeMean));
        yield return new(Prefix + "scope_scale", new([ScopeScale.Length], ScopeScale));
    }

    /// <summary>One design for a condition: fresh noise z and, on the kinds, Gumbel noise, so that the highest score
    /// is a draw from the network's distribution.</summary>
    public RawDesign Design(float[] condition, Random random)
    {
        var z = new float[Layers[0].Inputs - condition.Length];
        for (var i = 0; i < z.Length; i++)
        {
            z[i] = Normal(random);
        }

        var o = Forward([.. z, .. condition]);
        var kinds = o[..DesignCode.Kinds];
        for (var i = 0; i < kinds.Length; i++)
        {
            kinds[i] -= (float)Math.Log(-Math.Log(Math.Clamp(random.NextDouble(), 1e-6, 1 - 1e-6)));
        }

        var scope = o[DesignCode.Fixed..];
        TensorPrimitives.MultiplyAdd(scope, ScopeScale, ScopeMean, scope);
        float[] places = [.. o[DesignCode.Kinds..DesignCode.Fixed].Select(Sigmoid)];
        return RawDesign.Of([.. kinds, .. places, .. scope]);
    }

    /// <summary>o of <see cref="OfferGan"/> for <c>[z y]</c>.</summary>
    public float[] Forward(float[] input) => Forward(Layers, input);

    /// <summary>The same of any layers.</summary>
    public static float[] Forward(IReadOnlyList<DenseLayer> layers, float[] input)
    {
        var h = input;
        for (var i = 0; i < layers.Count; i++)
        {
            h = layers[i].Apply(h);
            if (i + 1 < layers.Count)
            {
                h = Array.ConvertAll(h, x => x > 0 ? x : 0.2f * x);
            }
        }

        return h;
    }

    // Box and Muller 1958.
    private static float Normal(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));

    private static float Sigmoid(float x) => 1 / (1 + MathF.Exp(-x));
}
