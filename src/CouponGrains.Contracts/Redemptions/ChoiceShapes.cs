using CouponGrains.Domain;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Contracts.Redemptions;

[GenerateSerializer, Alias("cg.choice-request")]
internal struct ChoiceRequestShape
{
    [Id(0)] public UserId User;
    [Id(1)] public IReadOnlyList<string> Codes;
    [Id(2)] public string Order;
    [Id(3)] public Cart Cart;
    [Id(4)] public ChoiceMode Mode;
}

[RegisterConverter, RegisterCopier]
internal sealed class ChoiceRequestConverter : Shaped<ChoiceRequest, ChoiceRequestShape>
{
    public override ChoiceRequestShape ConvertToSurrogate(in ChoiceRequest value) =>
        new() { User = value.User, Codes = value.Codes, Order = value.Order, Cart = value.Cart, Mode = value.Mode };

    public override ChoiceRequest ConvertFromSurrogate(in ChoiceRequestShape shape) =>
        new() { User = shape.User, Codes = shape.Codes, Order = shape.Order, Cart = shape.Cart, Mode = shape.Mode };
}

[GenerateSerializer, Alias("cg.chosen-coupon")]
internal struct ChosenCouponShape
{
    [Id(0)] public string Code;
    [Id(1)] public Discount Discount;
}

[RegisterConverter, RegisterCopier]
internal sealed class ChosenCouponConverter : Shaped<ChosenCoupon, ChosenCouponShape>
{
    public override ChosenCouponShape ConvertToSurrogate(in ChosenCoupon value) =>
        new() { Code = value.Code, Discount = value.Discount };

    public override ChosenCoupon ConvertFromSurrogate(in ChosenCouponShape shape) =>
        new(shape.Code, shape.Discount);
}

[GenerateSerializer, Alias("cg.unused-coupon")]
internal struct UnusedCouponShape
{
    [Id(0)] public string Code;
    [Id(1)] public RedemptionStatus Reason;
    [Id(2)] public string? By;
}

[RegisterConverter, RegisterCopier]
internal sealed class UnusedCouponConverter : Shaped<UnusedCoupon, UnusedCouponShape>
{
    public override UnusedCouponShape ConvertToSurrogate(in UnusedCoupon value) =>
        new() { Code = value.Code, Reason = value.Reason, By = value.By };

    public override UnusedCoupon ConvertFromSurrogate(in UnusedCouponShape shape) =>
        new(shape.Code, shape.Reason, shape.By);
}

[GenerateSerializer, Alias("cg.cart-choice")]
internal struct CartChoiceShape
{
    [Id(0)] public Money Total;
    [Id(1)] public IReadOnlyList<ChosenCoupon> Chosen;
    [Id(2)] public IReadOnlyList<UnusedCoupon> Unused;
    [Id(3)] public bool Exact;
}

[RegisterConverter, RegisterCopier]
internal sealed class CartChoiceConverter : Shaped<CartChoice, CartChoiceShape>
{
    public override CartChoiceShape ConvertToSurrogate(in CartChoice value) =>
        new() { Total = value.Total, Chosen = value.Chosen, Unused = value.Unused, Exact = value.Exact };

    public override CartChoice ConvertFromSurrogate(in CartChoiceShape shape) =>
        new() { Total = shape.Total, Chosen = shape.Chosen, Unused = shape.Unused, Exact = shape.Exact };
}
