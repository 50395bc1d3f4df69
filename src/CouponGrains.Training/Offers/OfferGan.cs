using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CouponGrains.Training.Offers;

/// <summary>
/// The conditional generative adversarial network that designs offers.
/// <code>
///   G(z, y) = x        z noise (16), y condition (k + 13), x design (8 + k), see DesignCode
///     h = lrelu(W₁ [z y] + b₁), h = lrelu(W₂ h + b₂), o = W₃ h + b₃        hidden 128, slope 0.2
///     x = [ straight-through Gumbel-softmax(o₁..₅), (sigmoid(o₆..₈) − mean) / deviation, o₉.. ]
///   D([x y] · 4) = one number for four examples at once
/// </code>
/// The kind is discrete, so its gradient goes through the Gumbel-softmax relaxation (Jang et al. 2017) while the
/// critic sees a one-hot, as in the real examples. All other coordinates are standardised over the examples: else the
/// critic would look at the widest only. The critic is a Wasserstein one with gradient penalty (Gulrajani et al.
/// 2017): with a few hundred examples the plain loss saturates at once. It judges packs of four (Lin et al. 2018): a
/// generator that always designs the same offer is seen at a glance.
/// </summary>
internal sealed class OfferGan : IDisposable
{
    public const int Noise = 16;
    public const int Hidden = 128;
    public const int Pack = 4;
    private const double Slope = 0.2;
    private const double Temperature = 0.5;

    private readonly torch.Generator _dice;
    private readonly Tensor _placeMean;
    private readonly Tensor _placeScale;

    public OfferGan(int conditionWidth, DesignCoordinates coordinates, torch.Generator dice)
    {
        _dice = dice;
        _placeMean = tensor(coordinates.Mean[DesignCode.Kinds..DesignCode.Fixed]);
        _placeScale = tensor(coordinates.Scale[DesignCode.Kinds..DesignCode.Fixed]);
        Generator = Layers(dice, Noise + conditionWidth, Hidden, Hidden, coordinates.Mean.Length);
        Critic = Layers(dice, Pack * (conditionWidth + coordinates.Mean.Length), 2 * Hidden, Hidden, 1);
    }

    public Sequential Generator { get; }

    public Sequential Critic { get; }

    /// <summary>x = G(z, y) with fresh noise. Shapes: y (B, k + 13), x (B, 8 + k).</summary>
    public Tensor Generate(Tensor y)
    {
        var z = randn([y.shape[0], Noise], generator: _dice);
        return Head(Generator.forward(cat([z, y], 1)));
    }

    /// <summary>D of packs. Shapes: x (B, 8 + k), y (B, k + 13), answer (B / 4, 1).</summary>
    public Tensor Judge(Tensor x, Tensor y) => Critic.forward(cat([x, y], 1).reshape(x.shape[0] / Pack, -1));

    /// <summary><c>E (‖∇ D(x̂)‖ − 1)²</c> at random points x̂ between real and generated packs.</summary>
    public Tensor GradientPenalty(Tensor real, Tensor made, Tensor y)
    {
        var packs = real.shape[0] / Pack;
        var between = rand([packs, 1], generator: _dice).repeat_interleave(Pack, 0);
        var one = Constant.Of(1);
        var x = ((between * real) + ((one - between) * made)).detach().requires_grad_(true);
        var slopes = autograd.grad([Judge(x, y).sum()], [x], retain_graph: true, create_graph: true);
        var slope = slopes[0].reshape(packs, -1);
        var excess = ((slope * slope).sum(1) + Constant.Of(1e-12)).sqrt() - one;
        return (excess * excess).mean();
    }

    public void Dispose()
    {
        Generator.Dispose();
        Critic.Dispose();
        _placeMean.Dispose();
        _placeScale.Dispose();
    }

    private Tensor Head(Tensor o)
    {
        var logits = o.narrow(1, 0, DesignCode.Kinds);
        var u = (rand([o.shape[0], DesignCode.Kinds], generator: _dice) * Constant.Of(1 - 2e-6)) + Constant.Of(1e-6);
        var soft = ((logits - (-u.log()).log()) / Constant.Of(Temperature)).softmax(1);
        var hard = functional.one_hot(soft.argmax(1), DesignCode.Kinds).to(ScalarType.Float32);
        var kinds = (hard - soft).detach() + soft;
        var places = (o.narrow(1, DesignCode.Kinds, DesignCode.Places).sigmoid() - _placeMean) / _placeScale;
        return cat([kinds, places, o.narrow(1, DesignCode.Fixed, o.shape[1] - DesignCode.Fixed)], 1);
    }

    // Weights uniform in ±√(6 / inputs) (He et al. 2015; ±√(3 / inputs) before the output), from our own dice: the
    // library's global ones are everybody's.
    private static Sequential Layers(torch.Generator dice, params int[] widths)
    {
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        using var quiet = no_grad();
        for (var i = 0; i + 1 < widths.Length; i++)
        {
            var layer = Linear(widths[i], widths[i + 1]);
            var bound = Math.Sqrt((i + 2 < widths.Length ? 6.0 : 3.0) / widths[i]);
            layer.weight!.uniform_(-bound, bound, dice);
            layer.bias!.zero_();
            layers.Add(($"layer{i + 1}", layer));
            if (i + 2 < widths.Length)
            {
                layers.Add(($"slope{i + 1}", new Rectifier()));
            }
        }

        return Sequential(layers);
    }

    private sealed class Rectifier() : Module<Tensor, Tensor>("rectifier")
    {
        public override Tensor forward(Tensor input) => Constant.LeakyRectifier(input, Constant.Of(Slope));
    }
}
