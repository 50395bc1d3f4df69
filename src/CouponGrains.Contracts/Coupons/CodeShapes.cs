using CouponGrains.Domain;
using CouponGrains.Domain.Coupons;

namespace CouponGrains.Contracts.Coupons;

[GenerateSerializer, Alias("cg.code-order")]
internal struct CodeOrderShape
{
    [Id(0)] public CampaignId Campaign;
    [Id(1)] public string Name;
    [Id(2)] public OfferId Offer;
    [Id(3)] public int Count;
}

[RegisterConverter, RegisterCopier]
internal sealed class CodeOrderConverter : Shaped<CodeOrder, CodeOrderShape>
{
    public override CodeOrderShape ConvertToSurrogate(in CodeOrder value) =>
        new() { Campaign = value.Campaign, Name = value.Name, Offer = value.Offer, Count = value.Count };

    public override CodeOrder ConvertFromSurrogate(in CodeOrderShape shape) =>
        new(shape.Campaign, shape.Name, shape.Offer, shape.Count);
}

[GenerateSerializer, Alias("cg.code-batch")]
internal struct CodeBatchShape
{
    [Id(0)] public CampaignId Campaign;
    [Id(1)] public string Name;
    [Id(2)] public OfferId Offer;
    [Id(3)] public int Wanted;
    [Id(4)] public int Made;
    [Id(5)] public int Claimed;
    [Id(6)] public DateTimeOffset At;
}

[RegisterConverter, RegisterCopier]
internal sealed class CodeBatchConverter : Shaped<CodeBatch, CodeBatchShape>
{
    public override CodeBatchShape ConvertToSurrogate(in CodeBatch value) => new()
    {
        Campaign = value.Campaign,
        Name = value.Name,
        Offer = value.Offer,
        Wanted = value.Wanted,
        Made = value.Made,
        Claimed = value.Claimed,
        At = value.At,
    };

    public override CodeBatch ConvertFromSurrogate(in CodeBatchShape shape) => new()
    {
        Campaign = shape.Campaign,
        Name = shape.Name,
        Offer = shape.Offer,
        Wanted = shape.Wanted,
        Made = shape.Made,
        Claimed = shape.Claimed,
        At = shape.At,
    };
}

[GenerateSerializer, Alias("cg.shared-code-order")]
internal struct SharedCodeOrderShape
{
    [Id(0)] public CampaignId Campaign;
    [Id(1)] public string Code;
    [Id(2)] public OfferId Offer;
}

[RegisterConverter, RegisterCopier]
internal sealed class SharedCodeOrderConverter : Shaped<SharedCodeOrder, SharedCodeOrderShape>
{
    public override SharedCodeOrderShape ConvertToSurrogate(in SharedCodeOrder value) =>
        new() { Campaign = value.Campaign, Code = value.Code, Offer = value.Offer };

    public override SharedCodeOrder ConvertFromSurrogate(in SharedCodeOrderShape shape) =>
        new(shape.Campaign, shape.Code, shape.Offer);
}

[GenerateSerializer, Alias("cg.shared-code")]
internal struct SharedCodeShape
{
    [Id(0)] public string Code;
    [Id(1)] public CampaignId Campaign;
    [Id(2)] public OfferId Offer;
    [Id(3)] public DateTimeOffset At;
}

[RegisterConverter, RegisterCopier]
internal sealed class SharedCodeConverter : Shaped<SharedCode, SharedCodeShape>
{
    public override SharedCodeShape ConvertToSurrogate(in SharedCode value) =>
        new() { Code = value.Code, Campaign = value.Campaign, Offer = value.Offer, At = value.At };

    public override SharedCode ConvertFromSurrogate(in SharedCodeShape shape) =>
        new(shape.Code, shape.Campaign, shape.Offer, shape.At);
}
