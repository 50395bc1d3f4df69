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
    };
}
