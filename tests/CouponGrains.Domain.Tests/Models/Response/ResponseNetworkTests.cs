using CouponGrains.Domain.Models.Response;
using CsCheck;

namespace CouponGrains.Domain.Tests.Models.Response;

public sealed class ResponseNetworkTests
{
    private const double Tolerance = 1e-5;

    public static readonly TheoryData<int> Places = [.. Enumerable.Range(0, ResponseSamples.Shapes.Length)];

    [Theory]
    [MemberData(nameof(Places))]
    public void The_fast_form_answers_what_the_formulas_say(int place)
    {
        var weights = ResponseSamples.Weights(ResponseSamples.Shapes[place], seed: place);
        var (network, plain, shape) = (new ResponseNetwork(weights), new PlainNetwork(weights), weights.Shape);
        var random = new Random(place);
        foreach (var events in (int[])[0, 1, 2, 64, 150])
        {
            foreach (var coupons in (int[])[1, 7, 8, 41])
            {
                var history = ResponseSamples.Rows(random, events, shape.EventWidth);
                var user = Samples.Normal(random, shape.UserWidth);
                var coupon = ResponseSamples.Rows(random, coupons, shape.CouponWidth);
                var pairs = ResponseSamples.Rows(random, coupons, shape.PairWidth);
                var state = Encode(network, history);

                var scores = Score(network, state, user, coupon, [.. Enumerable.Range(0, coupons).Reverse()], pairs);

                var encoded = plain.Encode(history);
                AssertNear(encoded, [.. state.History]);
                for (var i = 0; i < coupons; i++)
                {
                    var s = scores[i];
                    AssertNear(plain.Score(encoded, user, coupon[coupons - 1 - i], pairs[i]),
                        [s.View, s.Claim, s.Redeem, s.Satisfaction]);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void A_score_does_not_depend_on_the_coupons_beside_it(int place)
    {
        var weights = ResponseSamples.Weights(ResponseSamples.Shapes[place], seed: 1);
        var (network, shape, random) = (new ResponseNetwork(weights), weights.Shape, new Random(2));
        var user = Samples.Normal(random, shape.UserWidth);
        var coupons = ResponseSamples.Rows(random, 50, shape.CouponWidth);
        var pairs = ResponseSamples.Rows(random, 50, shape.PairWidth);
        var all = Score(network, network.Begin(), user, coupons, [.. Enumerable.Range(0, 50)], pairs);
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(all[i].Redeem, Score(network, network.Begin(), user, coupons, [i], [pairs[i]])[0].Redeem, 6);
        }
    }

    [Fact]
    public void No_input_makes_an_answer_that_is_no_probability() => Gen.Select(
            Gen.Int[0, ResponseSamples.Shapes.Length - 1], Gen.Int[0, 1_000],
            Gen.OneOf(Gen.Const(0f), Gen.Const(1f), Gen.Const(1e3f), Gen.Const(ResponseWeights.Largest)),
            Gen.Float.Array[400])
        .Sample((place, seed, scale, numbers) =>
        {
            var shape = ResponseSamples.Shapes[place];
            var random = new Random(seed);
            var weights = new ResponseWeights(shape, ResponseLayout.Of(shape).ToDictionary(
                t => t.Name, t => Wild([scale, -scale, 0], random, (int)t.Length)));
            var network = new ResponseNetwork(weights);
            var events = Enumerable.Range(0, 20).Select(_ => Wild(numbers, random, shape.EventWidth)).ToArray();
            var state = Encode(network, events);
            var coupons = Enumerable.Range(0, 9).Select(_ => Wild(numbers, random, shape.CouponWidth)).ToArray();
            var pairs = Enumerable.Range(0, 9).Select(_ => Wild(numbers, random, shape.PairWidth)).ToArray();

            var user = Wild(numbers, random, shape.UserWidth);
            var scores = Score(network, state, user, coupons, [.. Enumerable.Range(0, 9)], pairs);

            Assert.All(state.History.ToArray(), h => Assert.True(float.IsFinite(h)));
            Assert.All(scores, s => Assert.All((float[])[s.View, s.Claim, s.Redeem, s.Satisfaction],
                p => Assert.InRange(p, 0f, 1f)));
        }, iter: 300);

    [Fact]
    public void What_is_not_a_number_counts_as_0()
    {
        var weights = ResponseSamples.Weights(ResponseSamples.Shapes[4], seed: 3);
        var (network, shape) = (new ResponseNetwork(weights), weights.Shape);
        var (clean, dirty) = (new float[shape.EventWidth], new float[shape.EventWidth]);
        (clean[1], dirty[1], dirty[2]) = (2, 2, float.NaN);
        Assert.Equal(Encode(network, [clean]).History.ToArray(), Encode(network, [dirty]).History.ToArray());
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void Neither_a_step_nor_a_score_allocates(int place)
    {
        var weights = ResponseSamples.Weights(ResponseSamples.Shapes[place], seed: 4);
        var (network, shape) = (new ResponseNetwork(weights), weights.Shape);
        var (state, x, p) = (network.Begin(), new float[shape.EventWidth], new float[shape.UserWidth]);
        var (user, coupons) = (new float[network.PartWidth], new float[200 * network.PartWidth]);
        var (places, pairs) = (Enumerable.Range(0, 200).ToArray(), new float[200 * shape.PairWidth]);
        var scores = new ResponseScores[200];
        var least = long.MaxValue;
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            if (shape.Encoder != ResponseEncoder.None)
            {
                network.Step(state, x);
            }

            network.UserPart(state.History, p, user);
            network.Score(user, coupons, places, pairs, scores);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    private static EncoderState Encode(ResponseNetwork network, IReadOnlyList<float[]> events)
    {
        var state = network.Begin();
        foreach (var x in events.Where(_ => network.Shape.Encoder != ResponseEncoder.None))
        {
            network.Step(state, x);
        }

        return state;
    }

    private static ResponseScores[] Score(
        ResponseNetwork network, EncoderState state, float[] user, float[][] coupons, int[] places, float[][] pairs)
    {
        var (part, parts) = (new float[network.PartWidth], new float[coupons.Length * network.PartWidth]);
        network.UserPart(state.History, user, part);
        for (var i = 0; i < coupons.Length; i++)
        {
            network.CouponPart(coupons[i], parts.AsSpan(i * network.PartWidth, network.PartWidth));
        }

        var scores = new ResponseScores[places.Length];
        network.Score(part, parts, places, [.. pairs.SelectMany(p => p)], scores);
        return scores;
    }

    private static float[] Wild(float[] from, Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => from.Length == 0 ? 0 : from[random.Next(from.Length)])];

    private static void AssertNear(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.InRange(actual[i], expected[i] - Tolerance, expected[i] + Tolerance);
        }
    }
}
