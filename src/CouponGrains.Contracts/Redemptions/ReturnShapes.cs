using CouponGrains.Domain;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Contracts.Redemptions;

[GenerateSerializer, Alias("cg.return-request")]
internal struct ReturnRequestShape
{
    [Id(0)] public string Key;
    [Id(1)] public UserId User;
    [Id(2)] public string Order;
    [Id(3)] public Cart Cart;
    [Id(4)] public IReadOnlyList<int> Now;
}

[RegisterConverter, RegisterCopier]
internal sealed class ReturnRequestConverter : Shaped<ReturnRequest, ReturnRequestShape>
{
    public override ReturnRequestShape ConvertToSurrogate(in ReturnRequest value) =>
        new() { Key = value.Key, User = value.User, Order = value.Order, Cart = value.Cart, Now = value.Now };

    public override ReturnRequest ConvertFromSurrogate(in ReturnRequestShape shape) =>
        new() { Key = shape.Key, User = shape.User, Order = shape.Order, Cart = shape.Cart, Now = shape.Now };
}

[GenerateSerializer, Alias("cg.return-value")]
internal struct ReturnValueShape
{
    [Id(0)] public Money Money;
    [Id(1)] public long PointsBack;
    [Id(2)] public long PointsTaken;
}

[RegisterConverter, RegisterCopier]
internal sealed class ReturnValueConverter : Shaped<ReturnValue, ReturnValueShape>
{
    public override ReturnValueShape ConvertToSurrogate(in ReturnValue value) =>
        new() { Money = value.Money, PointsBack = value.PointsBack, PointsTaken = value.PointsTaken };

    public override ReturnValue ConvertFromSurrogate(in ReturnValueShape shape) =>
        new(shape.Money, shape.PointsBack, shape.PointsTaken);
}

[GenerateSerializer, Alias("cg.order-return")]
internal struct OrderReturnShape
{
    [Id(0)] public string Key;
    [Id(1)] public UserId User;
    [Id(2)] public string Order;
    [Id(3)] public ReturnValue Value;
    [Id(4)] public Money BudgetBack;
    [Id(5)] public DateTimeOffset At;
}

[RegisterConverter, RegisterCopier]
internal sealed class OrderReturnConverter : Shaped<OrderReturn, OrderReturnShape>
{
    public override OrderReturnShape ConvertToSurrogate(in OrderReturn value) => new()
    {
        Key = value.Key,
        User = value.User,
        Order = value.Order,
        Value = value.Value,
        BudgetBack = value.BudgetBack,
        At = value.At,
    };

    public override OrderReturn ConvertFromSurrogate(in OrderReturnShape shape) =>
        new(shape.Key, shape.User, shape.Order, shape.Value, shape.BudgetBack, shape.At);
}
