using System.Globalization;
using System.Numerics.Tensors;
using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;
using CouponGrains.Training.Offers.Judgement;

namespace CouponGrains.Training.Tests.Models;

public sealed class ModelTrainerTests
{
    private static readonly TrainingOptions Options = new() { Rank = 8, OfferEpochs = 2, Seed = 11 };
    private readonly Reports _reports = new();

    [Fact]
    public async Task A_run_reports_every_stage_with_a_growing_share_and_beats_popularity_on_the_later_part()
    {
        await using var shop = await SmallShop.Filled(seed: 1);
        var trained = await shop.Trainer.Train(Options, null, _reports, default);
        string[] stages = ["read", "measure", "factorise", "design", "respond", "publish"];
        Assert.Equal(stages, _reports.All.Select(r => r.Stage).Distinct());
        Assert.Equal(_reports.All.Select(r => r.Share).Order(), _reports.All.Select(r => r.Share));
        Assert.Equal(1, _reports.All[^1].Share);
        Assert.InRange(trained.Metrics.Users, 60, 80);
        Assert.True(trained.Metrics.HitRate10 > trained.Metrics.PopularityHitRate10 + 0.1, trained.Metrics.ToString());
        Assert.True(trained.Metrics.Ndcg10 > trained.Metrics.PopularityNdcg10 + 0.1, trained.Metrics.ToString());
        Assert.Equal("11", trained.Training["seed"]);
        Assert.Equal([1, 2], _reports.Marks.Where(m => m.Series == "distance").Select(m => m.Step));
        Assert.Equal([1, 2], _reports.Marks.Where(m => m.Series == "generator").Select(m => m.Step));
        var residuals = _reports.Marks.Where(m => m.Chart == TrainingCharts.Svd).ToList();
        Assert.True(residuals[^1].Value <= 0.02, $"The last residual is {residuals[^1].Value}.");
        Assert.Equal("2400", trained.Training["events"]);
    }

    [Fact]
    public async Task The_artifact_holds_factors_users_segments_and_generator()
    {
        await using var shop = await SmallShop.Filled(seed: 2);
        var trained = await shop.Trainer.Train(Options, null, _reports, default);
        var model = ModelArtifact.Read(trained.Artifact.Span, new(3));
        Assert.Equal(40, model.Factors.Items.Count);
        Assert.Equal(8, model.SingularValues.Length);
        Assert.Equal(80, model.Users?.Users.Count);
        Assert.Equal(1f, model.Popularity.Max());
        Assert.Equal(SmallShop.Start.AddHours(2_399), model.Reference);
        Assert.Contains("segments.centroids", model.Tensors.Keys);
        Assert.Contains("generator.layer1.weight", model.Tensors.Keys);
        Assert.Contains("generator.used", model.Tensors.Keys);
        var judgement = JudgementReport.OfJson(trained.Training[JudgementReport.ManifestName])!;
        Assert.Equal(["real", "generator", "grid", "history", "copula"], judgement.Rows.Select(r => r.Name));
        Assert.Equal(7, judgement.Rows[1].Gates.Count);
        Assert.Equal(judgement.Used == "generator" ? 1 : 0, model.Tensors["generator.used"].Values[0]);
    }

