using CouponGrains.Domain;
using CouponGrains.Domain.Models.Response;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Ranking;

namespace CouponGrains.Contracts.Ranking;

[GenerateSerializer, Alias("cg.ranking-options")]
internal struct RankingOptionsShape
{
    [Id(0)] public Affinity Affinity;
    [Id(1)] public double Diversity;
    [Id(2)] public double Exploration;
    [Id(3)] public RankingObjective Objective;
    [Id(4)] public int Candidates;
    [Id(5)] public ResponseWorth? Worth;
}

[RegisterConverter, RegisterCopier]
internal sealed class RankingOptionsConverter : Shaped<RankingOptions, RankingOptionsShape>
{
    public override RankingOptionsShape ConvertToSurrogate(in RankingOptions value) => new()
    {
        Affinity = value.Affinity,
        Diversity = value.Diversity,
        Exploration = value.Exploration,
        Objective = value.Objective,
        Candidates = value.Candidates,
        Worth = value.Worth,
    };

    public override RankingOptions ConvertFromSurrogate(in RankingOptionsShape shape)
    {
        var options = new RankingOptions
        {
            Affinity = shape.Affinity,
            Diversity = shape.Diversity,
            Exploration = shape.Exploration,
        };
        // Senders from before there was a response model name no worth, and none of the rest.
        return shape.Worth is not { } worth
            ? options
            : options with { Objective = shape.Objective, Candidates = shape.Candidates, Worth = worth };
    }
}

[GenerateSerializer, Alias("cg.response-worth")]
internal struct ResponseWorthShape
{
    [Id(0)] public double MarginWeight;
    [Id(1)] public long ViewMinor;
    [Id(2)] public long ClaimMinor;
    [Id(3)] public long RedemptionMinor;
    [Id(4)] public long SatisfactionMinor;
    [Id(5)] public long IssueCostMinor;
}

[RegisterConverter, RegisterCopier]
internal sealed class ResponseWorthConverter : Shaped<ResponseWorth, ResponseWorthShape>
{
    public override ResponseWorthShape ConvertToSurrogate(in ResponseWorth value) => new()
    {
        MarginWeight = value.MarginWeight,
        ViewMinor = value.ViewMinor,
        ClaimMinor = value.ClaimMinor,
        RedemptionMinor = value.RedemptionMinor,
        SatisfactionMinor = value.SatisfactionMinor,
        IssueCostMinor = value.IssueCostMinor,
    };

    public override ResponseWorth ConvertFromSurrogate(in ResponseWorthShape shape) => new()
    {
        MarginWeight = shape.MarginWeight,
        ViewMinor = shape.ViewMinor,
        ClaimMinor = shape.ClaimMinor,
        RedemptionMinor = shape.RedemptionMinor,
        SatisfactionMinor = shape.SatisfactionMinor,
        IssueCostMinor = shape.IssueCostMinor,
    };
}

[GenerateSerializer, Alias("cg.response-scores")]
internal struct ResponseScoresShape
{
    [Id(0)] public float View;
    [Id(1)] public float Claim;
    [Id(2)] public float Redeem;
    [Id(3)] public float Satisfaction;
}

[RegisterConverter]
internal sealed class ResponseScoresConverter : IConverter<ResponseScores, ResponseScoresShape>
{
    public ResponseScoresShape ConvertToSurrogate(in ResponseScores value) => new()
    {
        View = value.View,
        Claim = value.Claim,
        Redeem = value.Redeem,
        Satisfaction = value.Satisfaction,
    };

    public ResponseScores ConvertFromSurrogate(in ResponseScoresShape shape) =>
        new(shape.View, shape.Claim, shape.Redeem, shape.Satisfaction);
}

[GenerateSerializer, Alias("cg.reason")]
internal struct ReasonShape
{
    [Id(0)] public string Kind;
    [Id(1)] public string Text;
    [Id(2)] public ItemId? Item;
    [Id(3)] public double Contribution;
    [Id(4)] public bool Provisional;
}

[RegisterConverter, RegisterCopier]
internal sealed class ReasonConverter : Shaped<Reason, ReasonShape>
{
    public override ReasonShape ConvertToSurrogate(in Reason value) => new()
    {
        Kind = value.Kind,
        Text = value.Text,
        Item = value.Item,
        Contribution = value.Contribution,
        Provisional = value.Provisional,
    };

    public override Reason ConvertFromSurrogate(in ReasonShape shape) =>
        new(shape.Kind, shape.Text, shape.Item, shape.Contribution, shape.Provisional);
}

[GenerateSerializer, Alias("cg.ranked-offer")]
internal struct RankedOfferShape
{
    [Id(0)] public Offer Offer;
    [Id(1)] public double Score;
    [Id(2)] public double Propensity;
    [Id(3)] public ModelVersion Model;
    [Id(4)] public IReadOnlyList<Reason> Reasons;
    [Id(5)] public double? Affinity;
    [Id(6)] public ResponseScores? Response;
    [Id(7)] public ResponseBasis? Basis;
}

[RegisterConverter, RegisterCopier]
internal sealed class RankedOfferConverter : Shaped<RankedOffer, RankedOfferShape>
{
    public override RankedOfferShape ConvertToSurrogate(in RankedOffer value) => new()
    {
        Offer = value.Offer,
        Score = value.Score,
        Propensity = value.Propensity,
        Model = value.Model,
        Reasons = value.Reasons,
        Affinity = value.Affinity,
        Response = value.Response,
        Basis = value.Basis,
    };

    public override RankedOffer ConvertFromSurrogate(in RankedOfferShape shape) =>
        new(shape.Offer, shape.Score, shape.Propensity, shape.Model, shape.Reasons)
        {
            Affinity = shape.Affinity ?? shape.Score, // Without a response model they are the same.
            Response = shape.Response,
            Basis = shape.Basis,
        };
}
