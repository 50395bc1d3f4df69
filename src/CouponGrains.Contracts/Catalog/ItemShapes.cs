using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;

namespace CouponGrains.Contracts.Catalog;

[GenerateSerializer, Alias("cg.item")]
internal struct ItemShape
{
    [Id(0)] public ItemId Id;
    [Id(1)] public string Title;
    [Id(2)] public IReadOnlyList<string> Categories;
    [Id(3)] public string? Brand;
    [Id(4)] public Money? Price;
    [Id(5)] public int? MarginBasisPoints;
    [Id(6)] public int? Stock;
    [Id(7)] public IReadOnlyDictionary<string, string> Attributes;
    [Id(8)] public bool Described;
}

[RegisterConverter, RegisterCopier]
internal sealed class ItemConverter : Shaped<Item, ItemShape>
{
    public override ItemShape ConvertToSurrogate(in Item value) => new()
    {
        Id = value.Id,
        Title = value.Title,
        Categories = value.Categories,
        Brand = value.Brand,
        Price = value.Price,
        MarginBasisPoints = value.MarginBasisPoints,
        Stock = value.Stock,
        Attributes = value.Attributes,
        Described = value.Described,
    };

    public override Item ConvertFromSurrogate(in ItemShape shape) => new()
    {
        Id = shape.Id,
        Title = shape.Title,
        Categories = shape.Categories,
        Brand = shape.Brand,
        Price = shape.Price,
        MarginBasisPoints = shape.MarginBasisPoints,
        Stock = shape.Stock,
        Attributes = shape.Attributes,
        Described = shape.Described,
    };
}
