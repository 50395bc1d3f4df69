using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;
using CouponGrains.Training.Models;
using CouponGrains.Training.Offers;

namespace CouponGrains.Training.Tests.Offers;

public sealed class DesignExamplesTests
{
    [Fact]
    public void Items_without_a_category_are_passed_over_where_the_user_also_has_others()
    {
        ItemId[] items = [new("1"), new("2")];
        var catalog = new CatalogIndex([Item(items[0], "FOOD"), Item(items[1])]);
        float[] v = [1, 0, 0, 1];
        var matrix = new BehaviourMatrix([new("7")], items, CsrMatrix.FromDense(new float[,] { { 1, 1 } }), default);
        var factors = new SvdFactors(2, [1, 1], v, [1, 1], 1, 0);
        var scopes = new ScopeFactors(catalog, new(items, 2, v));
        var source = new DesignExamples(matrix, factors, scopes, UserSegments.Find([1, 1], 2, new(1)));

        var examples = source.FromBehaviour(200, [0, -1], new(3));

        // Half of the first draws fall on the item that has one.
        Assert.InRange(examples.Count, 60, 140);
        Assert.Empty(source.FromBehaviour(200, [-1, -1], new(3)));
    }

    private static Item Item(ItemId id, params string[] categories) =>
        new() { Id = id, Categories = categories };
}
