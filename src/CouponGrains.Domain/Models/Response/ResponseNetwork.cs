using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace CouponGrains.Domain.Models.Response;

/// <summary>The response model computed in plain C#, the same function as the one that was trained. Immutable; it keeps
/// nothing of a call, and allocates nothing.</summary>
/// <remarks>
/// <para><c>y1 = relu(W_h h + W_p p + W_c c + W_x z + b1)</c>, <c>y2 = relu(W2 y1 + b2)</c>, <c>logits = W3 y2 + S_p p
/// + S_c c + S_x z + b3</c> (the linear part beside the deep one is that of Cheng et al. 2016) and <c>σ(scale · logit +
/// shift)</c> (Platt 1999). All that is linear in p, in c and in z is computed apart, as a part of
/// <see cref="PartWidth"/> numbers: the first layer's and, behind them, the heads'. So a request computes the user's
/// part once, an index the coupons' parts once, and a candidate costs its own part and two small products.</para>
/// <para>No input makes it answer what is not a number: such an input counts as 0, and one beyond
/// ±<see cref="ResponseWeights.Largest"/> as that bound; with weights of the same bound, no sum leaves the range of its
/// type.</para>
/// </remarks>
public sealed class ResponseNetwork
{
    private const int RowsAtOnce = 32;

    private readonly PackedLayer _user;
    private readonly PackedLayer _coupon;
    private readonly PackedLayer _pair;
    private readonly PackedLayer _second;
    private readonly PackedLayer _heads;
    private readonly float[] _calibration;
    private readonly EventEncoder? _encoder;
    private readonly int _first;

    /// <summary>The network of these weights.</summary>
    public ResponseNetwork(ResponseWeights weights)
    {
        Shape = weights.Shape;
        _first = PackedLayer.Padded(Shape.FirstWidth);
        PartWidth = _first + PackedLayer.Padded(ResponseShape.Heads);
        _user = new PackedLayer(PartWidth, Shape.HiddenWidth + Shape.UserWidth)
            .Put(weights[ResponseLayout.FirstHistoryWeight], Shape.HiddenWidth)
            .Put(weights[ResponseLayout.FirstUserWeight], Shape.UserWidth, atInput: Shape.HiddenWidth)
            .Put(weights[ResponseLayout.HeadsUserWeight], Shape.UserWidth, _first, Shape.HiddenWidth)
            .PutBias(weights[ResponseLayout.FirstBias])
            .PutBias(weights[ResponseLayout.HeadsBias], _first);
        _coupon = new PackedLayer(PartWidth, Shape.CouponWidth)
            .Put(weights[ResponseLayout.FirstCouponWeight], Shape.CouponWidth)
            .Put(weights[ResponseLayout.HeadsCouponWeight], Shape.CouponWidth, _first);
        _pair = new PackedLayer(PartWidth, Shape.PairWidth)
            .Put(weights[ResponseLayout.FirstPairWeight], Shape.PairWidth)
            .Put(weights[ResponseLayout.HeadsPairWeight], Shape.PairWidth, _first);
        _second = new PackedLayer(Shape.SecondWidth, Shape.FirstWidth)
            .Put(weights[ResponseLayout.SecondWeight], Shape.FirstWidth)
            .PutBias(weights[ResponseLayout.SecondBias]);
        _heads = new PackedLayer(ResponseShape.Heads, Shape.SecondWidth)
            .Put(weights[ResponseLayout.HeadsWeight], Shape.SecondWidth);
        _calibration = weights[ResponseLayout.Calibration];
        _encoder = EventEncoder.Of(weights);
    }

    /// <summary>The sizes.</summary>
    public ResponseShape Shape { get; }

    /// <summary>How many numbers a part has.</summary>
    public int PartWidth { get; }

    /// <summary>The state before the first event.</summary>
    public EncoderState Begin() => new(Shape.HiddenWidth, _encoder?.MemoryLength ?? 0);

    /// <summary>One step of the encoder. Throws without one.</summary>
    /// <param name="state">The state, which moves on.</param>
    /// <param name="x">The event, shape (E).</param>
    public void Step(EncoderState state, ReadOnlySpan<float> x)
    {
        var encoder = _encoder ?? throw new InvalidOperationException("The model has no encoder.");
        var rented = ArrayPool<float>.Shared.Rent(Shape.EventWidth);
        var clean = rented.AsSpan(0, Shape.EventWidth);
        Clean(x, clean);
        encoder.Step(clean, state.Events, state.Memory, state.Values);
        state.Events++;
        ArrayPool<float>.Shared.Return(rented);
    }

