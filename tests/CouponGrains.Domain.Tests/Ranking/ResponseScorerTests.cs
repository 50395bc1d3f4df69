using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Models.Response;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Ranking;
using CouponGrains.Domain.Tests.Models.Response;

namespace CouponGrains.Domain.Tests.Ranking;

public sealed class ResponseScorerTests
{
    private const int Items = 20;
    private static readonly CatalogIndex Catalog =
        new([.. Enumerable.Range(0, Items + 1).Select(i => Samples.Item(i))]);

    [Fact]
    public void Without_a_response_model_scores_rest_on_even_chances()
    {
        var index = Index(Samples.Model(Items, rank: 4, seed: 1));
        var (basis, scores) = Score(index, Subject(index, 1, 2), [0, 1, 2]);
        Assert.False(index.Response.HasModel);
        Assert.Equal(ResponseBasis.Segment, basis);
        Assert.All(scores, s => Assert.Equal(new ResponseScores(0.5f, 0.5f, 0.5f, 0.5f), s));
    }

    [Theory]
    [InlineData(ResponseEncoder.None)]
    [InlineData(ResponseEncoder.Gru)]
    [InlineData(ResponseEncoder.Convolution)]
    public void Scores_are_what_the_formulas_say_of_the_features(ResponseEncoder encoder)
    {
        var index = Index(WithResponse(encoder));
        var (model, subject) = (index.Model!, Subject(index, 3, 4, 3));
        int[] offers = [2, 0, 1];
        var (basis, scores) = Score(index, subject, offers);

        Assert.Equal(ResponseBasis.Model, basis);
        var plain = new PlainNetwork(model.Response!.Weights);
        var (p, z) = (new float[model.Response.Shape.UserWidth], new float[3 * PairFeatures.Width]);
        UserFeatures.Fill(subject.Profile, model.Response.Vocabulary, Samples.Noon, p);
        new PairFeatures(index).Fill(subject.Profile, subject.Taste!, offers, Samples.Noon, z);
        for (var i = 0; i < offers.Length; i++)
        {
            var c = new float[model.Response.Shape.CouponWidth];
            var offer = index.Offers[offers[i]];
            var facts = new PairFeatures(index).FactsOf(offers[i]);
            CouponFeatures.Fill(offer, index.Campaigns[offer.Campaign], index.Embedding(offers[i]), facts, c);
            var history = plain.Encode(Features(subject.Profile, model));
            var expected = plain.Score(history, p, c, [.. z.Skip(i * PairFeatures.Width).Take(PairFeatures.Width)]);
            Assert.Equal(expected[(int)ResponseHead.View], scores[i].View, 1e-4);
            Assert.Equal(expected[(int)ResponseHead.Claim], scores[i].Claim, 1e-4);
            Assert.Equal(expected[(int)ResponseHead.Redeem], scores[i].Redeem, 1e-4);
            Assert.Equal(expected[(int)ResponseHead.Satisfaction], scores[i].Satisfaction, 1e-4);
        }
    }

    [Fact]
    public void Users_without_consent_and_users_of_whom_nothing_is_known_get_the_means_of_their_segment()
    {
        var index = Index(WithResponse(ResponseEncoder.Gru));
        var objected = Subject(index, 1, 2);
        objected.Profile.Record = new() { Id = Samples.Ann, Consent = false };
        foreach (var subject in (RankingSubject[])[objected, Subject(index), Subject(index, 999)])
        {
            var (basis, scores) = Score(index, subject, [0, 1]);
            Assert.Equal(ResponseBasis.Segment, basis);
            Assert.Equal(ResponsePrior.Even.Of(null, OfferKind.PercentOff), scores[0]);
        }
    }

    [Fact]
    public void A_coupon_of_whose_items_nothing_is_known_gets_the_mean_and_its_basis_says_so()
    {
        var index = Index(WithResponse(ResponseEncoder.Gru), Percent("known", 3), Percent("unknown", Items));
        var (basis, scores) = Score(index, Subject(index, 3), [0, 1]);
        Assert.Equal(ResponseBasis.Model, basis);
        Assert.Equal(ResponseBasis.Model, index.Response.BasisOf(0));
        Assert.Equal(ResponseBasis.Segment, index.Response.BasisOf(1));
        Assert.NotEqual(0.5f, scores[0].Redeem);
        Assert.Equal(0.5f, scores[1].Redeem);
    }

    [Fact]
    public void A_network_for_other_features_than_ours_is_not_used()
    {
        var model = WithResponse(ResponseEncoder.Gru);
        var shape = model.Response!.Shape with { UserWidth = model.Response.Shape.UserWidth + 1 };
        var other = Index(model with { Response = new(ResponseSamples.Weights(shape, 1), [], ResponsePrior.Even) });
        Assert.False(other.Response.HasModel);
        Assert.Null(SequenceState.Replay(other.Model!, []));
        Assert.Equal(ResponseBasis.Segment, Score(other, Subject(other, 3), [0]).Basis);
    }

