using CouponGrains.Domain;

namespace CouponGrains.Contracts;

/// <summary>Any identifier: its text; null stands for the default of the type.</summary>
[GenerateSerializer, Alias("cg.id")]
internal struct IdShape
{
    [Id(0)] public string? Value;
}

[RegisterConverter, RegisterCopier]
internal sealed class UserIdConverter : Shaped<UserId, IdShape>
{
    public override IdShape ConvertToSurrogate(in UserId value) => new() { Value = value.Value };

    public override UserId ConvertFromSurrogate(in IdShape shape) => shape.Value is null ? default : new(shape.Value);
}

[RegisterConverter, RegisterCopier]
internal sealed class ItemIdConverter : Shaped<ItemId, IdShape>
{
    public override IdShape ConvertToSurrogate(in ItemId value) => new() { Value = value.Value };

    public override ItemId ConvertFromSurrogate(in IdShape shape) => shape.Value is null ? default : new(shape.Value);
}

[RegisterConverter, RegisterCopier]
internal sealed class EventIdConverter : Shaped<EventId, IdShape>
{
    public override IdShape ConvertToSurrogate(in EventId value) => new() { Value = value.Value };

    public override EventId ConvertFromSurrogate(in IdShape shape) => shape.Value is null ? default : new(shape.Value);
}

[RegisterConverter, RegisterCopier]
internal sealed class CampaignIdConverter : Shaped<CampaignId, IdShape>
{
    public override IdShape ConvertToSurrogate(in CampaignId value) => new() { Value = value.Value };

    public override CampaignId ConvertFromSurrogate(in IdShape shape) => shape.Value is null ? default : new(shape.Value);
}

[RegisterConverter, RegisterCopier]
internal sealed class OfferIdConverter : Shaped<OfferId, IdShape>
{
    public override IdShape ConvertToSurrogate(in OfferId value) => new() { Value = value.Value };

    public override OfferId ConvertFromSurrogate(in IdShape shape) => shape.Value is null ? default : new(shape.Value);
}

[GenerateSerializer, Alias("cg.model-version")]
internal struct ModelVersionShape
{
    [Id(0)] public long Number;
}

[RegisterConverter, RegisterCopier]
internal sealed class ModelVersionConverter : Shaped<ModelVersion, ModelVersionShape>
{
    public override ModelVersionShape ConvertToSurrogate(in ModelVersion value) => new() { Number = value.Number };

    public override ModelVersion ConvertFromSurrogate(in ModelVersionShape shape) => new(shape.Number);
}
