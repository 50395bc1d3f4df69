using CouponGrains.Domain;
using CouponGrains.Domain.Models.Response;
using CouponGrains.Training.Models;
using CouponGrains.Training.Models.Response;
using TorchSharp;

namespace CouponGrains.Training.Tests.Models.Response;

public sealed class ResponseTrainingTests
{
    private const int EventWidth = 3;
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Each user is offered five coupons and redeems at most one: that with the largest first number of its
    /// pair, if his last event says so.</summary>
    private static List<ResponseContext> Contexts(int count, int seed)
    {
        var random = new Random(seed);
        float[] Numbers(int width) => [.. Enumerable.Range(0, width).Select(_ => (float)((4 * random.NextDouble()) - 2))];
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var events = Numbers(EventWidth * random.Next(1, 5));
            var pairs = Enumerable.Range(0, 5).Select(_ => Numbers(2)).ToList();
            var best = events[^1] > 0 ? pairs.MaxBy(p => p[0]) : null;
            return new ResponseContext(Start.AddHours(i), Numbers(2), events,
                [.. pairs.Select(p => new ResponseCandidate(Numbers(3), p, ResponseCandidate.Redemption(ReferenceEquals(p, best))))]);
        })];
    }

    private static ResponseOptions Options(ResponseEncoder encoder) => new()
    {
        Encoder = encoder, EventWidth = EventWidth, Hidden = 8, Layers = 2, First = 12, Second = 6, Epochs = 25, LearningRate = 1e-2,
        WideDecay = 1e-3, Decay = 1e-4, Dropout = 0,
    };

    private static ResponseFit Train(IReadOnlyList<ResponseContext> contexts, ResponseOptions options) =>
        ResponseTraining.Train(contexts, options, null, TestContext.Current.CancellationToken);

    private static double FirstRight(ResponseFit fit, IReadOnlyList<ResponseContext> contexts)
    {
        var network = new ResponseNetwork(fit.Weights);
        return contexts.Where(c => c.HasRedeemed).Average(c =>
        {
            var scores = ResponseLogits.Probabilities(network, c);
            var best = Enumerable.Range(0, scores.Length).MaxBy(i => scores[i].Redeem);
            return c.Candidates[best].IsRedeemed ? 1.0 : 0.0;
        });
    }

    [Fact]
    public void A_logistic_regression_learns_which_coupon_is_redeemed()
    {
        var fit = Train(Contexts(400, 1), ResponseOptions.Logistic with { LearningRate = 2e-2, WideDecay = 1e-3 });
        Assert.Equal(0, fit.Weights.Shape.FirstWidth);
        Assert.True(FirstRight(fit, Contexts(200, 2)) > 0.9);
    }

    [Theory]
    [InlineData(ResponseEncoder.Gru)]
    [InlineData(ResponseEncoder.Convolution)]
    public void An_encoder_learns_what_the_last_event_says(ResponseEncoder encoder)
    {
        var fit = Train(Contexts(600, 1), Options(encoder));
        var network = new ResponseNetwork(fit.Weights);
        var tests = Contexts(200, 2);
        double Mean(bool positive) => tests.Where(c => c.Events[^1] > 0 == positive)
            .Average(c => ResponseLogits.Probabilities(network, c).Sum(s => s.Redeem));
        Assert.True(Mean(true) > 3 * Mean(false), $"{Mean(true)} against {Mean(false)}");
        Assert.True(FirstRight(fit, tests) > 0.8);
    }

    [Theory]
    [InlineData(ResponseEncoder.None)]
    [InlineData(ResponseEncoder.Gru)]
    [InlineData(ResponseEncoder.Convolution)]
    public void What_is_exported_answers_what_the_trained_network_answers(ResponseEncoder encoder)
    {
        LibTorchLoader.Ensure();
        var contexts = Contexts(20, 3);
        contexts[7] = contexts[7] with { Events = [] };
        var (events, hidden) = encoder == ResponseEncoder.None ? (0, 0) : (EventWidth, 5);
        var layers = encoder switch { ResponseEncoder.None => 0, ResponseEncoder.Gru => 1, _ => 3 };
        var shape = new ResponseShape(encoder, events, hidden, layers, 2, 3, 2, 7, 4);
        using var scope = torch.NewDisposeScope();
        using var dice = new torch.Generator(5, torch.CPU);
        using var net = new ResponseNet(shape, dice, 0.5);
        using (torch.no_grad())
        {
            foreach (var parameter in net.parameters())
            {
                parameter.uniform_(-0.7, 0.7, dice);
            }
        }

        net.eval();
        var scale = FeatureScale.Of(contexts, 7);
        var logits = net.Logits(ResponseBatch.Of(contexts, shape, scale, [1, 1, 1, 1])).data<float>().ToArray();
        var exported = ResponseExport.Take(net, shape, scale);
        var served = contexts.SelectMany(c => ResponseLogits.Of(exported, c)).ToArray();
        Assert.Equal(logits.Length, served.Length);
        Assert.All(logits.Zip(served), p => Assert.Equal(p.First, p.Second, 1e-3));
    }

    [Fact]
    public void The_same_seed_trains_the_same_weights_up_to_rounding()
    {
        var contexts = Contexts(80, 1);
        var options = Options(ResponseEncoder.Gru) with { Epochs = 3 };
        var (a, b) = (Train(contexts, options), Train(contexts, options));
        Assert.All(ResponseLayout.Of(a.Weights.Shape), t => Assert.All(
            a.Weights[t.Name].Zip(b.Weights[t.Name]), p => Assert.Equal(p.First, p.Second, 1e-4)));
    }

    [Fact]
    public void Several_networks_served_as_one_answer_the_mean_of_their_logits()
    {
        var contexts = Contexts(60, 1);
        var options = Options(ResponseEncoder.None) with { Epochs = 2 };
        var one = Train(contexts, options);
        var two = Train(contexts, options with { Seed = 2 });
        var both = Train(contexts, options with { Members = 2 });
        foreach (var context in contexts.Take(5))
        {
            var (a, b, mean) = (ResponseLogits.Of(one.Weights, context), ResponseLogits.Of(two.Weights, context),
                ResponseLogits.Of(both.Weights, context));
            Assert.All(Enumerable.Range(0, mean.Length), i => Assert.Equal((a[i] + b[i]) / 2, mean[i], 1e-3));
        }
    }

    [Fact]
    public void Probabilities_are_calibrated_although_redemptions_are_weighed_up()
    {
        var random = new Random(1);
        var contexts = Enumerable.Range(0, 3_000).Select(i =>
        {
            var x = (float)random.NextDouble();
            return new ResponseContext(Start.AddHours(i), [x], [], [new([0], [0], ResponseCandidate.Redemption(random.NextDouble() < 0.1 * x))]);
        }).ToList();
        var network = new ResponseNetwork(Train(contexts, ResponseOptions.Logistic with { LearningRate = 2e-2 }).Weights);
        Assert.Equal(0.05, contexts.Average(c => ResponseLogits.Probabilities(network, c)[0].Redeem), 0.015);
    }

    [Fact]
    public void Examples_of_one_outcome_alone_are_refused_and_a_cancelled_run_stops()
    {
        var contexts = Contexts(60, 1);
        var refused = Assert.Throws<RefusedException>(() => Train([.. contexts.Where(c => !c.HasRedeemed)], ResponseOptions.Logistic));
        Assert.Equal(RefusalCodes.TooLittleData, refused.Refusal.Code);
        using var cancelled = new CancellationTokenSource();
        var epochs = 0;
        var progress = new Counted(() =>
        {
            epochs++;
            cancelled.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => ResponseTraining.Train(contexts, ResponseOptions.Logistic, progress, cancelled.Token));
        Assert.Equal(1, epochs);
    }

    [Fact]
    public void The_part_to_validate_on_is_the_newest_and_keeps_a_moment_together()
    {
        var contexts = Contexts(40, 1).Select((c, i) => c with { At = Start.AddDays(i / 10) }).ToList();
        var (train, validation) = ResponseExamples.Part(contexts, 0.2, new(1));
        Assert.Equal(40, train.Count + validation.Count);
        Assert.True(train.Max(c => c.At) < validation.Min(c => c.At));
    }

    private sealed class Counted(Action report) : IProgress<ResponseProgress>
    {
        public void Report(ResponseProgress value) => report();
    }
}
