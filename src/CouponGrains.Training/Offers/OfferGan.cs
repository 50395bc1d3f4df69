using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CouponGrains.Training.Offers;

/// <summary>
/// The conditional generative adversarial network that designs offers.
/// <code>
///   G(z, y) = x        z noise (16), y condition, x design, in blocks (see CodeBlock)
///     h = lrelu(W₁ [z y] + b₁), h = lrelu(W₂ h + b₂), o = W₃ h + b₃        hidden 128, slope 0.2
///     x = each block of o by its shape: straight-through Gumbel-softmax, (sigmoid − mean) / deviation, tanh, or as it is
///   D([x y] · 4) = one number for four examples at once
/// </code>
/// Choices are discrete, so their gradient goes through the Gumbel-softmax relaxation (Jang et al. 2017) while the
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
    private readonly (CodeBlock Block, Tensor Mean, Tensor Scale)[] _blocks;

    /// <param name="conditionWidth">The length of y.</param>
    /// <param name="blocks">What x is made of.</param>
    /// <param name="dice">All randomness.</param>
    /// <param name="dropout">The share of hidden units dropped in training.</param>
    public OfferGan(int conditionWidth, IReadOnlyList<CodeBlock> blocks, torch.Generator dice, double dropout = 0)
    {
        _dice = dice;
        _blocks = [.. blocks.Select(b => (b, tensor(b.Mean), tensor(b.Scale)))];
        var width = blocks.Sum(b => b.Width);
        Generator = Layers(dice, dropout, Noise + conditionWidth, Hidden, Hidden, width);
        Critic = Layers(dice, dropout, Pack * (conditionWidth + width), 2 * Hidden, Hidden, 1);
    }

    public Sequential Generator { get; }

    public Sequential Critic { get; }

    /// <summary>x = G(z, y) with fresh noise. Shapes: y (B, condition), x (B, design).</summary>
    public Tensor Generate(Tensor y)
    {
        var z = randn([y.shape[0], Noise], generator: _dice);
        return Head(Generator.forward(cat([z, y], 1)));
    }

    /// <summary>D of packs. Shapes: x (B, design), y (B, condition), answer (B / 4, 1).</summary>
    public Tensor Judge(Tensor x, Tensor y) => Critic.forward(cat([x, y], 1).reshape(x.shape[0] / Pack, -1));

    /// <summary><c>E (‖∇ D(x̂)‖ − 1)²</c> at random points x̂ between real and generated packs.</summary>
    public Tensor GradientPenalty(Tensor real, Tensor made, Tensor y)
    {
        var packs = real.shape[0] / Pack;
        var between = rand([packs, 1], generator: _dice).repeat_interleave(Pack, 0);
        var one = Constant.Of(1);
        var x = Constant.Sum(between * real, Constant.Difference(one, between) * made)
            .detach().requires_grad_(true);
        var slopes = autograd.grad([Judge(x, y).sum()], [x], retain_graph: true, create_graph: true);
        var slope = slopes[0].reshape(packs, -1);
        var excess = Constant.Difference(Constant.Sum((slope * slope).sum(1), Constant.Of(1e-12)).sqrt(), one);
        return (excess * excess).mean();
    }

    public void Dispose()
    {
        Generator.Dispose();
        Critic.Dispose();
        foreach (var (_, mean, scale) in _blocks)
        {
            mean.Dispose();
            scale.Dispose();
        }
    }

    private Tensor Head(Tensor o)
    {
        var (parts, at) = (new List<Tensor>(), 0);
        foreach (var (block, mean, scale) in _blocks)
        {
            var part = o.narrow(1, at, block.Width);
            at += block.Width;
            parts.Add(block.Shape switch
            {
                BlockShape.Choice => Choice(part),
                BlockShape.Place => Constant.Difference(part.sigmoid(), mean) / scale,
                BlockShape.Signed => part.tanh(),
                _ => part,
            });
        }

        return cat(parts, 1);
    }

    private Tensor Choice(Tensor logits)
    {
        var u = Constant.Sum(rand(logits.shape, generator: _dice) * Constant.Of(1 - 2e-6), Constant.Of(1e-6));
        var soft = (Constant.Difference(logits, (-u.log()).log()) / Constant.Of(Temperature)).softmax(1);
        var hard = functional.one_hot(soft.argmax(1), logits.shape[1]).to(ScalarType.Float32);
        return Constant.Sum(Constant.Difference(hard, soft).detach(), soft);
    }

    // Weights uniform in ±√(6 / inputs) (He et al. 2015; ±√(3 / inputs) before the output), from our own dice: the
    // library's global ones are everybody's.
    private static Sequential Layers(torch.Generator dice, double dropout, params int[] widths)
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
                layers.Add(($"slope{i + 1}", new Rectifier(dice, dropout)));
            }
        }

        return Sequential(layers);
    }

    private sealed class Rectifier(torch.Generator dice, double dropout) : Module<Tensor, Tensor>("rectifier")
    {
        public override Tensor forward(Tensor input)
        {
            var h = Constant.LeakyRectifier(input, Constant.Of(Slope));
            return dropout == 0 || !training
                ? h
                : h * rand(h.shape, generator: dice).ge(Constant.Of(dropout)).to(ScalarType.Float32)
                    / Constant.Of(1 - dropout);
        }
    }
}
