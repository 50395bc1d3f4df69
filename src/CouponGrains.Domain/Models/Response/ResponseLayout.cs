namespace CouponGrains.Domain.Models.Response;

/// <summary>A tensor of the response model.</summary>
/// <param name="Name">Its name; in the artifact <see cref="ResponseLayout.Prefix"/> stands before it.</param>
/// <param name="Shape">Its dimensions, outputs first.</param>
public sealed record ResponseTensor(string Name, IReadOnlyList<int> Shape)
{
    /// <summary>How many values it has.</summary>
    public long Length => Shape.Aggregate(1L, (product, size) => product * size);
}

/// <summary>Which tensors a response model of a shape has. The gates of the recurrent unit stand in the order r, z, n;
/// the last tap of a convolution is the current event; those without values are left out.</summary>
public static class ResponseLayout
{
    /// <summary>Stands before every name in the artifact.</summary>
    public const string Prefix = "response.";

    /// <summary>The largest width.</summary>
    public const int WidthMax = 4_096;

    /// <summary>The most layers of the convolution.</summary>
    public const int LayersMax = 8;

    /// <summary>The taps of a convolution.</summary>
    public const int Taps = 3;

    /// <summary>[3H, E].</summary>
    public const string GruInputWeight = "gru.input_weight";

    /// <summary>[3H, H].</summary>
    public const string GruStateWeight = "gru.state_weight";

    /// <summary>[3H].</summary>
    public const string GruInputBias = "gru.input_bias";

    /// <summary>[3H].</summary>
    public const string GruStateBias = "gru.state_bias";

    /// <summary>[H, E].</summary>
    public const string ConvolutionInputWeight = "conv.input_weight";

    /// <summary>[H].</summary>
    public const string ConvolutionInputBias = "conv.input_bias";

    /// <summary>W_h [F1, H].</summary>
    public const string FirstHistoryWeight = "first.history_weight";

    /// <summary>W_p [F1, user].</summary>
    public const string FirstUserWeight = "first.user_weight";

    /// <summary>W_c [F1, coupon].</summary>
    public const string FirstCouponWeight = "first.coupon_weight";

    /// <summary>W_x [F1, pair].</summary>
    public const string FirstPairWeight = "first.pair_weight";

    /// <summary>b1 [F1].</summary>
    public const string FirstBias = "first.bias";

    /// <summary>W2 [F2, F1].</summary>
    public const string SecondWeight = "second.weight";

    /// <summary>b2 [F2].</summary>
    public const string SecondBias = "second.bias";

    /// <summary>W3 [4, F2].</summary>
    public const string HeadsWeight = "heads.weight";

    /// <summary>S_p [4, user].</summary>
    public const string HeadsUserWeight = "heads.user_weight";

    /// <summary>S_c [4, coupon].</summary>
    public const string HeadsCouponWeight = "heads.coupon_weight";

    /// <summary>S_x [4, pair].</summary>
    public const string HeadsPairWeight = "heads.pair_weight";

    /// <summary>b3 [4].</summary>
    public const string HeadsBias = "heads.bias";

    /// <summary>Scale and shift of each head [4, 2].</summary>
    public const string Calibration = "calibration";

    /// <summary>[H, H, 3] of a layer, counted from 1.</summary>
    public static string ConvolutionWeight(int layer) => $"conv.{layer}.weight";

    /// <summary>[H] of a layer, counted from 1.</summary>
    public static string ConvolutionBias(int layer) => $"conv.{layer}.bias";

    /// <summary>The tensors of a shape. Throws if a size is out of range or the sizes contradict each other.</summary>
    public static IReadOnlyList<ResponseTensor> Of(ResponseShape shape)
    {
        Check(shape);
        var (hidden, first, second) = (shape.HiddenWidth, shape.FirstWidth, shape.SecondWidth);
        List<ResponseTensor> tensors =
        [
            .. Encoder(shape),
            new(FirstHistoryWeight, [first, hidden]), new(FirstUserWeight, [first, shape.UserWidth]),
            new(FirstCouponWeight, [first, shape.CouponWidth]), new(FirstPairWeight, [first, shape.PairWidth]),
            new(FirstBias, [first]), new(SecondWeight, [second, first]), new(SecondBias, [second]),
            new(HeadsWeight, [ResponseShape.Heads, second]),
            new(HeadsUserWeight, [ResponseShape.Heads, shape.UserWidth]),
            new(HeadsCouponWeight, [ResponseShape.Heads, shape.CouponWidth]),
            new(HeadsPairWeight, [ResponseShape.Heads, shape.PairWidth]), new(HeadsBias, [ResponseShape.Heads]),
            new(Calibration, [ResponseShape.Heads, 2]),
        ];
        return [.. tensors.Where(tensor => tensor.Length > 0)];
    }

    private static IEnumerable<ResponseTensor> Encoder(ResponseShape shape)
    {
        var (width, hidden) = (shape.EventWidth, shape.HiddenWidth);
        return shape.Encoder switch
        {
            ResponseEncoder.Gru =>
            [
                new(GruInputWeight, [3 * hidden, width]), new(GruStateWeight, [3 * hidden, hidden]),
                new(GruInputBias, [3 * hidden]), new(GruStateBias, [3 * hidden]),
            ],
            ResponseEncoder.Convolution =>
            [
                new(ConvolutionInputWeight, [hidden, width]), new(ConvolutionInputBias, [hidden]),
                .. Enumerable.Range(1, shape.Layers).SelectMany(layer => (ResponseTensor[])
                    [
                        new(ConvolutionWeight(layer), [hidden, hidden, Taps]), new(ConvolutionBias(layer), [hidden]),
                    ]),
            ],
            _ => [],
        };
    }

    private static void Check(ResponseShape shape)
    {
        int[] widths =
        [
            shape.EventWidth, shape.HiddenWidth, shape.UserWidth, shape.CouponWidth, shape.PairWidth, shape.FirstWidth,
            shape.SecondWidth,
        ];
        var layers = shape.Encoder switch
        {
            ResponseEncoder.None => shape.Layers == 0 && shape.HiddenWidth == 0,
            ResponseEncoder.Gru => shape.Layers == 1 && shape.HiddenWidth > 0 && shape.EventWidth > 0,
            ResponseEncoder.Convolution =>
                shape.Layers is >= 1 and <= LayersMax && shape.HiddenWidth > 0 && shape.EventWidth > 0,
            _ => false,
        };
        if (!layers || widths.Any(width => width is < 0 or > WidthMax)
            || shape.FirstWidth == 0 != (shape.SecondWidth == 0))
        {
            throw new ArgumentException($"There is no response model of the shape {shape}.", nameof(shape));
        }
    }
}
