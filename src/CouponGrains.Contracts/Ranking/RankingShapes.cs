using CouponGrains.Domain;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Ranking;

namespace CouponGrains.Contracts.Ranking;

[GenerateSerializer, Alias("cg.ranking-options")]
internal struct RankingOptionsShape
{
    [Id(0)] public Affinity Affinity;
    [Id(1)] public double Diversity;
    [Id(2)] public double Exploration;
}

[RegisterConverter, RegisterCopier]
internal sealed class RankingOptionsConverter : Shaped<RankingOptions, RankingOptionsShape>
{
    public override RankingOptionsShape ConvertToSurrogate(in RankingOptions value) =>
        new() { Affinity = value.Affinity, Diversity = value.Diversity, Exploration = value.Exploration };

    public override RankingOptions ConvertFromSurrogate(in RankingOptionsShape shape) =>
        new() { Affinity = shape.Affinity, Diversity = shape.Diversity, Exploration = shape.Exploration };
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
    };

    public override RankedOffer ConvertFromSurrogate(in RankedOfferShape shape) =>
        new(shape.Offer, shape.Score, shape.Propensity, shape.Model, shape.Reasons);
}
