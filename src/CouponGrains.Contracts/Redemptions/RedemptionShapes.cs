using CouponGrains.Domain;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Contracts.Redemptions;

[GenerateSerializer, Alias("cg.redemption-request")]
internal struct RedemptionRequestShape
{
    [Id(0)] public string Key;
    [Id(1)] public UserId User;
    [Id(2)] public string Code;
    [Id(3)] public string Order;
    [Id(4)] public Cart Cart;
    [Id(5)] public int PriorOrders;
}

[RegisterConverter, RegisterCopier]
internal sealed class RedemptionRequestConverter : Shaped<RedemptionRequest, RedemptionRequestShape>
{
    public override RedemptionRequestShape ConvertToSurrogate(in RedemptionRequest value) => new()
    {
        Key = value.Key,
        User = value.User,
        Code = value.Code,
        Order = value.Order,
        Cart = value.Cart,
        PriorOrders = value.PriorOrders,
    };

    public override RedemptionRequest ConvertFromSurrogate(in RedemptionRequestShape shape) => new()
    {
        Key = shape.Key,
        User = shape.User,
        Code = shape.Code,
        Order = shape.Order,
        Cart = shape.Cart,
        PriorOrders = shape.PriorOrders,
    };
}

[GenerateSerializer, Alias("cg.redemption")]
internal struct RedemptionShape
{
    [Id(0)] public string Key;
    [Id(1)] public string Code;
    [Id(2)] public UserId User;
    [Id(3)] public CampaignId Campaign;
    [Id(4)] public string Order;
    [Id(5)] public Discount Discount;
    [Id(6)] public DateTimeOffset At;
    [Id(7)] public DateTimeOffset? RolledBackAt;
}

[RegisterConverter, RegisterCopier]
internal sealed class RedemptionConverter : Shaped<Redemption, RedemptionShape>
{
    public override RedemptionShape ConvertToSurrogate(in Redemption value) => new()
    {
        Key = value.Key,
        Code = value.Code,
        User = value.User,
        Campaign = value.Campaign,
        Order = value.Order,
        Discount = value.Discount,
        At = value.At,
        RolledBackAt = value.RolledBackAt,
    };

    public override Redemption ConvertFromSurrogate(in RedemptionShape shape) => new()
    {
        Key = shape.Key,
        Code = shape.Code,
        User = shape.User,
        Campaign = shape.Campaign,
        Order = shape.Order,
        Discount = shape.Discount,
        At = shape.At,
        RolledBackAt = shape.RolledBackAt,
    };
}

[GenerateSerializer, Alias("cg.redemption-answer")]
internal struct RedemptionAnswerShape
{
    [Id(0)] public RedemptionStatus Status;
    [Id(1)] public Discount? Discount;
    [Id(2)] public Redemption? Redemption;
    [Id(3)] public bool IsRepeat;
}

[RegisterConverter, RegisterCopier]
internal sealed class RedemptionAnswerConverter : Shaped<RedemptionAnswer, RedemptionAnswerShape>
{
    public override RedemptionAnswerShape ConvertToSurrogate(in RedemptionAnswer value) =>
        new()
        {
            Status = value.Status,
            Discount = value.Discount,
            Redemption = value.Redemption,
            IsRepeat = value.IsRepeat,
        };

    public override RedemptionAnswer ConvertFromSurrogate(in RedemptionAnswerShape shape) =>
        new(shape.Status, shape.Discount, shape.Redemption, shape.IsRepeat);
}
