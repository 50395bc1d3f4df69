using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;

namespace CouponGrains.Contracts.Campaigns;

[GenerateSerializer, Alias("cg.template-order")]
internal struct TemplateOrderShape
{
    [Id(0)] public string Template;
    [Id(1)] public CampaignId Id;
    [Id(2)] public string? Name;
    [Id(3)] public DateTimeOffset? Start;
    [Id(4)] public DateTimeOffset? End;
    [Id(5)] public string TimeZone;
    [Id(6)] public Money? Budget;
}

[RegisterConverter, RegisterCopier]
internal sealed class TemplateOrderConverter : Shaped<TemplateOrder, TemplateOrderShape>
{
    public override TemplateOrderShape ConvertToSurrogate(in TemplateOrder value) => new()
    {
        Template = value.Template,
        Id = value.Id,
        Name = value.Name,
        Start = value.Start,
        End = value.End,
        TimeZone = value.TimeZone,
        Budget = value.Budget,
    };

    public override TemplateOrder ConvertFromSurrogate(in TemplateOrderShape shape) => new()
    {
        Template = shape.Template,
        Id = shape.Id,
        Name = shape.Name,
        Start = shape.Start,
        End = shape.End,
        TimeZone = shape.TimeZone,
        Budget = shape.Budget,
    };
}
