using TorchSharp;
using static TorchSharp.torch;

namespace CouponGrains.Training.Offers;

/// <summary>
/// Dense layers with leaky rectifiers between, and dropout if asked for.
/// <code>
///   h₀ = x,   hᵢ = mᵢ ∘ (Wᵢ hᵢ₋₁ + bᵢ),   o = W_n h_{n−1} + b_n
/// </code>
/// where m is 1 above zero and 0.2 below, times the dropout's 0 or 1 / (1 − share). As m is constant almost everywhere,
/// the slope of o along x is a product, <c>∇ₓ o = W₁ᵀ m₁ ∘ W₂ᵀ m₂ ∘ … W_nᵀ 1</c>, and so differentiable without asking
/// the library for derivatives of derivatives.
/// </summary>
internal sealed class Perceptron : IDisposable
{
    private readonly torch.Generator _dice;
    private readonly (Tensor Weight, Tensor Bias)[] _layers;
    private readonly (Tensor Zero, Tensor One, Tensor Slope, Tensor Share, Tensor Kept) _constants;
    private readonly bool _drops;

    /// <summary>Weights uniform in ±√(6 / inputs) (He et al. 2015; ±√(3 / inputs) before the output), from our own
    /// dice: the library's global ones are everybody's.</summary>
    /// <param name="dice">Of start values and dropout.</param>
    /// <param name="device">Where the weights live.</param>
    /// <param name="dropout">The share of hidden units dropped in training.</param>
    /// <param name="widths">Of the input, the hidden layers and the output.</param>
    public Perceptron(torch.Generator dice, Device device, double dropout, params int[] widths)
    {
        (_dice, _drops) = (dice, dropout > 0);
        _layers = [.. widths.Zip(widths.Skip(1)).Select((pair, i) =>
            Layer(pair.First, pair.Second, i + 2 < widths.Length ? 6 : 3, dice, device))];
        _constants = (Constant.Of(0, device), Constant.Of(1, device), Constant.Of(GeneratorWeights.Slope, device),
            Constant.Of(dropout, device), Constant.Of(1 / (1 - dropout), device));
    }

    /// <summary>W and b of each layer.</summary>
    public IReadOnlyList<(Tensor Weight, Tensor Bias)> Layers => _layers;

    /// <summary>All weights, in their order.</summary>
    public IEnumerable<Tensor> Parameters => _layers.SelectMany(layer => new[] { layer.Weight, layer.Bias });

    /// <summary>o, shape (rows, outputs), and the m of each hidden layer, shape (rows, hidden).</summary>
    /// <param name="x">Shape (rows, inputs).</param>
    /// <param name="learn">False holds the weights fixed: slopes run through to x only.</param>
    public (Tensor Output, Tensor[] Masks) Forward(Tensor x, bool learn = true)
    {
        var (h, masks) = (x, new Tensor[_layers.Length - 1]);
        for (var i = 0; i < _layers.Length; i++)
        {
            var (weight, bias) = learn ? _layers[i] : (_layers[i].Weight.detach(), _layers[i].Bias.detach());
            h = nn.functional.linear(h, weight, bias);
            if (i < masks.Length)
            {
                masks[i] = Mask(h.detach());
                h *= masks[i];
            }
        }

        return (h, masks);
    }

    /// <summary>∇ₓ o for a network with one output, shape (rows, inputs).</summary>
    /// <param name="masks">Of the rows, as <see cref="Forward"/> gave them.</param>
    public Tensor Slopes(IReadOnlyList<Tensor> masks)
    {
        var slope = masks[^1] * _layers[^1].Weight;
        for (var i = masks.Count - 1; i > 0; i--)
        {
            slope = slope.matmul(_layers[i].Weight) * masks[i - 1];
        }

        return slope.matmul(_layers[0].Weight);
    }

    public void Dispose()
    {
        foreach (var tensor in Parameters)
        {
            tensor.Dispose();
        }

        var (zero, one, slope, share, kept) = _constants;
        foreach (var tensor in new[] { zero, one, slope, share, kept })
        {
            tensor.Dispose();
        }
    }

    private Tensor Mask(Tensor h)
    {
        var (zero, one, slope, share, kept) = _constants;
        var mask = where(h.gt(zero), one, slope);
        return _drops
            ? mask * where(rand(h.shape, device: h.device, generator: _dice).ge(share), kept, zero)
            : mask;
    }

    private static (Tensor Weight, Tensor Bias) Layer(
        int inputs, int outputs, double gain, torch.Generator dice, Device device)
    {
        var bound = Math.Sqrt(gain / inputs);
        using var quiet = no_grad();
        var weight = empty([outputs, inputs], device: device).uniform_(-bound, bound, dice);
        return (weight.requires_grad_(true), zeros([outputs], device: device, requires_grad: true));
    }
}
