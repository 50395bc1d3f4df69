using System.Buffers;
using CouponGrains.Domain.Models.Response;

namespace CouponGrains.Domain.Ranking;

/// <summary>Scores offers by the response model of an index. Built once for an index, with the part of every offer.
/// Immutable; a call allocates nothing.</summary>
public sealed class ResponseScorer : IResponseScorer
{
    private readonly OfferIndex _index;
    private readonly ResponseModel? _served;
    private readonly ResponsePrior _prior;
    private readonly PairFeatures _pairs;
    private readonly float[] _coupons = [];

    internal ResponseScorer(OfferIndex index)
    {
        (_index, _pairs) = (index, new(index));
        var model = index.Model?.Response;
        _prior = model?.Prior ?? ResponsePrior.Even;
        if (model is null || !model.Fits(index.Model!.Factors.Rank))
        {
            return;
        }

        _served = model;
        var width = model.Network.PartWidth;
        _coupons = new float[checked(index.Offers.Count * width)];
        var features = new float[model.Shape.CouponWidth];
        for (var i = 0; i < index.Offers.Count; i++)
        {
            var offer = index.Offers[i];
            CouponFeatures.Fill(offer, index.Campaigns[offer.Campaign], index.Embedding(i), _pairs.FactsOf(i), features);
            model.Network.CouponPart(features, _coupons.AsSpan(i * width, width));
        }
    }

    /// <summary>True if there is a response model that this program can compute.</summary>
    public bool HasModel => _served is not null;

    /// <summary>What a score of this offer rests on, for users whom the model knows: the model does not know a coupon
    /// of whose items it knows none.</summary>
    public ResponseBasis BasisOf(int offer) =>
        _served is not null && _index.Norm(offer) > 0 ? ResponseBasis.Model : ResponseBasis.Segment;

    /// <summary>The scores of some offers for a user, and what they rest on: the model, apart from the offers of which
    /// <see cref="BasisOf"/> answers otherwise; or the means of his segment for all of them, where there is no response
    /// model or it knows nothing of him. Of a user without consent nothing is used: he gets the means of all
    /// users.</summary>
    /// <param name="subject">For whom; with the state of his events under the index's model.</param>
    /// <param name="offers">The offers by their places in the index.</param>
    /// <param name="now">The time.</param>
    /// <param name="scores">The scores, shape (offers).</param>
    public ResponseBasis Score(
        RankingSubject subject, ReadOnlySpan<int> offers, DateTimeOffset now, Span<ResponseScores> scores)
    {
        var isPersonal = OfferRanker.IsPersonal(_index, subject);
        var basis = _served is not null && isPersonal ? ResponseBasis.Model : ResponseBasis.Segment;
        if (basis == ResponseBasis.Model)
        {
            Score(_served!, subject, offers, now, scores);
        }

        var profile = subject.Profile.Record.Consent ? subject.Profile : null;
        for (var i = 0; i < offers.Length; i++)
        {
            if (basis == ResponseBasis.Segment || BasisOf(offers[i]) == ResponseBasis.Segment)
            {
                scores[i] = _prior.Of(profile, _index.Offers[offers[i]].Kind);
            }
        }

        return basis;
    }

    /// <inheritdoc/>
    public IReadOnlyList<FeaturePart> Explain(RankingSubject subject, int offer, DateTimeOffset now)
    {
        if (BasisOf(offer) == ResponseBasis.Segment || !OfferRanker.IsPersonal(_index, subject))
        {
            return [];
        }

        var model = _served!;
        var (network, shape) = (model.Network, model.Shape);
        var (features, pairs) = (new float[shape.UserWidth], new float[shape.PairWidth]);
        UserFeatures.Fill(subject.Profile, model.Vocabulary, now, features);
        _pairs.Fill(subject.Profile, subject.Taste!, [offer], now, pairs);
        var history = subject.Sequence is { } sequence ? sequence.History.ToArray() : [];
        var coupon = _coupons.AsSpan(offer * network.PartWidth, network.PartWidth).ToArray();
        var whole = Logit(network, history, features, coupon, pairs);
        var (noUser, noCoupon, noPairs) = (new float[features.Length], new float[coupon.Length], new float[pairs.Length]);
        FeaturePart[] parts =
        [
            new("What you did lately", whole - Logit(network, [], features, coupon, pairs)),
            new("What is known of you, and the moment", whole - Logit(network, history, noUser, coupon, pairs)),
            new("What the coupon gives", whole - Logit(network, history, features, noCoupon, pairs)),
            new("How the coupon fits you", whole - Logit(network, history, features, coupon, noPairs)),
        ];
        return [.. parts.Where(p => p.Logit != 0).OrderByDescending(p => Math.Abs(p.Logit))];
    }

    /// <summary>The calibrated logit of the redemption.</summary>
    private static double Logit(
        ResponseNetwork network, float[] history, float[] features, float[] coupon, float[] pairs)
    {
        var user = new float[network.PartWidth];
        network.UserPart(history, features, user);
        Span<ResponseScores> score = stackalloc ResponseScores[1];
        network.Score(user, coupon, [0], pairs, score);
        var p = Math.Clamp((double)score[0].Redeem, 1e-7, 1 - 1e-7);
        return Math.Log(p / (1 - p));
    }

    private void Score(
        ResponseModel model, RankingSubject subject, ReadOnlySpan<int> offers, DateTimeOffset now,
        Span<ResponseScores> scores)
    {
        if (subject.Sequence is { } sequence && !sequence.IsOf(_index.Model!))
        {
            throw new ArgumentException(
                $"The state of the events is of {sequence.Model}, and the index of {_index.Model!.Version}.",
                nameof(subject));
        }

        var (network, shape) = (model.Network, model.Shape);
        var rented = ArrayPool<float>.Shared.Rent(
            network.PartWidth + shape.UserWidth + checked(offers.Length * shape.PairWidth));
        try
        {
            var user = rented.AsSpan(0, network.PartWidth);
            var features = rented.AsSpan(network.PartWidth, shape.UserWidth);
            var pairs = rented.AsSpan(network.PartWidth + shape.UserWidth, offers.Length * shape.PairWidth);
            UserFeatures.Fill(subject.Profile, model.Vocabulary, now, features);
            network.UserPart(subject.Sequence is { } state ? state.History : [], features, user);
            _pairs.Fill(subject.Profile, subject.Taste!, offers, now, pairs);
            network.Score(user, _coupons, offers, pairs, scores[..offers.Length]);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }
}
