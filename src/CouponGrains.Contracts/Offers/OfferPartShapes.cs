using CouponGrains.Domain;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Contracts.Offers;

[GenerateSerializer, Alias("cg.spend-tier")]
internal struct SpendTierShape
{
    [Id(0)] public Money Spend;
    [Id(1)] public Money Save;
}

[RegisterConverter, RegisterCopier]
internal sealed class SpendTierConverter : Shaped<SpendTier, SpendTierShape>
{
    public override SpendTierShape ConvertToSurrogate(in SpendTier value) =>
        new() { Spend = value.Spend, Save = value.Save };

    public override SpendTier ConvertFromSurrogate(in SpendTierShape shape) =>
        new(shape.Spend, shape.Save);
}

[GenerateSerializer, Alias("cg.offer-points")]
internal struct OfferPointsShape
{
    [Id(0)] public int Price;
    [Id(1)] public int Factor;
    [Id(2)] public Money? Step;
}

[RegisterConverter, RegisterCopier]
internal sealed class OfferPointsConverter : Shaped<OfferPoints, OfferPointsShape>
{
    public override OfferPointsShape ConvertToSurrogate(in OfferPoints value) =>
        new() { Price = value.Price, Factor = value.Factor, Step = value.Step };

    public override OfferPoints ConvertFromSurrogate(in OfferPointsShape shape) =>
        new() { Price = shape.Price, Factor = shape.Factor, Step = shape.Step };
}

[GenerateSerializer, Alias("cg.offer-bundle")]
internal struct OfferBundleShape
{
    [Id(0)] public int Buy;
    [Id(1)] public int Get;
    [Id(2)] public OfferScope? GetScope;
}

[RegisterConverter, RegisterCopier]
internal sealed class OfferBundleConverter : Shaped<OfferBundle, OfferBundleShape>
{
    public override OfferBundleShape ConvertToSurrogate(in OfferBundle value) =>
        new() { Buy = value.Buy, Get = value.Get, GetScope = value.GetScope };

    public override OfferBundle ConvertFromSurrogate(in OfferBundleShape shape) =>
        new() { Buy = shape.Buy, Get = shape.Get, GetScope = shape.GetScope };
}

[GenerateSerializer, Alias("cg.offer-times")]
internal struct OfferTimesShape
{
    [Id(0)] public DateTimeOffset? Start;
    [Id(1)] public DateTimeOffset? End;
    [Id(2)] public IReadOnlyList<DayOfWeek> Weekdays;
    [Id(3)] public TimeOnly? From;
    [Id(4)] public TimeOnly? Until;
}

[RegisterConverter, RegisterCopier]
internal sealed class OfferTimesConverter : Shaped<OfferTimes, OfferTimesShape>
{
    public override OfferTimesShape ConvertToSurrogate(in OfferTimes value) => new()
    {
        Start = value.Start,
        End = value.End,
        Weekdays = value.Weekdays,
        From = value.From,
        Until = value.Until,
    };

    public override OfferTimes ConvertFromSurrogate(in OfferTimesShape shape) => new()
    {
        Start = shape.Start,
        End = shape.End,
        Weekdays = shape.Weekdays,
        From = shape.From,
        Until = shape.Until,
    };
}

[GenerateSerializer, Alias("cg.stacking")]
internal struct StackingShape
{
    [Id(0)] public StackingRule Rule;
    [Id(1)] public string Class;
    [Id(2)] public IReadOnlyList<string> With;
    [Id(3)] public int Priority;
}

[RegisterConverter, RegisterCopier]
internal sealed class StackingConverter : Shaped<Stacking, StackingShape>
{
    public override StackingShape ConvertToSurrogate(in Stacking value) =>
        new() { Rule = value.Rule, Class = value.Class, With = value.With, Priority = value.Priority };

    public override Stacking ConvertFromSurrogate(in StackingShape shape) =>
        new() { Rule = shape.Rule, Class = shape.Class, With = shape.With, Priority = shape.Priority };
}
