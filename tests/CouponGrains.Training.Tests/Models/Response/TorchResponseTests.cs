using CouponGrains.Domain.Models.Response;
using CouponGrains.Training.Models;
using static TorchSharp.torch;

namespace CouponGrains.Training.Tests.Models.Response;

/// <summary>The network served in plain C#, held against the modules of torch with the same random weights.</summary>
public sealed class TorchResponseTests
{
    private const double Tolerance = 1e-4;

    public static readonly TheoryData<ResponseEncoder, int, int, int> Encoders = new()
    {
        { ResponseEncoder.Gru, 1, 1, 1 },
        { ResponseEncoder.Gru, 5, 3, 1 },
        { ResponseEncoder.Gru, 16, 16, 1 },
        { ResponseEncoder.Gru, 70, 32, 1 },
        { ResponseEncoder.Gru, 131, 65, 1 },
        { ResponseEncoder.Convolution, 1, 1, 1 },
        { ResponseEncoder.Convolution, 5, 3, 2 },
        { ResponseEncoder.Convolution, 16, 16, 4 },
        { ResponseEncoder.Convolution, 70, 32, 5 },
        { ResponseEncoder.Convolution, 131, 65, 6 },
    };

    public TorchResponseTests() => LibTorchLoader.Ensure();

    [Theory]
    [MemberData(nameof(Encoders))]
    public void An_encoder_makes_of_events_what_torch_makes_of_them(
        ResponseEncoder encoder, int events, int hidden, int layers)
    {
        var shape = new ResponseShape(encoder, events, hidden, layers, 2, 2, 2, 4, 4);
        for (var seed = 0; seed < 5; seed++)
        {
            var weights = RandomWeights.Of(shape, seed);
            var network = new ResponseNetwork(weights);
            var random = new Random(seed);
            foreach (var length in (int[])[1, 2, 3, 64, 500])
            {
                var sequence = RandomWeights.Normal(random, length * events);
                var state = network.Begin();
                for (var n = 0; n < length; n++)
                {
                    network.Step(state, sequence.AsSpan(n * events, events));
                }

                var expected = encoder == ResponseEncoder.Gru
                    ? Gru(weights, sequence, length)
                    : Convolution(weights, sequence, length);
                AssertNear(expected, [.. state.History]);
            }
        }
    }

    [Theory]
    [InlineData(0, 3, 2, 1, 0, 0)]
    [InlineData(1, 1, 1, 1, 1, 1)]
    [InlineData(32, 21, 71, 18, 64, 32)]
    [InlineData(17, 5, 33, 9, 33, 17)]
    [InlineData(64, 40, 64, 30, 128, 64)]
    public void Scores_are_what_torch_makes_of_the_same_features(
        int hidden, int user, int coupon, int pair, int first, int second)
    {
        var shape = hidden == 0
            ? new ResponseShape(ResponseEncoder.None, 0, 0, 0, user, coupon, pair, first, second)
            : new ResponseShape(ResponseEncoder.Gru, 3, hidden, 1, user, coupon, pair, first, second);
        const int Coupons = 203;
        for (var seed = 0; seed < 5; seed++)
        {
            var (weights, random) = (RandomWeights.Of(shape, seed), new Random(seed));
            var network = new ResponseNetwork(weights);
            var (h, p) = (RandomWeights.Normal(random, hidden), RandomWeights.Normal(random, user));
            var (c, z) = (RandomWeights.Normal(random, Coupons * coupon), RandomWeights.Normal(random, Coupons * pair));
            var (part, parts) = (new float[network.PartWidth], new float[Coupons * network.PartWidth]);
            network.UserPart(h, p, part);
            for (var i = 0; i < Coupons; i++)
            {
                var its = parts.AsSpan(i * network.PartWidth, network.PartWidth);
                network.CouponPart(c.AsSpan(i * coupon, coupon), its);
            }

            var scores = new ResponseScores[Coupons];
            network.Score(part, parts, [.. Enumerable.Range(0, Coupons)], z, scores);

            AssertNear(
                Scores(weights, h, p, c, z, Coupons),
                [.. scores.SelectMany(s => (float[])[s.View, s.Claim, s.Redeem, s.Satisfaction])]);
        }
    }

