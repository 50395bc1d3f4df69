using CouponGrains.Domain;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Contracts.Offers;

[GenerateSerializer, Alias("cg.cart-line")]
internal struct CartLineShape
{
    [Id(0)] public ItemId Item;
    [Id(1)] public int Quantity;
    [Id(2)] public Money UnitPrice;
}

[RegisterConverter, RegisterCopier]
internal sealed class CartLineConverter : Shaped<CartLine, CartLineShape>
{
    public override CartLineShape ConvertToSurrogate(in CartLine value) =>
        new() { Item = value.Item, Quantity = value.Quantity, UnitPrice = value.UnitPrice };

    public override CartLine ConvertFromSurrogate(in CartLineShape shape) =>
        new(shape.Item, shape.Quantity, shape.UnitPrice);
}

[GenerateSerializer, Alias("cg.cart")]
internal struct CartShape
{
    [Id(0)] public Currency Currency;
    [Id(1)] public IReadOnlyList<CartLine> Lines;
    [Id(2)] public Money? Shipping;
    [Id(3)] public long? Points;
}

[RegisterConverter, RegisterCopier]
internal sealed class CartConverter : Shaped<Cart, CartShape>
{
    public override CartShape ConvertToSurrogate(in Cart value) =>
        new() { Currency = value.Currency, Lines = value.Lines, Shipping = value.Shipping, Points = value.Points };

    public override Cart ConvertFromSurrogate(in CartShape shape) =>
        new() { Currency = shape.Currency, Lines = shape.Lines, Shipping = shape.Shipping, Points = shape.Points };
}

[GenerateSerializer, Alias("cg.discount")]
internal struct DiscountShape
{
    [Id(0)] public Money Total;
    [Id(1)] public IReadOnlyList<Money> Lines;
    [Id(2)] public Money Shipping;
    [Id(3)] public long PointsSpent;
    [Id(4)] public long PointsEarned;
    [Id(5)] public IReadOnlyList<Money>? EarnedOn;
}

[RegisterConverter, RegisterCopier]
internal sealed class DiscountConverter : Shaped<Discount, DiscountShape>
{
    public override DiscountShape ConvertToSurrogate(in Discount value) => new()
    {
        Total = value.Total,
        Lines = value.Lines,
        Shipping = value.Shipping,
        PointsSpent = value.PointsSpent,
        PointsEarned = value.PointsEarned,
        EarnedOn = value.EarnedOn,
    };

    public override Discount ConvertFromSurrogate(in DiscountShape shape) =>
        new(shape.Total, shape.Lines, shape.Shipping)
        {
            PointsSpent = shape.PointsSpent,
            PointsEarned = shape.PointsEarned,
            EarnedOn = shape.EarnedOn,
        };
}