    [Fact]
    public void A_state_of_another_model_is_refused()
    {
        var index = Index(WithResponse(ResponseEncoder.Gru));
        var other = index.Model! with { Version = new(9) };
        var subject = Subject(index, 3) with { Sequence = SequenceState.Replay(other, []) };
        Assert.Throws<ArgumentException>(() => Score(index, subject, [0]));
    }

    [Fact]
    public void Each_group_of_features_says_what_the_logit_loses_without_it()
    {
        // Of a logistic regression the parts and the bias are the logit.
        var shape = new ResponseShape(
            ResponseEncoder.None, 0, 0, 0, UserFeatures.Width([]), CouponFeatures.Width(4), PairFeatures.Width, 0, 0);
        var index = Index(Samples.Model(Items, rank: 4, seed: 1) with
        {
            Response = new(ResponseSamples.Weights(shape, seed: 2), [], ResponsePrior.Even),
        });
        var subject = Subject(index, 3, 4, 3);
        int[] offers = [0, 1, 2];
        var (_, scores) = Score(index, subject, offers);
        var rests = offers.Select(offer =>
        {
            var parts = index.Response.Explain(subject, [offer], Samples.Noon)[0];
            var together = index.Response.Explain(subject, offers, Samples.Noon)[offer];
            Assert.Equal(parts.Select(p => p.Group), together.Select(p => p.Group));
            Assert.All(parts.Zip(together), p => Assert.Equal(p.First.Logit, p.Second.Logit, 1e-5));
            Assert.Equal(parts.OrderByDescending(p => Math.Abs(p.Logit)), parts);
            Assert.DoesNotContain(parts, p => p.Group == "What you did lately");
            double p = scores[offer].Redeem;
            return Math.Log(p / (1 - p)) - parts.Sum(part => part.Logit);
        }).ToList();
        Assert.All(rests, rest => Assert.Equal(rests[0], rest, 1e-4));
        Assert.Empty(index.Response.Explain(Subject(index), [0], Samples.Noon)[0]);
    }

    [Theory]
    [InlineData(ResponseEncoder.None)]
    [InlineData(ResponseEncoder.Convolution)]
    public void A_score_allocates_nothing(ResponseEncoder encoder)
    {
        var index = Index(WithResponse(encoder));
        var (subject, scores, least) = (Subject(index, 1, 2, 3), new ResponseScores[3], long.MaxValue);
        int[] offers = [2, 0, 1];
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            index.Response.Score(subject, offers, Samples.Noon, scores);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    private static ModelSnapshot WithResponse(ResponseEncoder encoder)
    {
        const int Rank = 4;
        var (hidden, layers) = encoder switch
        {
            ResponseEncoder.Gru => (6, 1),
            ResponseEncoder.Convolution => (6, 2),
            _ => (0, 0),
        };
        var shape = new ResponseShape(
            encoder, EventFeatures.Width(Rank), hidden, layers, UserFeatures.Width([]), CouponFeatures.Width(Rank),
            PairFeatures.Width, 8, 5);
        return Samples.Model(Items, Rank, seed: 1) with
        {
            Response = new(ResponseSamples.Weights(shape, seed: 2), [], ResponsePrior.Even),
        };
    }

    private static OfferIndex Index(ModelSnapshot model, params Offer[] offers) => OfferIndex.Build(
        model,
        [(Samples.Campaign(), offers.Length > 0 ? offers : [Percent("a", 1), Percent("b", 2, 3), Percent("c", 4)])],
        Catalog);

    private static Offer Percent(string id, params int[] items) =>
        Samples.Percent(1_000, new() { Items = [.. items.Select(Samples.Id)] }, id);

    private static RankingSubject Subject(OfferIndex index, params int[] bought)
    {
        var profile = Samples.Profile();
        for (var n = 0; n < bought.Length; n++)
        {
            profile.Apply(Samples.Event(n + 1, EventKind.Purchase, bought[n], n - 9), Samples.Item(bought[n]));
        }

        return new(
            profile, TasteVector.Fold(profile, index.Model!), [], SequenceState.Replay(index.Model!, profile.Recent));
    }

    private static IReadOnlyList<float[]> Features(UserProfile profile, ModelSnapshot model) =>
        [.. profile.Recent.Select((e, n) =>
        {
            var (x, row) = (new float[model.Response!.Shape.EventWidth], model.Factors.RowOf(e.Item!.Value));
            if (x.Length > 0)
            {
                EventFeatures.Fill(
                    e, n == 0 ? null : profile.Recent[n - 1].At, row < 0 ? [] : model.Factors.Row(row), x);
            }

            return x;
        })];

    private static (ResponseBasis Basis, ResponseScores[] Scores) Score(
        OfferIndex index, RankingSubject subject, int[] offers)
    {
        var scores = new ResponseScores[offers.Length];
        return (index.Response.Score(subject, offers, Samples.Noon, scores), scores);
    }
}
