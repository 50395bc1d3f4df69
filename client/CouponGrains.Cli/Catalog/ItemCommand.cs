using CouponGrains.Client;
using CouponGrains.Domain;

namespace CouponGrains.Cli.Catalog;

/// <summary><c>coupons item list</c>; <c>coupons item show ITEM</c>: an item and where its factors come from;
/// <c>coupons item similar ITEM</c>: items of like factors.</summary>
internal static class ItemCommand
{
    private static readonly Argument<string> Item = new("ITEM") { Description = "The item's id" };
    private static readonly Option<int> Count = Verb.Count(10);

    private static readonly Option<string?> After = new("--after") { Description = "Only those behind this id" };

    public static Command Build() => Verb.Group("item", "Items",
        Verb.Online("list", "Items in the order of their ids", [Count, After], List),
        Verb.Online("show", "An item, and where its factors come from", [Item], Show),
        Verb.Online("similar", "The items of like factors", [Item, Count], Similar));

    private static async Task List(
        ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        ItemId? after = parsed.GetValue(After) is { } last ? Ids.Item(last) : null;
        var items = await client.Items(after, cancel).Take(Verb.Counted(parsed, Count)).ToArrayAsync(cancel);
        screen.Result(new { items }, console => console.Write(Screen.Grid(
            ["item", "title", "categories", "#price", "#stock"], items.Select(i => new[]
            {
                i.Id.Value, i.Title, string.Join(" / ", i.Categories), $"{i.Price}", $"{i.Stock:N0}",
            }))));
    }

    private static async Task Show(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var item = Ids.Item(parsed.GetValue(Item)!);
        var view = await client.Item(item, cancel);
        screen.Result(new { item = view.Item, factorSource = view.FactorSource, model = view.Model }, console =>
        {
            console.WriteLine($"{item}: {view.Item.Title}, {string.Join(" / ", view.Item.Categories)}, {view.Item.Price}");
            console.WriteLine($"factors: {view.FactorSource}, model {view.Model}");
        });
    }

    private static async Task Similar(
        ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var item = Ids.Item(parsed.GetValue(Item)!);
        var similar = await client.SimilarItems(item, Verb.Counted(parsed, Count), cancel);
        screen.Result(similar, console => console.Write(Screen.Grid(["item", "#cosine", ""],
            similar.Select(s => new[] { s.Item.Value, $"{s.Cosine:F4}", s.Provisional ? "provisional" : "" }))));
    }
}
