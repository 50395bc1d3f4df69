using CouponGrains.Domain;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Contracts.Offers;

[GenerateSerializer, Alias("cg.offer-scope")]
internal struct OfferScopeShape
{
    [Id(0)] public IReadOnlyList<ItemId> Items;
    [Id(1)] public IReadOnlyList<string> Categories;
    [Id(2)] public IReadOnlyList<string> Brands;
    [Id(3)] public IReadOnlyList<ItemId> Excluded;
}

[RegisterConverter, RegisterCopier]
internal sealed class OfferScopeConverter : Shaped<OfferScope, OfferScopeShape>
{
    public override OfferScopeShape ConvertToSurrogate(in OfferScope value) => new()
    {
        Items = value.Items,
        Categories = value.Categories,
        Brands = value.Brands,
        Excluded = value.Excluded,
    };

    public override OfferScope ConvertFromSurrogate(in OfferScopeShape shape) => new()
    {
        Items = shape.Items,
        Categories = shape.Categories,
        Brands = shape.Brands,
        Excluded = shape.Excluded,
    };
}

/// <remarks>The members from 14 on came later: a silo of an older version leaves them out.</remarks>
[GenerateSerializer, Alias("cg.offer")]
internal struct OfferShape
{
    [Id(0)] public OfferId Id;
    [Id(1)] public CampaignId Campaign;
    [Id(2)] public string Title;
    [Id(3)] public OfferKind Kind;
    [Id(4)] public int PercentBasisPoints;
    [Id(5)] public Money? Amount;
    [Id(6)] public Money? Cap;
    [Id(7)] public ItemId? Gift;
    [Id(8)] public Money? MinimumSpend;
    [Id(9)] public OfferScope Scope;
    [Id(10)] public bool FirstOrderOnly;
    [Id(11)] public TimeSpan ValidFor;
    [Id(12)] public OfferSource Source;
    [Id(13)] public ModelVersion DesignedBy;
    [Id(14)] public IReadOnlyList<SpendTier>? Tiers;
    [Id(15)] public int RepeatsMax;
    [Id(16)] public OfferPoints? Points;
    [Id(17)] public OfferBundle? Bundle;
    [Id(18)] public int? OrdersMin;
    [Id(19)] public int? OrdersMax;
    [Id(20)] public OfferTimes? Times;
    [Id(21)] public int? Stock;
    [Id(22)] public Stacking? Stacking;
    [Id(23)] public int UsesMax;
}

[RegisterConverter, RegisterCopier]
internal sealed class OfferConverter : Shaped<Offer, OfferShape>
{
    public override OfferShape ConvertToSurrogate(in Offer value) => new()
    {
        Id = value.Id,
        Campaign = value.Campaign,
        Title = value.Title,
        Kind = value.Kind,
        PercentBasisPoints = value.PercentBasisPoints,
        Amount = value.Amount,
        Cap = value.Cap,
        Gift = value.Gift,
        MinimumSpend = value.MinimumSpend,
        Scope = value.Scope,
        FirstOrderOnly = value.FirstOrderOnly,
        ValidFor = value.ValidFor,
        Source = value.Source,
        DesignedBy = value.DesignedBy,
        Tiers = value.Tiers,
        RepeatsMax = value.RepeatsMax,
        Points = value.Points,
        Bundle = value.Bundle,
        OrdersMin = value.OrdersMin,
        OrdersMax = value.OrdersMax,
        Times = value.Times,
        Stock = value.Stock,
        Stacking = value.Stacking,
        UsesMax = value.UsesMax,
    };

    public override Offer ConvertFromSurrogate(in OfferShape shape) => new()
    {
        Id = shape.Id,
        Campaign = shape.Campaign,
        Title = shape.Title,
        Kind = shape.Kind,
        PercentBasisPoints = shape.PercentBasisPoints,
        Amount = shape.Amount,
        Cap = shape.Cap,
        Gift = shape.Gift,
        MinimumSpend = shape.MinimumSpend,
        Scope = shape.Scope,
        FirstOrderOnly = shape.FirstOrderOnly,
        ValidFor = shape.ValidFor,
        Source = shape.Source,
        DesignedBy = shape.DesignedBy,
        Tiers = shape.Tiers ?? [],
        RepeatsMax = Math.Max(1, shape.RepeatsMax),
        Points = shape.Points,
        Bundle = shape.Bundle,
        OrdersMin = shape.OrdersMin,
        OrdersMax = shape.OrdersMax,
        Times = shape.Times,
        Stock = shape.Stock,
        Stacking = shape.Stacking ?? new(),
        UsesMax = Math.Max(1, shape.UsesMax),
    };
}