    /// <summary><c>W_h h + W_p p + b1</c> and <c>S_p p + b3</c>.</summary>
    /// <param name="h">What the encoder made of the user's events, shape (H); empty counts as zeros.</param>
    /// <param name="p">The user's features, shape (user).</param>
    /// <param name="part">The part, shape (<see cref="PartWidth"/>).</param>
    public void UserPart(ReadOnlySpan<float> h, ReadOnlySpan<float> p, Span<float> part)
    {
        var rented = ArrayPool<float>.Shared.Rent(_user.Inputs);
        var inputs = rented.AsSpan(0, _user.Inputs);
        inputs[..Shape.HiddenWidth].Clear();
        h.CopyTo(inputs);
        Clean(p, inputs[Shape.HiddenWidth..]);
        _user.Apply(inputs, part);
        ArrayPool<float>.Shared.Return(rented);
    }

    /// <summary><c>W_c c</c> and <c>S_c c</c>.</summary>
    /// <param name="c">The coupon's features, shape (coupon).</param>
    /// <param name="part">The part, shape (<see cref="PartWidth"/>).</param>
    public void CouponPart(ReadOnlySpan<float> c, Span<float> part)
    {
        var rented = ArrayPool<float>.Shared.Rent(Shape.CouponWidth);
        var clean = rented.AsSpan(0, Shape.CouponWidth);
        Clean(c, clean);
        _coupon.Apply(clean, part);
        ArrayPool<float>.Shared.Return(rented);
    }

    /// <summary>The scores of some coupons for one user.</summary>
    /// <param name="user">The user's part.</param>
    /// <param name="coupons">The parts of all coupons, shape (coupons, <see cref="PartWidth"/>).</param>
    /// <param name="places">Which of them.</param>
    /// <param name="pairs">What they are for this user, row by row, shape (places, pair).</param>
    /// <param name="scores">The scores, shape (places).</param>
    public void Score(
        ReadOnlySpan<float> user, ReadOnlySpan<float> coupons, ReadOnlySpan<int> places, ReadOnlySpan<float> pairs,
        Span<ResponseScores> scores)
    {
        var length = RowsAtOnce * (PartWidth + Shape.PairWidth + _second.Width);
        var rented = ArrayPool<float>.Shared.Rent(length);
        for (var from = 0; from < places.Length; from += RowsAtOnce)
        {
            var rows = Math.Min(RowsAtOnce, places.Length - from);
            var sums = rented.AsSpan(0, rows * PartWidth);
            for (var row = 0; row < rows; row++)
            {
                var coupon = coupons.Slice(places[from + row] * PartWidth, PartWidth);
                TensorPrimitives.Add(user[..PartWidth], coupon, sums.Slice(row * PartWidth, PartWidth));
            }

            var clean = rented.AsSpan(RowsAtOnce * PartWidth, rows * Shape.PairWidth);
            Clean(pairs.Slice(from * Shape.PairWidth, clean.Length), clean);
            _pair.Add(clean, Shape.PairWidth, rows, sums, PartWidth, _first);
            Finish(sums, rented.AsSpan(RowsAtOnce * (PartWidth + Shape.PairWidth)), scores.Slice(from, rows));
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    /// <summary>The layers behind the first, for rows of whose sums the first layer's are rectified.</summary>
    private void Finish(Span<float> sums, Span<float> second, Span<ResponseScores> scores)
    {
        if (_first > 0)
        {
            var ys = second[..(scores.Length * _second.Width)];
            _second.Begin(scores.Length, ys);
            _second.Add(sums, PartWidth, scores.Length, ys, _second.Width, _second.Width);
            _heads.Add(ys, _second.Width, scores.Length, sums[_first..], PartWidth);
        }

        for (var row = 0; row < scores.Length; row++)
        {
            var logits = sums.Slice((row * PartWidth) + _first, ResponseShape.Heads);
            scores[row] = new(
                (logits[0] * _calibration[0]) + _calibration[1], (logits[1] * _calibration[2]) + _calibration[3],
                (logits[2] * _calibration[4]) + _calibration[5], (logits[3] * _calibration[6]) + _calibration[7]);
        }

        var probabilities = MemoryMarshal.Cast<ResponseScores, float>(scores);
        TensorPrimitives.Sigmoid(probabilities, probabilities);
    }

    /// <summary>Copies; what is not a number becomes 0, and what is too large the bound.</summary>
    private static void Clean(ReadOnlySpan<float> from, Span<float> to)
    {
        if (from.Length != to.Length)
        {
            throw new ArgumentException(
                $"There should be {to.Length} features, but there are {from.Length}.", nameof(from));
        }

        TensorPrimitives.Clamp(from, -ResponseWeights.Largest, ResponseWeights.Largest, to);
        for (var i = 0; i < to.Length; i++)
        {
            to[i] = float.IsNaN(to[i]) ? 0 : to[i];
        }
    }
}
