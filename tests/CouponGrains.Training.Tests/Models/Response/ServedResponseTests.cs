using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Models.Response;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Ranking;
using CouponGrains.Training.Models;
using CouponGrains.Training.Models.Response;
using static TorchSharp.torch;

namespace CouponGrains.Training.Tests.Models.Response;

/// <summary>What is served, held against the network that was trained.</summary>
public sealed class ServedResponseTests
{
    private const double Tolerance = 1e-4;

    public static readonly TheoryData<ResponseEncoder, int, int> Encoders = new()
    {
        { ResponseEncoder.None, 0, 0 },
        { ResponseEncoder.None, 0, 32 },
        { ResponseEncoder.Gru, 24, 32 },
        { ResponseEncoder.Convolution, 24, 32 },
    };

    public ServedResponseTests() => LibTorchLoader.Ensure();

    [Theory]
    [MemberData(nameof(Encoders))]
    public void The_weights_taken_out_of_a_network_serve_what_it_answers(ResponseEncoder encoder, int hidden, int first)
    {
        var shape = Shape(encoder, hidden, first, events: 9, user: 12, coupon: 7, pair: 5);
        var random = new Random(1);
        var contexts = Enumerable.Range(0, 20).Select(n => new ResponseContext(
            SmallShop.Start, Moved(random, 12), RandomWeights.Normal(random, n * shape.EventWidth),
            [.. Enumerable.Range(0, 11).Select(_ => Candidate(Moved(random, 7), Moved(random, 5)))])).ToArray();
        AssertServed(shape, contexts, (weights, context) => ResponseLogits.Probabilities(new(weights), context));
    }

    [Theory]
    [MemberData(nameof(Encoders))]
    public async Task Users_of_a_shop_are_scored_as_the_network_scores_them(
        ResponseEncoder encoder, int hidden, int first)
    {
        await using var shop = await SmallShop.Filled(seed: 4);
        var trained = await shop.Trainer.Train(
            new() { Rank = 8, OfferEpochs = 2, Seed = 1 }, null, ITrainingWatch.None, default);
        var model = ModelArtifact.Read(trained.Artifact.Span, new(1));
        var catalog = new CatalogIndex(await shop.Store.Catalog.ReadAll(default).ToListAsync());
        var profiles = new Dictionary<Domain.UserId, UserProfile>();
        await foreach (var recorded in shop.Store.Events.ReadAll(0, default))
        {
            var user = recorded.Event.User;
            var profile = profiles.TryGetValue(user, out var known)
                ? known : profiles[user] = new(new() { Id = user }, model.Weights, model.Reference);
            profile.Apply(recorded, catalog.Get(recorded.Event.Item!.Value));
        }

        var shape = Shape(
            encoder, hidden, first, EventFeatures.Width(8), UserFeatures.Width([]), CouponFeatures.Width(8),
            PairFeatures.Width);
        var index = Index(model, catalog);
        var users = profiles.Values.Take(30).ToDictionary(p => Context(index, p), p => p);
        AssertServed(shape, [.. users.Keys], (weights, context) =>
        {
            var served = ModelArtifact.Read(ModelArtifact.Write(
                model with { Response = new(weights, [], ResponsePrior.Even) }), new(1));
            var (serving, profile) = (Index(served, catalog), users[context]);
            var scores = new ResponseScores[serving.Offers.Count];
            var basis = serving.Response.Score(
                new(profile, TasteVector.Fold(profile, served), [], SequenceState.Replay(served, profile.Recent)),
                [.. Enumerable.Range(0, scores.Length)], model.Reference, scores);
            Assert.Equal(ResponseBasis.Model, basis);
            return scores;
        });
    }

    private static void AssertServed(
        ResponseShape shape, IReadOnlyList<ResponseContext> contexts,
        Func<ResponseWeights, ResponseContext, ResponseScores[]> serve)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var net = new ResponseNet(shape, new Generator(3, CPU), dropout: 0.3);
        foreach (var parameter in net.parameters())
        {
            // Nothing may be 0, as the linear part is before training.
            parameter.add_(randn(parameter.shape, generator: new Generator(4, CPU)) * 0.05f);
        }

