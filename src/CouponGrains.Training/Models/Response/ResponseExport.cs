using CouponGrains.Domain.Models.Response;
using static TorchSharp.torch;

namespace CouponGrains.Training.Models.Response;

/// <summary>The weights of a trained network as they are served: with the standardisation of the features folded
/// in.</summary>
internal static class ResponseExport
{
    /// <summary>Scale 1 and shift 0 for each head.</summary>
    private static float[] Plain => [.. Enumerable.Repeat((float[])[1, 0], ResponseShape.Heads).SelectMany(x => x)];

    /// <summary>The weights of a network as it is now, uncalibrated.</summary>
    public static ResponseWeights Take(ResponseNet net, ResponseShape shape, FeatureScale scale)
    {
        var values = new Dictionary<string, float[]>();
        Fold(values, net.Wide.weight!, net.Wide.bias!, ResponseShape.Heads, shape, scale, history: 0,
            [
                "", ResponseLayout.HeadsUserWeight, ResponseLayout.HeadsCouponWeight, ResponseLayout.HeadsPairWeight,
                ResponseLayout.HeadsBias,
            ]);
        if (net.First is not null)
        {
            Fold(values, net.First.weight!, net.First.bias!, shape.FirstWidth, shape, scale, shape.HiddenWidth,
                [
                    ResponseLayout.FirstHistoryWeight, ResponseLayout.FirstUserWeight, ResponseLayout.FirstCouponWeight,
                    ResponseLayout.FirstPairWeight, ResponseLayout.FirstBias,
                ]);
            values[ResponseLayout.SecondWeight] = Data(net.Second!.weight!);
            values[ResponseLayout.SecondBias] = Data(net.Second!.bias!);
            values[ResponseLayout.HeadsWeight] = Data(net.Heads!.weight!);
            var bias = Data(net.Heads!.bias!);
            values[ResponseLayout.HeadsBias] = [.. values[ResponseLayout.HeadsBias].Select((b, i) => b + bias[i])];
        }

        TakeEncoder(values, net);
        values[ResponseLayout.Calibration] = Plain;
        return Of(shape, values);
    }

    /// <summary>The same weights with this calibration, shape (heads, 2).</summary>
    public static ResponseWeights Calibrated(ResponseWeights weights, float[] calibration)
    {
        var values = ResponseLayout.Of(weights.Shape).ToDictionary(t => t.Name, t => weights[t.Name]);
        values[ResponseLayout.Calibration] = calibration;
        return new(weights.Shape, values);
    }

    /// <summary>One network whose logits are the mean of those of several without an encoder, each as its own
    /// calibration leaves them.</summary>
    public static ResponseWeights Mean(IReadOnlyList<ResponseWeights> members)
    {
        var (one, n) = (members[0].Shape, members.Count);
        var shape = one with { FirstWidth = one.FirstWidth * n, SecondWidth = one.SecondWidth * n };
        var values = new Dictionary<string, float[]> { [ResponseLayout.Calibration] = Plain };
        foreach (var name in (string[])[ResponseLayout.FirstUserWeight, ResponseLayout.FirstCouponWeight, ResponseLayout.FirstPairWeight,
            ResponseLayout.FirstBias, ResponseLayout.SecondBias])
        {
            values[name] = [.. members.SelectMany(m => m[name])];
        }

        float Scale(int m, int head) => members[m][ResponseLayout.Calibration][2 * head] / n;
        foreach (var name in (string[])[ResponseLayout.HeadsUserWeight, ResponseLayout.HeadsCouponWeight, ResponseLayout.HeadsPairWeight,
            ResponseLayout.HeadsBias])
        {
            var sum = new float[members[0][name].Length];
            for (var m = 0; m < n; m++)
            {
                for (var i = 0; i < sum.Length; i++)
                {
                    sum[i] += members[m][name][i] * Scale(m, i / (sum.Length / ResponseShape.Heads));
                }
            }

            values[name] = sum;
        }

        var (second, heads) = (new float[shape.SecondWidth * shape.FirstWidth], new float[ResponseShape.Heads * shape.SecondWidth]);
        for (var m = 0; m < n; m++)
        {
            for (var i = 0; i < one.SecondWidth; i++)
            {
                members[m][ResponseLayout.SecondWeight].AsSpan(i * one.FirstWidth, one.FirstWidth)
                    .CopyTo(second.AsSpan((((m * one.SecondWidth) + i) * shape.FirstWidth) + (m * one.FirstWidth)));
            }

            for (var head = 0; head < ResponseShape.Heads; head++)
            {
                for (var i = 0; i < one.SecondWidth; i++)
                {
                    heads[(head * shape.SecondWidth) + (m * one.SecondWidth) + i] =
                        members[m][ResponseLayout.HeadsWeight][(head * one.SecondWidth) + i] * Scale(m, head);
                }

                values[ResponseLayout.HeadsBias][head] += members[m][ResponseLayout.Calibration][(2 * head) + 1] / n;
            }
        }

        (values[ResponseLayout.SecondWeight], values[ResponseLayout.HeadsWeight]) = (second, heads);
        return Of(shape, values);
    }

