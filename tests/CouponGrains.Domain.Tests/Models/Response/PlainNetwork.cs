using CouponGrains.Domain.Models.Response;

namespace CouponGrains.Domain.Tests.Models.Response;

/// <summary>The response model as its formulas are written, one number at a time and in double.</summary>
internal sealed class PlainNetwork(ResponseWeights weights)
{
    private readonly ResponseShape _shape = weights.Shape;

    /// <summary>h after all events.</summary>
    internal double[] Encode(IReadOnlyList<float[]> events) => _shape.Encoder switch
    {
        ResponseEncoder.Gru => events.Aggregate(new double[_shape.HiddenWidth], GruStep),
        ResponseEncoder.Convolution when events.Count > 0 => Convolve(events)[^1],
        _ => new double[_shape.HiddenWidth],
    };

    /// <summary>The four probabilities.</summary>
    internal double[] Score(double[] history, float[] user, float[] coupon, float[] pair)
    {
        var (p, c, z) = (Doubles(user), Doubles(coupon), Doubles(pair));
        var first = Relu(Sum(
            Times(ResponseLayout.FirstHistoryWeight, history, _shape.FirstWidth),
            Times(ResponseLayout.FirstUserWeight, p, _shape.FirstWidth),
            Times(ResponseLayout.FirstCouponWeight, c, _shape.FirstWidth),
            Times(ResponseLayout.FirstPairWeight, z, _shape.FirstWidth),
            Doubles(weights[ResponseLayout.FirstBias])));
        var second = Relu(Sum(
            Times(ResponseLayout.SecondWeight, first, _shape.SecondWidth),
            Doubles(weights[ResponseLayout.SecondBias])));
        var logits = Sum(
            Times(ResponseLayout.HeadsWeight, second, ResponseShape.Heads),
            Times(ResponseLayout.HeadsUserWeight, p, ResponseShape.Heads),
            Times(ResponseLayout.HeadsCouponWeight, c, ResponseShape.Heads),
            Times(ResponseLayout.HeadsPairWeight, z, ResponseShape.Heads),
            Doubles(weights[ResponseLayout.HeadsBias]));
        var calibration = weights[ResponseLayout.Calibration];
        return
        [
            .. logits.Select((logit, head) => Sigmoid((logit * calibration[2 * head]) + calibration[(2 * head) + 1])),
        ];
    }

    private double[] GruStep(double[] h, float[] x)
    {
        var hidden = _shape.HiddenWidth;
        var ofInput = Sum(
            Times(ResponseLayout.GruInputWeight, Doubles(x), 3 * hidden),
            Doubles(weights[ResponseLayout.GruInputBias]));
        var ofState = Sum(
            Times(ResponseLayout.GruStateWeight, h, 3 * hidden), Doubles(weights[ResponseLayout.GruStateBias]));
        var next = new double[hidden];
        for (var i = 0; i < hidden; i++)
        {
            var reset = Sigmoid(ofInput[i] + ofState[i]);
            var update = Sigmoid(ofInput[hidden + i] + ofState[hidden + i]);
            var fresh = Math.Tanh(ofInput[(2 * hidden) + i] + (reset * ofState[(2 * hidden) + i]));
            next[i] = ((1 - update) * fresh) + (update * h[i]);
        }

        return next;
    }

    private double[][] Convolve(IReadOnlyList<float[]> events)
    {
        var hidden = _shape.HiddenWidth;
        var layer = events.Select(x => Sum(
            Times(ResponseLayout.ConvolutionInputWeight, Doubles(x), hidden),
            Doubles(weights[ResponseLayout.ConvolutionInputBias]))).ToArray();
        for (var l = 1; l <= _shape.Layers; l++)
        {
            var (before, kernel) = (layer, weights[ResponseLayout.ConvolutionWeight(l)]);
            layer = [.. before.Select((at, t) => Sum(at, Relu([.. Enumerable.Range(0, hidden).Select(output =>
            {
                var sum = (double)weights[ResponseLayout.ConvolutionBias(l)][output];
                for (var tap = 0; tap < 3; tap++)
                {
                    var place = t - ((2 - tap) << (l - 1));
                    for (var input = 0; place >= 0 && input < hidden; input++)
                    {
                        sum += kernel[(((output * hidden) + input) * 3) + tap] * before[place][input];
                    }
                }

                return sum;
            })])))];
        }

        return layer;
    }

    private double[] Times(string name, double[] x, int outputs)
    {
        var w = weights[name];
        var y = new double[outputs];
        for (var place = 0; place < w.Length; place++)
        {
            y[place / x.Length] += w[place] * x[place % x.Length];
        }

        return y;
    }

    private static double[] Sum(params double[][] terms) =>
        [.. Enumerable.Range(0, terms[0].Length).Select(i => terms.Sum(term => term[i]))];

    private static double[] Relu(double[] values) => Array.ConvertAll(values, value => Math.Max(0, value));

    private static double[] Doubles(float[] values) => Array.ConvertAll(values, value => (double)value);

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
