using CouponGrains.Domain.Models.Response;
using CouponGrains.Training.Offers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CouponGrains.Training.Models.Response;

/// <summary>
/// The response network, as <see cref="ResponseNetwork"/> serves it:
/// <code>
///   h      = encoder(x_1 … x_t)                                  0 without events
///   y1     = relu(W_h h + W_p p + W_c c + W_x z + b1)
///   y2     = relu(W2 y1 + b2)
///   logits = W3 y2 + S_p p + S_c c + S_x z + b3                  four heads
/// </code>
/// The linear part S beside the layers remembers, the layers generalise (Cheng et al. 2016). The encoder is a gated
/// recurrent unit (Cho et al. 2014) or causal convolutions of width 3 with dilations 1, 2, 4, … and residual
/// connections (Bai et al. 2018).
/// </summary>
internal sealed class ResponseNet : Module
{
    private const int Taps = 3;

    private readonly ResponseShape _shape;
    private readonly torch.Generator _dice;
    private readonly double _dropout;

    /// <param name="shape">The sizes.</param>
    /// <param name="dice">All randomness.</param>
    /// <param name="dropout">The share of hidden units dropped in training.</param>
    public ResponseNet(ResponseShape shape, torch.Generator dice, double dropout)
        : base("response")
    {
        (_shape, _dice, _dropout) = (shape, dice, dropout);
        var width = shape.UserWidth + shape.CouponWidth + shape.PairWidth;
        Wide = Linear(width, ResponseShape.Heads);
        using var quiet = no_grad();
        Wide.weight!.zero_();
        Wide.bias!.zero_();
        if (shape.FirstWidth > 0)
        {
            First = Drawn(shape.HiddenWidth + width, shape.FirstWidth, 3);
            Second = Drawn(shape.FirstWidth, shape.SecondWidth, 6);
            Heads = Drawn(shape.SecondWidth, ResponseShape.Heads, 0.3);
        }

        if (shape.Encoder == ResponseEncoder.Gru)
        {
            Gru = GRU(shape.EventWidth, shape.HiddenWidth, batchFirst: true);
            foreach (var parameter in Gru.parameters())
            {
                var bound = 1 / Math.Sqrt(shape.HiddenWidth);
                parameter.uniform_(-bound, bound, dice);
            }
        }
        else if (shape.Encoder == ResponseEncoder.Convolution)
        {
            Input = Drawn(shape.EventWidth, shape.HiddenWidth, 3);
            Convolutions = [.. Enumerable.Range(0, shape.Layers).Select(layer => Convolution(shape.HiddenWidth, 1L << layer))];
        }

        foreach (var (name, part) in ((string, Module?)[])
            [("wide", Wide), ("first", First), ("second", Second), ("heads", Heads), ("gru", Gru), ("input", Input)])
        {
            if (part is not null)
            {
                register_module(name, part);
            }
        }

        for (var layer = 0; layer < Convolutions.Length; layer++)
        {
            register_module($"conv{layer + 1}", Convolutions[layer]);
        }
    }

    public Linear Wide { get; }

    public Linear? First { get; }

    public Linear? Second { get; }

    public Linear? Heads { get; }

    public GRU? Gru { get; }

    public Linear? Input { get; }

    public Conv1d[] Convolutions { get; } = [];

    /// <summary>The weights, without biases, that are kept small: of the linear part, then of the layers.</summary>
    public (Tensor[] Wide, Tensor[] Deep) Decaying => (
        [Wide.weight!],
        [.. named_parameters().Where(p => p.parameter.dim() > 1 && !p.name.StartsWith("wide", StringComparison.Ordinal))
            .Select(p => (Tensor)p.parameter)]);

    /// <summary>The logits.</summary>
    /// <param name="batch">The contexts and their candidates.</param>
    /// <returns>Shape (candidates, heads).</returns>
    public Tensor Logits(ResponseBatch batch)
    {
        var logits = Wide.forward(batch.Features);
        if (First is null)
        {
            return logits;
        }

        var features = batch.Features;
        if (_shape.Encoder != ResponseEncoder.None)
        {
            features = cat([Dropped(Encode(batch.Events, batch.Last, batch.Any)).index_select(0, batch.ContextOf), features], 1);
        }

        var y1 = Dropped(First.forward(features).relu());
        var y2 = Dropped(Second!.forward(y1).relu());
        return Constant.Sum(logits, Heads!.forward(y2));
    }

    // Shapes: events (B, T, E), last (B), any (B), answer (B, H). The events stand at the left, so that the state after
    // the last is at its place whatever comes behind.
    private Tensor Encode(Tensor events, Tensor last, Tensor any)
    {
        var states = Gru is not null ? Gru.forward(events, zeros(1, events.shape[0], _shape.HiddenWidth)).Item1 : Convolve(events);
        var place = last.reshape(-1, 1, 1).expand(-1, 1, _shape.HiddenWidth);
        return states.gather(1, place).squeeze(1) * any.unsqueeze(1);
    }

    private Tensor Convolve(Tensor events)
    {
        var h = Input!.forward(events).transpose(1, 2);
        for (var layer = 0; layer < Convolutions.Length; layer++)
        {
            var padding = zeros(h.shape[0], h.shape[1], (Taps - 1) * (1L << layer));
            h = Constant.Sum(h, Convolutions[layer].forward(cat([padding, h], 2)).relu());
        }

        return h.transpose(1, 2);
    }

    private Tensor Dropped(Tensor h) => _dropout == 0 || !training
        ? h
        : h * rand(h.shape, generator: _dice).ge(Constant.Of(_dropout)).to(ScalarType.Float32) / Constant.Of(1 - _dropout);

    // Uniform in ±√(gain / inputs) (He et al. 2015), from our own dice: the library's global ones are everybody's.
    private Linear Drawn(int inputs, int outputs, double gain)
    {
        var layer = Linear(inputs, outputs);
        var bound = Math.Sqrt(gain / inputs);
        layer.weight!.uniform_(-bound, bound, _dice);
        layer.bias!.zero_();
        return layer;
    }

    private Conv1d Convolution(int width, long dilation)
    {
        var layer = Conv1d(width, width, Taps, dilation: dilation);
        var bound = Math.Sqrt(3.0 / (width * Taps));
        layer.weight!.uniform_(-bound, bound, _dice);
        layer.bias!.zero_();
        return layer;
    }
}