        net.eval();
        var scale = FeatureScale.Of(contexts, shape.UserWidth + shape.CouponWidth + shape.PairWidth);
        var weights = ResponseExport.Take(net, shape, scale);
        var batch = ResponseBatch.Of(contexts, shape, scale, [1, 1, 1, 1]);
        var expected = sigmoid(net.Logits(batch)).contiguous().data<float>().ToArray();
        var actual = contexts.SelectMany(context => serve(weights, context))
            .SelectMany(s => (float[])[s.View, s.Claim, s.Redeem, s.Satisfaction]).ToArray();
        Assert.Equal(expected.Length, actual.Length);
        Assert.True(expected.Distinct().Count() > expected.Length / 4, "The network answers the same for all.");
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], Tolerance);
        }
    }

    private static ResponseShape Shape(
        ResponseEncoder encoder, int hidden, int first, int events, int user, int coupon, int pair) => new(
        encoder, encoder == ResponseEncoder.None ? 0 : events, hidden,
        encoder switch { ResponseEncoder.None => 0, ResponseEncoder.Gru => 1, _ => 3 }, user, coupon, pair, first,
        first / 2);

    private static OfferIndex Index(ModelSnapshot model, CatalogIndex catalog)
    {
        var campaign = new Campaign
        {
            Id = new("own"), Name = "Own", Status = CampaignStatus.Active, Start = SmallShop.Start,
            End = model.Reference.AddDays(60), Budget = new(100_000, new("USD")), Guardrails = SmallShop.Guardrails,
        };
        return OfferIndex.Build(model, [(campaign, [.. Enumerable.Range(0, 8).Select(i => new Offer
        {
            Id = new($"offer-{i}"), Campaign = campaign.Id, Title = "A share off", Kind = OfferKind.PercentOff,
            PercentBasisPoints = 500 + (100 * i),
            Scope = i < 4 ? new() { Categories = [$"CATEGORY {i}"] } : new() { Items = [new($"item{i * 5:00}")] },
        })])], catalog);
    }

    /// <summary>A user with all offers, as they are trained on.</summary>
    private static ResponseContext Context(OfferIndex index, UserProfile profile)
    {
        var (model, now) = (index.Model!, index.Model!.Reference);
        var (user, pairs) = (new float[UserFeatures.Width([])], new float[index.Offers.Count * PairFeatures.Width]);
        UserFeatures.Fill(profile, [], now, user);
        var features = new PairFeatures(index);
        features.Fill(
            profile, TasteVector.Fold(profile, model), [.. Enumerable.Range(0, index.Offers.Count)], now, pairs);
        var (events, width) = (new List<float>(), EventFeatures.Width(model.Factors.Rank));
        for (var n = 0; n < profile.Recent.Count; n++)
        {
            var (x, row) = (new float[width], model.Factors.RowOf(profile.Recent[n].Item!.Value));
            EventFeatures.Fill(
                profile.Recent[n], n == 0 ? null : profile.Recent[n - 1].At, row < 0 ? [] : model.Factors.Row(row), x);
            events.AddRange(x);
        }

        return new(now, user, [.. events], [.. index.Offers.Select((offer, i) =>
        {
            var coupon = new float[CouponFeatures.Width(model.Factors.Rank)];
            CouponFeatures.Fill(
                offer, index.Campaigns[offer.Campaign], index.Embedding(i), features.FactsOf(i), coupon);
            return Candidate(coupon, [.. pairs.Skip(i * PairFeatures.Width).Take(PairFeatures.Width)]);
        })]);
    }

    private static ResponseCandidate Candidate(float[] coupon, float[] pair) =>
        new(coupon, pair, ResponseCandidate.Redemption(false));

    /// <summary>Numbers that are to be standardised.</summary>
    private static float[] Moved(Random random, int count) =>
        [.. RandomWeights.Normal(random, count).Select((value, i) => (value * (1 + i)) + i)];
}
