using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Training.Tests.Models.Response;

/// <summary>The response model of a whole run, from the event log to the artifact.</summary>
public sealed class ResponseStageTests
{
    private const int Issues = 1_600;
    private static readonly TrainingOptions Options = new() { Rank = 8, OfferEpochs = 0, Seed = 1 };
    private static readonly DateTimeOffset First = SmallShop.Start.AddDays(20);

    // Of these, those after the first 30 % teach, and the newest fifth of them is held out.
    private const int HeldOutFrom = (int)(0.86 * Issues);

    [Fact]
    public async Task A_shop_with_enough_outcomes_gets_a_response_model_that_beats_the_rates_of_its_segments()
    {
        var trained = await Train(null, turnsFrom: Issues);
        var metrics = Assert.IsType<ResponseMetrics>(trained.Metrics.Response);
        Assert.InRange(metrics.Issues, 200, 250);
        Assert.True(metrics.LogLoss < 0.8 * metrics.PriorLogLoss, $"{metrics}");
        Assert.Equal(metrics.Issues, metrics.Bins!.Sum(bin => bin.Issues));
        Assert.InRange(metrics.Bins!.Sum(bin => bin.Expected) / metrics.Bins!.Sum(bin => bin.Observed), 0.7, 1.4);
        Assert.True(metrics.Auc > 0.8, $"{metrics}");
        Assert.Null(metrics.CurrentLogLoss);
        Assert.NotNull(Read(trained).Response);
    }

    [Fact]
    public async Task A_response_model_that_loses_to_the_rates_of_the_segments_is_not_carried_and_the_factors_are()
    {
        var trained = await Train(null, turnsFrom: HeldOutFrom);
        Assert.Null(trained.Metrics.Response);
        Assert.Null(Read(trained).Response);
        Assert.Equal("none", trained.Training["response"]);
        Assert.Equal(40, Read(trained).Factors.Items.Count);
        Assert.Null(ModelGate.Check(trained.Metrics, null));
    }

    [Fact]
    public async Task A_response_model_in_force_that_is_better_on_the_newest_issues_is_carried_on()
    {
        var before = Read(await Train(null, turnsFrom: 0));
        var trained = await Train(before, turnsFrom: HeldOutFrom);
        var metrics = Assert.IsType<ResponseMetrics>(trained.Metrics.Response);
        Assert.Equal(metrics.LogLoss, metrics.CurrentLogLoss);
        Assert.True(metrics.LogLoss < metrics.PriorLogLoss, $"{metrics}");
        Assert.Equal(before.Response!.Prior.Rates, Read(trained).Response!.Prior.Rates);
    }

    private static ModelSnapshot Read(TrainedModel trained) => ModelArtifact.Read(trained.Artifact.Span, new(1));

    private static async Task<TrainedModel> Train(ModelSnapshot? before, int turnsFrom)
    {
        await using var shop = await SmallShop.Filled(seed: 5);
        await shop.AddOwnOffers([.. Enumerable.Range(0, 4).Select(i => new Offer
        {
            Id = new($"offer-{i}"), Campaign = new("own"), Title = "A tenth off", Kind = OfferKind.PercentOff,
            PercentBasisPoints = 1_000, Scope = new() { Categories = [$"CATEGORY {i}"] },
        })]);
        foreach (var batch in Outcomes(turnsFrom).OrderBy(e => e.At).Chunk(500))
        {
            await shop.Store.Events.Append(batch, default);
        }

        return await shop.Trainer.Train(Options, before, ITrainingWatch.None, default);
    }

    /// <summary>Coupons for what a user buys are redeemed; from <paramref name="turnsFrom"/> on, those for what he does
    /// not buy.</summary>
    private static IEnumerable<UserEvent> Outcomes(int turnsFrom)
    {
        var random = new Random(2);
        for (var i = 0; i < Issues; i++)
        {
            var (user, offer) = (random.Next(80), random.Next(4));
            var redeems = random.NextDouble() < ((user % 4 == offer) != (i >= turnsFrom) ? 0.9 : 0.05);
            var issued = new UserEvent
            {
                Id = new($"issued{i}"), User = new($"user{user:00}"), Offer = new($"offer-{offer}"), CouponCode = $"c{i}",
                Kind = EventKind.Issued, At = First.AddMinutes(20 * i),
            };
            yield return issued;
            if (redeems)
            {
                yield return issued with
                {
                    Id = new($"redeemed{i}"), Kind = EventKind.Redeemed, At = issued.At.AddHours(20),
                };
            }
        }
    }
}