    private static ResponseWeights Of(ResponseShape shape, Dictionary<string, float[]> values)
    {
        var names = ResponseLayout.Of(shape).Select(t => t.Name).ToHashSet();
        return new(shape, values.Where(v => names.Contains(v.Key)).ToDictionary());
    }

    // W (x − m) / d + b = (W / d) x + (b − W m / d); names are those of history, user, coupon, pair and bias.
    private static void Fold(
        Dictionary<string, float[]> values, Tensor weight, Tensor bias, int outputs, ResponseShape shape, FeatureScale scale,
        int history, string[] names)
    {
        var (w, b) = (Data(weight), Data(bias));
        int[] widths = [history, shape.UserWidth, shape.CouponWidth, shape.PairWidth];
        var inputs = widths.Sum();
        var parts = Array.ConvertAll(widths, width => new float[outputs * width]);
        for (var o = 0; o < outputs; o++)
        {
            var (from, shift) = (0, 0.0);
            for (var part = 0; part < widths.Length; part++)
            {
                for (var i = 0; i < widths[part]; i++, from++)
                {
                    var feature = from - history;
                    var value = w[(o * inputs) + from] / (feature < 0 ? 1 : scale.Deviations[feature]);
                    shift += feature < 0 ? 0 : (double)value * scale.Means[feature];
                    parts[part][(o * widths[part]) + i] = value;
                }
            }

            b[o] -= (float)shift;
        }

        for (var part = 0; part < widths.Length; part++)
        {
            values[names[part]] = parts[part];
        }

        values[names[^1]] = b;
    }

    private static void TakeEncoder(Dictionary<string, float[]> values, ResponseNet net)
    {
        if (net.Gru is not null)
        {
            var parameters = net.Gru.named_parameters().ToDictionary(p => p.name, p => Data(p.parameter));
            values[ResponseLayout.GruInputWeight] = parameters["weight_ih_l0"];
            values[ResponseLayout.GruStateWeight] = parameters["weight_hh_l0"];
            values[ResponseLayout.GruInputBias] = parameters["bias_ih_l0"];
            values[ResponseLayout.GruStateBias] = parameters["bias_hh_l0"];
        }

        if (net.Input is not null)
        {
            values[ResponseLayout.ConvolutionInputWeight] = Data(net.Input.weight!);
            values[ResponseLayout.ConvolutionInputBias] = Data(net.Input.bias!);
        }

        for (var layer = 0; layer < net.Convolutions.Length; layer++)
        {
            values[ResponseLayout.ConvolutionWeight(layer + 1)] = Data(net.Convolutions[layer].weight!);
            values[ResponseLayout.ConvolutionBias(layer + 1)] = Data(net.Convolutions[layer].bias!);
        }
    }

    private static float[] Data(Tensor tensor) => tensor.detach().contiguous().data<float>().ToArray();
}
