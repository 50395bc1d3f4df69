using CouponGrains.Domain;

namespace CouponGrains.Contracts;

[GenerateSerializer, Alias("cg.currency")]
internal struct CurrencyShape
{
    [Id(0)] public string? Code;
}

[RegisterConverter, RegisterCopier]
internal sealed class CurrencyConverter : Shaped<Currency, CurrencyShape>
{
    public override CurrencyShape ConvertToSurrogate(in Currency value) => new() { Code = value.Code };

    public override Currency ConvertFromSurrogate(in CurrencyShape shape) => shape.Code is null ? default : new(shape.Code);
}

[GenerateSerializer, Alias("cg.money")]
internal struct MoneyShape
{
    [Id(0)] public long Minor;
    [Id(1)] public string? Currency;
}

[RegisterConverter, RegisterCopier]
internal sealed class MoneyConverter : Shaped<Money, MoneyShape>
{
    public override MoneyShape ConvertToSurrogate(in Money value) => new() { Minor = value.Minor, Currency = value.Currency.Code };

    public override Money ConvertFromSurrogate(in MoneyShape shape) =>
        new(shape.Minor, shape.Currency is null ? default : new(shape.Currency));
}
