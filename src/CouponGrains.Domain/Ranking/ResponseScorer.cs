using System.Buffers;
using CouponGrains.Domain.Models.Response;

namespace CouponGrains.Domain.Ranking;

/// <summary>Scores offers by the response model of an index. Built once for an index, with the part of every offer.
/// Immutable; a call allocates nothing.</summary>
public sealed class ResponseScorer : IResponseScorer
{
    private static readonly string[] Groups =
    [
        "What you did lately", "What is known of you, and the moment", "What the coupon gives", "How the coupon fits you",
    ];

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
    public IReadOnlyList<IReadOnlyList<FeaturePart>> Explain(
        RankingSubject subject, ReadOnlySpan<int> offers, DateTimeOffset now)
    {
        var parts = new IReadOnlyList<FeaturePart>[offers.Length];
        Array.Fill(parts, []);
        if (_served is not { } model || offers.IsEmpty || !OfferRanker.IsPersonal(_index, subject))
        {
            return parts;
        }

        var (network, shape) = (model.Network, model.Shape);
        var pairs = new float[offers.Length * shape.PairWidth];
        var features = new float[shape.UserWidth];
        UserFeatures.Fill(subject.Profile, model.Vocabulary, now, features);
        _pairs.Fill(subject.Profile, subject.Taste!, offers, now, pairs);
        var history = subject.Sequence is { } sequence ? sequence.History : [];
        var user = Part(network, history, features);
        var whole = Logits(network, user, _coupons, offers, pairs);
        double[][] without =
        [
            Logits(network, Part(network, [], features), _coupons, offers, pairs),
            Logits(network, Part(network, history, new float[features.Length]), _coupons, offers, pairs),
            Logits(network, user, new float[network.PartWidth], new int[offers.Length], pairs),
            Logits(network, user, _coupons, offers, new float[pairs.Length]),
        ];
        for (var i = 0; i < offers.Length; i++)
        {
            if (BasisOf(offers[i]) == ResponseBasis.Model)
            {
                parts[i] = Parts(whole[i], without, i);
            }
        }

        return parts;
    }

    private static List<FeaturePart> Parts(double whole, double[][] without, int offer)
    {
        var parts = new List<FeaturePart>(Groups.Length);
        for (var group = 0; group < Groups.Length; group++)
        {
            if (whole - without[group][offer] is var part and not 0)
            {
                parts.Add(new(Groups[group], part));
            }
        }

        parts.Sort((a, b) => Math.Abs(b.Logit).CompareTo(Math.Abs(a.Logit)));
        return parts;
    }

    private static float[] Part(ResponseNetwork network, ReadOnlySpan<float> history, float[] features)
    {
        var part = new float[network.PartWidth];
        network.UserPart(history, features, part);
        return part;
    }

    /// <summary>The calibrated logits of the redemptions.</summary>
    private static double[] Logits(
        ResponseNetwork network, float[] user, float[] coupons, ReadOnlySpan<int> offers, float[] pairs)
    {
        var scores = new ResponseScores[offers.Length];
        network.Score(user, coupons, offers, pairs, scores);
        return Array.ConvertAll(scores, score =>
        {
            var p = Math.Clamp((double)score.Redeem, 1e-7, 1 - 1e-7);
            return Math.Log(p / (1 - p));
        });
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