    private static float[] Gru(ResponseWeights weights, float[] sequence, int length)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var shape = weights.Shape;
        var gru = nn.GRU(shape.EventWidth, shape.HiddenWidth, batchFirst: true);
        foreach (var (name, parameter) in gru.named_parameters())
        {
            parameter.copy_(tensor(weights[name switch
            {
                "weight_ih_l0" => ResponseLayout.GruInputWeight,
                "weight_hh_l0" => ResponseLayout.GruStateWeight,
                "bias_ih_l0" => ResponseLayout.GruInputBias,
                _ => ResponseLayout.GruStateBias,
            }]).reshape(parameter.shape));
        }

        var (_, last) = gru.call(tensor(sequence).reshape(1, length, shape.EventWidth), null);
        return last.flatten().data<float>().ToArray();
    }

    private static float[] Convolution(ResponseWeights weights, float[] sequence, int length)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var shape = weights.Shape;
        var hidden = shape.HiddenWidth;
        var h = tensor(sequence).reshape(1, length, shape.EventWidth).transpose(1, 2);
        var project = nn.Conv1d(shape.EventWidth, hidden, 1);
        project.weight.copy_(tensor(weights[ResponseLayout.ConvolutionInputWeight]).reshape(project.weight.shape));
        project.bias!.copy_(tensor(weights[ResponseLayout.ConvolutionInputBias]));
        h = project.call(h);
        for (var layer = 1; layer <= shape.Layers; layer++)
        {
            var dilation = 1L << (layer - 1);
            var convolution = nn.Conv1d(hidden, hidden, 3, dilation: dilation);
            convolution.weight.copy_(
                tensor(weights[ResponseLayout.ConvolutionWeight(layer)]).reshape(convolution.weight.shape));
            convolution.bias!.copy_(tensor(weights[ResponseLayout.ConvolutionBias(layer)]));
            h += nn.functional.relu(convolution.call(nn.functional.pad(h, [2 * dilation, 0])));
        }

        return h[0, TensorIndex.Colon, -1].contiguous().data<float>().ToArray();
    }

    private static float[] Scores(ResponseWeights weights, float[] h, float[] p, float[] c, float[] z, int coupons)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var logits = Linear(p, 1, ResponseLayout.HeadsUserWeight) + Linear(c, coupons, ResponseLayout.HeadsCouponWeight)
            + Linear(z, coupons, ResponseLayout.HeadsPairWeight) + tensor(weights[ResponseLayout.HeadsBias]);
        if (weights.Shape.FirstWidth > 0)
        {
            var first = nn.functional.relu(
                Linear(h, 1, ResponseLayout.FirstHistoryWeight) + Linear(p, 1, ResponseLayout.FirstUserWeight)
                + Linear(c, coupons, ResponseLayout.FirstCouponWeight)
                + Linear(z, coupons, ResponseLayout.FirstPairWeight)
                + tensor(weights[ResponseLayout.FirstBias]));
            var second = nn.functional.relu(nn.functional.linear(
                first, Weight(ResponseLayout.SecondWeight, weights.Shape.FirstWidth),
                tensor(weights[ResponseLayout.SecondBias])));
            logits += nn.functional.linear(second, Weight(ResponseLayout.HeadsWeight, weights.Shape.SecondWidth));
        }

        var calibration = tensor(weights[ResponseLayout.Calibration]).reshape(ResponseShape.Heads, 2);
        var (scale, shift) = (calibration[TensorIndex.Colon, 0], calibration[TensorIndex.Colon, 1]);
        return sigmoid((logits * scale) + shift).contiguous().data<float>().ToArray();

        Tensor Linear(float[] x, int rows, string name) =>
            nn.functional.linear(tensor(x).reshape(rows, -1), Weight(name, x.Length / rows));

        Tensor Weight(string name, int inputs) => tensor(weights[name]).reshape(-1, inputs);
    }

    private static void AssertNear(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], Tolerance);
        }
    }
}