[GenerateSerializer, Alias("cg.guardrails")]
internal struct GuardrailsShape
{
    [Id(0)] public IReadOnlyList<OfferKind> Kinds;
    [Id(1)] public int DepthMinBasisPoints;
    [Id(2)] public int DepthMaxBasisPoints;
    [Id(3)] public int DepthStepBasisPoints;
    [Id(4)] public int MarginFloorBasisPoints;
    [Id(5)] public int AssumedMarginBasisPoints;
    [Id(6)] public Money Cap;
    [Id(7)] public Money MinimumSpendMin;
    [Id(8)] public Money MinimumSpendMax;
    [Id(9)] public Money AmountStep;
    [Id(10)] public IReadOnlyList<string> Categories;
    [Id(11)] public bool WholeCart;
    [Id(12)] public int ValidDaysMin;
    [Id(13)] public int ValidDaysMax;
    [Id(14)] public int RepeatsMax;
    [Id(15)] public int PointsPerStep;
    [Id(16)] public int PointsFactorMax;
    [Id(17)] public OfferTimes? Times;
    [Id(18)] public int? ValidHoursMin;
    [Id(19)] public IReadOnlyList<string>? Brands;
}

[RegisterConverter, RegisterCopier]
internal sealed class GuardrailsConverter : Shaped<Guardrails, GuardrailsShape>
{
    public override GuardrailsShape ConvertToSurrogate(in Guardrails value) => new()
    {
        Kinds = value.Kinds,
        DepthMinBasisPoints = value.DepthMinBasisPoints,
        DepthMaxBasisPoints = value.DepthMaxBasisPoints,
        DepthStepBasisPoints = value.DepthStepBasisPoints,
        MarginFloorBasisPoints = value.MarginFloorBasisPoints,
        AssumedMarginBasisPoints = value.AssumedMarginBasisPoints,
        Cap = value.Cap,
        MinimumSpendMin = value.MinimumSpendMin,
        MinimumSpendMax = value.MinimumSpendMax,
        AmountStep = value.AmountStep,
        Categories = value.Categories,
        WholeCart = value.WholeCart,
        ValidDaysMin = value.ValidDaysMin,
        ValidDaysMax = value.ValidDaysMax,
        RepeatsMax = value.RepeatsMax,
        PointsPerStep = value.PointsPerStep,
        PointsFactorMax = value.PointsFactorMax,
        Times = value.Times,
        ValidHoursMin = value.ValidHoursMin,
        Brands = value.Brands,
    };

    public override Guardrails ConvertFromSurrogate(in GuardrailsShape shape) => new()
    {
        Kinds = shape.Kinds,
        DepthMinBasisPoints = shape.DepthMinBasisPoints,
        DepthMaxBasisPoints = shape.DepthMaxBasisPoints,
        DepthStepBasisPoints = shape.DepthStepBasisPoints,
        MarginFloorBasisPoints = shape.MarginFloorBasisPoints,
        AssumedMarginBasisPoints = shape.AssumedMarginBasisPoints,
        Cap = shape.Cap,
        MinimumSpendMin = shape.MinimumSpendMin,
        MinimumSpendMax = shape.MinimumSpendMax,
        AmountStep = shape.AmountStep,
        Categories = shape.Categories,
        WholeCart = shape.WholeCart,
        ValidDaysMin = shape.ValidDaysMin,
        ValidDaysMax = shape.ValidDaysMax,
        RepeatsMax = shape.RepeatsMax == 0 ? 10 : shape.RepeatsMax,
        PointsPerStep = shape.PointsPerStep == 0 ? 100 : shape.PointsPerStep,
        PointsFactorMax = shape.PointsFactorMax == 0 ? 5 : shape.PointsFactorMax,
        Times = shape.Times,
        ValidHoursMin = shape.ValidHoursMin,
        Brands = shape.Brands ?? [],
    };
}
