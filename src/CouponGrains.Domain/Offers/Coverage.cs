using CouponGrains.Domain.Catalog;

namespace CouponGrains.Domain.Offers;

/// <summary>Which lines of a cart an offer is about. It does not change with the coupons before.</summary>
/// <param name="Bought">What each line in scope is worth at its price, otherwise 0.</param>
/// <param name="Got">The lines whose pieces may be got; for other kinds none.</param>
/// <param name="Gift">The line that the gift is taken from, or −1.</param>
/// <param name="Room">See <see cref="LineMargins.Room"/>; of lines that are not in scope, and where no guardrails are
/// known, <see cref="LineMargins.Unbounded"/>.</param>
internal sealed record Coverage(long[] Bought, bool[] Got, int Gift, long[] Room)
{
    /// <summary>Of a scope that lists much the list is looked through once, not once for each line.</summary>
    internal static Coverage Of(Offer offer, Cart cart, Func<ItemId, Item> item, Guardrails? guardrails = null)
    {
        var covered = Lines(offer.Scope, cart, item);
        var got = offer.Kind == OfferKind.BuyAndGet && offer.Bundle?.GetScope is { } scope
            ? Lines(scope, cart, item)
            : new bool[covered.Length];
        var gift = offer.Kind == OfferKind.Gift ? GiftLine(offer, cart) : -1;
        long[] bought = [.. cart.Lines.Select((l, i) => covered[i] && !got[i] ? l.Total.Minor : 0)];
        return new(bought, got, gift, Rooms(bought, cart, item, guardrails));
    }

    private static long[] Rooms(long[] bought, Cart cart, Func<ItemId, Item> item, Guardrails? guardrails) =>
    [
        .. bought.Select((worth, i) => guardrails is { } g && worth > 0
            ? LineMargins.RoomOf(worth, GuardrailRules.Margin(item(cart.Lines[i].Item), g), g.MarginFloorBasisPoints)
            : LineMargins.Unbounded),
    ];

    private static bool[] Lines(OfferScope scope, Cart cart, Func<ItemId, Item> item)
    {
        var inCart = cart.Lines.Select(l => l.Item).ToHashSet();
        var listed = scope.Items.Where(inCart.Contains).ToHashSet();
        var excluded = scope.Excluded.Where(inCart.Contains).ToHashSet();
        return
        [
            .. cart.Lines.Select(l => !excluded.Contains(l.Item)
                && (listed.Contains(l.Item) || CartEngine.InScopeByKind(scope, item(l.Item)))),
        ];
    }

    private static int GiftLine(Offer offer, Cart cart) => Enumerable.Range(0, cart.Lines.Count)
        .Where(i => cart.Lines[i].Item == offer.Gift)
        .OrderBy(i => cart.Lines[i].UnitPrice.Minor).ThenBy(i => cart.Lines[i].Quantity)
        .FirstOrDefault(-1);
}
