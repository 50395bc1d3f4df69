using System.Buffers;
using System.Numerics.Tensors;

namespace CouponGrains.Domain.Models.Response;

/// <summary>Reads a user's events one by one.</summary>
internal abstract class EventEncoder
{
    /// <summary>How many numbers it keeps beside h.</summary>
    internal abstract int MemoryLength { get; }

    /// <summary>The encoder of a shape, or null if it has none.</summary>
    internal static EventEncoder? Of(ResponseWeights weights) => weights.Shape.Encoder switch
    {
        ResponseEncoder.Gru => new GruEncoder(weights),
        ResponseEncoder.Convolution => new ConvolutionEncoder(weights),
        _ => null,
    };

    /// <summary>One step. Nothing is allocated.</summary>
    /// <param name="x">The event, shape (E), all finite.</param>
    /// <param name="step">How many events came before.</param>
    /// <param name="memory">What is kept beside h.</param>
    /// <param name="h">h, shape (H), before and after.</param>
    internal abstract void Step(ReadOnlySpan<float> x, long step, Span<float> memory, Span<float> h);
}

/// <summary>A gated recurrent unit (Cho et al. 2014) in the form of torch, with two biases:
/// <c>r = σ(W_ir x + b_ir + W_hr h + b_hr)</c>, z likewise, <c>n = tanh(W_in x + b_in + r ⊙ (W_hn h + b_hn))</c>,
/// <c>h′ = (1 − z) ⊙ n + z ⊙ h</c>.</summary>
internal sealed class GruEncoder(ResponseWeights weights) : EventEncoder
{
    private readonly int _hidden = weights.Shape.HiddenWidth;

    private readonly PackedLayer _input = new PackedLayer(3 * weights.Shape.HiddenWidth, weights.Shape.EventWidth)
        .Put(weights[ResponseLayout.GruInputWeight], weights.Shape.EventWidth)
        .PutBias(weights[ResponseLayout.GruInputBias]);

    private readonly PackedLayer _state = new PackedLayer(3 * weights.Shape.HiddenWidth, weights.Shape.HiddenWidth)
        .Put(weights[ResponseLayout.GruStateWeight], weights.Shape.HiddenWidth)
        .PutBias(weights[ResponseLayout.GruStateBias]);

    internal override int MemoryLength => 0;

    internal override void Step(ReadOnlySpan<float> x, long step, Span<float> memory, Span<float> h)
    {
        var rented = ArrayPool<float>.Shared.Rent(2 * _input.Width);
        var ofInput = rented.AsSpan(0, _input.Width);
        var ofState = rented.AsSpan(_input.Width, _state.Width);
        _input.Apply(x, ofInput);
        _state.Apply(h, ofState);
        var gates = ofInput[..(2 * _hidden)];
        TensorPrimitives.Add(gates, ofState[..(2 * _hidden)], gates);
        TensorPrimitives.Sigmoid(gates, gates);
        var reset = gates[.._hidden];
        var update = gates[_hidden..];
        var fresh = ofInput.Slice(2 * _hidden, _hidden);
        TensorPrimitives.MultiplyAdd(reset, ofState.Slice(2 * _hidden, _hidden), fresh, fresh);
        TensorPrimitives.Tanh(fresh, fresh);
        TensorPrimitives.Subtract(h, fresh, h);
        TensorPrimitives.MultiplyAdd(update, h, fresh, h); // n + z ⊙ (h − n)
        ArrayPool<float>.Shared.Return(rented);
    }
}

/// <summary>Causal convolutions of width 3 with residual connections (Bai et al. 2018): <c>h₀ = P x + b</c> and for
/// each layer l with the dilation <c>d = 2^(l−1)</c> <c>h_l(t) = h_(l−1)(t) + relu(Σ_τ W_τ h_(l−1)(t − (2 − τ) d) +
/// b_l)</c>; what lies before the first event is 0. Kept are each layer's inputs of the last 2d events.</summary>
internal sealed class ConvolutionEncoder : EventEncoder
{
    private readonly int _hidden;
    private readonly PackedLayer _input;
    private readonly PackedLayer[] _layers;

    internal ConvolutionEncoder(ResponseWeights weights)
    {
        _hidden = weights.Shape.HiddenWidth;
        _input = new PackedLayer(_hidden, weights.Shape.EventWidth)
            .Put(weights[ResponseLayout.ConvolutionInputWeight], weights.Shape.EventWidth)
            .PutBias(weights[ResponseLayout.ConvolutionInputBias]);
        _layers = [.. Enumerable.Range(1, weights.Shape.Layers).Select(layer =>
            new PackedLayer(_hidden, ResponseLayout.Taps * _hidden)
                .Put(TapsFirst(weights[ResponseLayout.ConvolutionWeight(layer)]), ResponseLayout.Taps * _hidden)
                .PutBias(weights[ResponseLayout.ConvolutionBias(layer)]))];
    }

    internal override int MemoryLength => 2 * ((1 << _layers.Length) - 1) * _hidden;

    internal override void Step(ReadOnlySpan<float> x, long step, Span<float> memory, Span<float> h)
    {
        var rented = ArrayPool<float>.Shared.Rent((ResponseLayout.Taps * _hidden) + _input.Width);
        var taps = rented.AsSpan(0, ResponseLayout.Taps * _hidden);
        var sums = rented.AsSpan(ResponseLayout.Taps * _hidden, _input.Width);
        _input.Apply(x, sums);
        Bound(sums[.._hidden], h);
        for (var layer = 0; layer < _layers.Length; layer++)
        {
            var dilation = 1 << layer;
            var ring = memory[..(2 * dilation * _hidden)];
            memory = memory[ring.Length..];
            var oldest = ring.Slice((int)(step % (2 * dilation)) * _hidden, _hidden);
            oldest.CopyTo(taps);
            ring.Slice((int)((step + dilation) % (2 * dilation)) * _hidden, _hidden).CopyTo(taps[_hidden..]);
            h.CopyTo(taps[(2 * _hidden)..]);
            h.CopyTo(oldest);
            _layers[layer].Apply(taps, sums);
            var rising = sums[.._hidden];
            TensorPrimitives.Max(rising, 0, rising);
            TensorPrimitives.Add(rising, h, rising);
            Bound(rising, h);
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    private static void Bound(ReadOnlySpan<float> values, Span<float> bounded) =>
        TensorPrimitives.Clamp(values, -ResponseWeights.Largest, ResponseWeights.Largest, bounded);

    /// <summary>[H, H, 3] as [H, 3, H].</summary>
    private float[] TapsFirst(float[] weights)
    {
        var ordered = new float[weights.Length];
        for (var place = 0; place < weights.Length; place++)
        {
            var (tap, row) = (place % ResponseLayout.Taps, place / ResponseLayout.Taps);
            var (input, output) = (row % _hidden, row / _hidden);
            ordered[(((output * ResponseLayout.Taps) + tap) * _hidden) + input] = weights[place];
        }

        return ordered;
    }
}
