using TorchSharp;
using static TorchSharp.torch;

namespace CouponGrains.Training.Offers;

/// <summary>
/// The conditional generative adversarial network that designs offers.
/// <code>
///   G(z, y) = x        z noise (16), y condition, x design, in blocks (see CodeBlock)
///     o = two hidden layers of 128 over [z y]
///     x = each block of o by its shape: straight-through Gumbel-softmax, or tanh
///   D([x · 4, y · 4]) = one number for four examples at once          hidden 256 and 128
/// </code>
/// Choices are discrete, so their gradient goes through the Gumbel-softmax relaxation (Jang et al. 2017) while the
/// critic sees a one-hot, as in the real examples. The critic is a Wasserstein one with gradient penalty (Gulrajani et
/// al. 2017): with a few hundred examples the plain loss saturates at once. It judges packs of four (Lin et al. 2018):
/// a generator that always designs the same offer is seen at a glance.
/// </summary>
internal sealed class OfferGan : IDisposable
{
    public const int Noise = 16;
    public const int Hidden = 128;
    public const int Pack = 4;

    private readonly torch.Generator _dice;
    private readonly DesignHead _head;
    private readonly long _width;
    private readonly (Tensor One, Tensor Tiny) _constants;

    /// <param name="conditionWidth">The length of y.</param>
    /// <param name="blocks">What x is made of; at least one choice.</param>
    /// <param name="dice">All randomness.</param>
    /// <param name="device">Where the network lives.</param>
    /// <param name="dropout">The share of hidden units dropped in training.</param>
    public OfferGan(
        int conditionWidth, IReadOnlyList<CodeBlock> blocks, torch.Generator dice, Device device, double dropout = 0)
    {
        _dice = dice;
        _width = blocks.Sum(b => b.Width);
        _head = new(blocks, dice, device);
        _constants = (Constant.Of(1, device), Constant.Of(1e-12, device));
        Generator = new(dice, device, dropout, Noise + conditionWidth, Hidden, Hidden, (int)_width);
        Critic = new(dice, device, dropout, Pack * (conditionWidth + (int)_width), 2 * Hidden, Hidden, 1);
    }

    public Perceptron Generator { get; }

    public Perceptron Critic { get; }

    /// <summary>x = G(z, y) with fresh noise. Shapes: y (B, condition), x (B, design).</summary>
    public Tensor Generate(Tensor y)
    {
        var z = randn([y.shape[0], Noise], device: y.device, generator: _dice);
        return _head.Apply(Generator.Forward(cat([z, y], 1)).Output);
    }

    /// <summary>The mean of D over packs, with the critic held fixed. Shapes: x (B, design), y (B,
    /// condition).</summary>
    public Tensor Judge(Tensor x, Tensor y) =>
        Critic.Forward(cat([Packed(x), Packed(y)], 1), learn: false).Output.mean();

    /// <summary>What the critic makes of real designs and generated ones for the same conditions.</summary>
    /// <returns><c>E D(x) − E D(G)</c>, and <c>E (‖∇ D(x̂)‖ − 1)²</c> at random points x̂ between real and generated
    /// packs.</returns>
    public (Tensor Distance, Tensor Penalty) Compare(Tensor real, Tensor made, Tensor y)
    {
        var (x, other, condition) = (Packed(real), Packed(made), Packed(y));
        var packs = x.shape[0];
        var share = rand([packs, 1], device: x.device, generator: _dice);
        var between = Constant.Sum(other, share * Constant.Difference(x, other));
        var (scores, masks) = Critic.Forward(
            cat([cat([x, other, between], 0), cat([condition, condition, condition], 0)], 1));
        var distance = Constant.Difference(scores.narrow(0, 0, packs).mean(), scores.narrow(0, packs, packs).mean());
        var slope = Critic.Slopes([.. masks.Select(m => m.narrow(0, 2 * packs, packs))])
            .narrow(1, 0, Pack * _width);
        var length = Constant.Sum((slope * slope).sum(1), _constants.Tiny).sqrt();
        var excess = Constant.Difference(length, _constants.One);
        return (distance, (excess * excess).mean());
    }

    public void Dispose()
    {
        Generator.Dispose();
        Critic.Dispose();
        _head.Dispose();
        _constants.One.Dispose();
        _constants.Tiny.Dispose();
    }

    private static Tensor Packed(Tensor rows) => rows.reshape(rows.shape[0] / Pack, -1);
}