    [Fact]
    public async Task A_generator_that_cannot_be_judged_is_not_used()
    {
        await using var shop = await SmallShop.Filled(seed: 9);
        var items = await shop.Store.Catalog.ReadAll(default).ToListAsync();
        await shop.Store.Catalog.Put([.. items.Select(item => item with { Categories = [] })], default);
        await shop.AddOwnOffers([.. items.Take(10).Select(item => new Offer
        {
            Id = new("own-" + item.Id), Campaign = new("own"), Title = "Own", Kind = OfferKind.PercentOff,
            PercentBasisPoints = 1_000, Scope = new() { Items = [item.Id] }, Source = OfferSource.Imported,
        })]);
        var trained = await shop.Trainer.Train(Options, null, _reports, default);
        var model = ModelArtifact.Read(trained.Artifact.Span, new(1));
        Assert.False(trained.Training.ContainsKey(JudgementReport.ManifestName));
        Assert.Equal(0, model.Tensors["generator.used"].Values[0]);
        Assert.Contains(_reports.All, r => r.Message.StartsWith("Too few designs to judge", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Training_again_with_the_same_seed_gives_the_same_bytes()
    {
        await using var shop = await SmallShop.Filled(seed: 3);
        var first = await shop.Trainer.Train(Options, null, _reports, default);
        var second = await shop.Trainer.Train(Options, null, _reports, default);
        Assert.True(first.Artifact.Span.SequenceEqual(second.Artifact.Span));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Designed_offers_are_legal_different_and_the_same_when_asked_again(int epochs)
    {
        await using var shop = await SmallShop.Filled(seed: 4);
        var trained = await shop.Trainer.Train(Options with { OfferEpochs = epochs }, null, _reports, default);
        var model = ModelArtifact.Read(trained.Artifact.Span, new(3));
        var offers = await shop.Trainer.Design(model, new("spring"), SmallShop.Guardrails, 12, 5, default);
        var again = await shop.Trainer.Design(model, new("spring"), SmallShop.Guardrails, 12, 5, default);
        var catalog = new CatalogIndex(await shop.Store.Catalog.ReadAll(default).ToListAsync());
        Assert.Equal(12, offers.Count);
        Assert.All(offers, offer => Assert.Null(OfferRules.Check(offer, SmallShop.Guardrails, catalog)));
        Assert.Equal(Enumerable.Range(1, 12).Select(n => $"spring-v3-{n}"), offers.Select(o => o.Id.Value));
        Assert.All(offers, offer => Assert.Equal(new(3), offer.DesignedBy));
        Assert.Equal(12, offers.Select(Content).Distinct().Count());
        Assert.Equal(offers.Select(Content), again.Select(Content));
        Assert.True(offers.SelectMany(o => o.Scope.Categories).Distinct().Count() >= 3);
    }

    [Fact]
    public async Task A_model_without_generator_designs_in_the_manner_of_the_shops_own_offers()
    {
        await using var shop = await SmallShop.Filled(seed: 5);
        var own = new Offer
        {
            Id = new("own1"), Campaign = new("own"), Title = "Own", Kind = OfferKind.PercentOff,
            PercentBasisPoints = 2_000,
            Scope = new() { Categories = ["CATEGORY 2"] }, ValidFor = TimeSpan.FromDays(16),
            Source = OfferSource.Imported,
        };
        var unknown = own with { Id = new("own2"), Scope = new() { Items = [new("left")] }, PercentBasisPoints = 1_000 };
        await shop.AddOwnOffers(own, unknown);
        var trained = await shop.Trainer.Train(Options with { OfferEpochs = 0 }, null, _reports, default);
        var model = ModelArtifact.Read(trained.Artifact.Span, new(1));
        var offer = Assert.Single(await shop.Trainer.Design(model, new("c"), SmallShop.Guardrails, 3, 1, default));
        Assert.Equal(["CATEGORY 2"], offer.Scope.Categories);
        Assert.Equal((OfferKind.PercentOff, 2_000), (offer.Kind, offer.PercentBasisPoints));
        Assert.InRange(offer.ValidFor.TotalDays, 15, 17);
    }

    [Fact]
    public async Task Guardrails_that_allow_nothing_are_refused()
    {
        await using var shop = await SmallShop.Filled(seed: 6);
        var trained = await shop.Trainer.Train(Options with { OfferEpochs = 0 }, null, _reports, default);
        var model = ModelArtifact.Read(trained.Artifact.Span, new(1));
        await Assert.ThrowsAsync<RefusedException>(() =>
            shop.Trainer.Design(model, new("c"), SmallShop.Guardrails with { Kinds = [] }, 3, 1, default));
    }

    [Fact]
    public async Task A_log_with_too_little_behaviour_is_refused()
    {
        await using var shop = new SmallShop();
        var refused = await Assert.ThrowsAsync<RefusedException>(() => shop.Trainer.Train(Options, null, _reports, default));
        Assert.Equal(RefusalCodes.TooLittleData, refused.Refusal.Code);
    }

    [Fact]
    public async Task Options_out_of_range_are_refused_by_name()
    {
        await using var shop = new SmallShop();
        var refused = await Assert.ThrowsAsync<RefusedException>(() =>
            shop.Trainer.Train(Options with { HoldOutShare = 0.7 }, null, _reports, default));
        Assert.Equal(RefusalCodes.InvalidValue, refused.Refusal.Code);
        Assert.Contains("holdOutShare", refused.Refusal.Detail);
    }

    [Fact]
    public async Task Weights_out_of_range_are_refused()
    {
        await using var shop = new SmallShop();
        var refused = await Assert.ThrowsAsync<RefusedException>(() =>
            shop.Trainer.Train(Options with { Weights = new() { Refund = -1 } }, null, _reports, default));
        Assert.Equal((RefusalCodes.InvalidValue, "/weights/refund"), (refused.Refusal.Code, refused.Refusal.Pointer));
    }

    [Fact]
    public async Task The_weights_of_a_run_travel_in_its_artifact_and_its_manifest()
    {
        await using var shop = await SmallShop.Filled(seed: 8);
        var weights = new BehaviourWeights { View = 0, Refund = 0.5, HalfLife = TimeSpan.FromDays(20) };
        var trained = await shop.Trainer.Train(
            Options with { OfferEpochs = 0, Weights = weights }, null, _reports, default);
        Assert.Equal(weights, ModelArtifact.Read(trained.Artifact.Span, new(1)).Weights);
        Assert.Equal("0.5", trained.Training["weight_refund"]);
    }

    [Fact]
    public async Task Items_that_the_catalog_does_not_describe_and_users_with_one_event_are_trained_on()
    {
        await using var shop = await SmallShop.Filled(seed: 9);
        await shop.Store.Events.Append([.. Enumerable.Range(0, 3).Select(i => new UserEvent
        {
            Id = new($"late{i}"), User = new($"once{i}"), Item = new ItemId("gone"), Kind = EventKind.Purchase,
            At = SmallShop.Start.AddHours(100 + i),
        })], default);
        var trained = await shop.Trainer.Train(Options, null, _reports, default);
        var model = ModelArtifact.Read(trained.Artifact.Span, new(1));
        Assert.Contains(new ItemId("gone"), model.Factors.Items);
        Assert.Contains(new UserId("once2"), model.Users!.Users);
    }

    [Fact]
    public async Task Without_a_held_out_part_nothing_is_measured_and_the_model_is_the_same()
    {
        await using var shop = await SmallShop.Filled(seed: 10);
        var options = Options with { OfferEpochs = 0 };
        var (whole, parted) = (await shop.Trainer.Train(options with { HoldOutShare = 0 }, null, _reports, default),
            await shop.Trainer.Train(options, null, _reports, default));
        Assert.Equal(0, whole.Metrics.Users);
        Assert.NotEqual(0, parted.Metrics.Users);
        var (a, b) = (ModelArtifact.Read(whole.Artifact.Span, new(1)), ModelArtifact.Read(parted.Artifact.Span, new(1)));
        Assert.Equal(a.Factors.Items, b.Factors.Items);
        // Factors of equal strength may mix; the neighbours are those of the matrix alone.
        Assert.Equal(a.Neighbours.Items, b.Neighbours.Items);
        Assert.All(a.Neighbours.Weights.Zip(b.Neighbours.Weights), w => Assert.Equal(w.First, w.Second, 1e-4f));
    }

    [Fact]
    public async Task A_users_vector_folded_from_the_log_alone_is_his_row_of_the_artifact()
    {
        await using var shop = await SmallShop.Filled(seed: 15);
        var options = Options with { OfferEpochs = 0, Spectral = SpectralOptions.Shop with { Lift = 0.3 } };
        var trained = await shop.Trainer.Train(options, null, _reports, default);
        var model = ModelArtifact.Read(trained.Artifact.Span, new(1));
        Assert.Contains(model.HistoryWeights, weight => Math.Abs(weight - 1) > 0.1);
        for (var row = 0; row < model.Users!.Users.Count; row++)
        {
            var user = model.Users.Users[row];
            var profile = new UserProfile(new UserRecord { Id = user }, model.Weights, model.Reference);
            foreach (var recorded in await shop.Store.Events.ReadUser(user, 0, 10_000, default))
            {
                profile.Apply(recorded, null);
            }

            var folded = TasteVector.Fold(profile, model).Values;
            var trainedRow = model.Users.Values.AsSpan(row * model.Factors.Rank, model.Factors.Rank);
            var length = TensorPrimitives.Norm(trainedRow);
            Assert.InRange(TensorPrimitives.Distance(trainedRow, folded) / length, 0, 1e-4);
        }
    }

    [Fact]
    public async Task A_retrain_begins_with_the_model_in_force_and_keeps_its_factors()
    {
        await using var shop = await SmallShop.Filled(seed: 12);
        var options = Options with { OfferEpochs = 0, Rank = 4 };
        var first = await shop.Trainer.Train(options, null, _reports, default);
        var before = ModelArtifact.Read(first.Artifact.Span, new(7));
        var second = await shop.Trainer.Train(options, before, _reports, default);
        var after = ModelArtifact.Read(second.Artifact.Span, new(8));
        Assert.Equal("random", first.Training["started_from"]);
        Assert.Equal(before.Version.ToString(), second.Training["started_from"]);
        Assert.InRange(int.Parse(second.Training["svd_passes"], CultureInfo.InvariantCulture), 1, 2);
        var largest = before.Factors.Values.Max(Math.Abs);
        Assert.All(before.Factors.Values.Zip(after.Factors.Values),
            pair => Assert.Equal(pair.First, pair.Second, 0.05f * largest));
    }

    [Fact]
    public async Task Options_are_searched_for_on_one_half_of_the_users_and_measured_on_the_other()
    {
        await using var shop = await SmallShop.Filled(seed: 13);
        var options = Options with { OfferEpochs = 0, HoldOutShare = 0.3 };
        var given = await shop.Trainer.Train(options, null, _reports, default);
        var tuned = await shop.Trainer.Train(options with { Tune = true }, null, _reports, default);
        Assert.Equal("true", tuned.Training["tuned"]);
        Assert.InRange(tuned.Metrics.Users, (given.Metrics.Users / 2) - 1, (given.Metrics.Users / 2) + 1);
        var steps = _reports.All.Where(r => r.Stage == "tune").ToList();
        Assert.NotEmpty(steps);
        Assert.Equal(steps.Select(r => r.Share).Order(), steps.Select(r => r.Share));
        Assert.InRange(int.Parse(tuned.Training["rank"], CultureInfo.InvariantCulture), 1, options.Rank);
    }

    [Fact]
    public async Task A_search_without_a_held_out_part_and_options_out_of_range_are_refused()
    {
        await using var shop = await SmallShop.Filled(seed: 14);
        foreach (var options in new TrainingOptions[]
        {
            Options with { Tune = true, HoldOutShare = 0 },
            Options with { Spectral = new() { UserExponent = 1.5 } },
            Options with { Spectral = new() { ItemExponent = double.NaN } },
            Options with { Spectral = new() { LowPassWeight = 0, Neighbours = 0 } },
        })
        {
            var refused = await Assert.ThrowsAsync<RefusedException>(() =>
                shop.Trainer.Train(options, null, _reports, default));
            Assert.Equal(RefusalCodes.InvalidValue, refused.Refusal.Code);
        }
    }

    [Fact]
    public async Task A_run_can_be_cancelled_while_the_generator_learns()
    {
        await using var shop = await SmallShop.Filled(seed: 7);
        using var cancel = new CancellationTokenSource();
        _reports.Then = report =>
        {
            if (report.Stage == "design")
            {
                cancel.Cancel();
            }
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            shop.Trainer.Train(Options with { OfferEpochs = 10_000 }, null, _reports, cancel.Token));
    }

    private static string Content(Offer o) =>
        $"{o.Kind} {o.PercentBasisPoints} {o.Amount} {o.MinimumSpend} {string.Join(',', o.Scope.Categories)}";

    private sealed class Reports : ITrainingWatch
    {
        public List<TrainingProgress> All { get; } = [];

        public List<TrainingPoint> Marks { get; } = [];

        public Action<TrainingProgress> Then { get; set; } = _ => { };

        public void Report(TrainingProgress value)
        {
            All.Add(value);
            Then(value);
        }

        public void Mark(TrainingPoint point) => Marks.Add(point);
    }
}
