namespace CouponGrains.Domain.Offers;

/// <summary>The pieces of a cart that make the sets of a buy-and-get offer.</summary>
/// <param name="Discounted">What the pieces that are got are worth.</param>
/// <param name="Worth">What each line has in the sets, bought and got.</param>
internal sealed record BundlePieces(Int128 Discounted, long[] Worth)
{
    /// <summary>The sets, or null if there is none.</summary>
    /// <remarks>Within one scope the pieces are laid out from the dearest to the cheapest and cut into sets of
    /// <c>buy + get</c>: in each set the cheapest are got. So one more piece never makes the discount smaller. With a
    /// scope of their own the cheapest pieces of the cart are got.</remarks>
    internal static BundlePieces? Of(Offer offer, Cart cart, Coverage coverage, IReadOnlyList<int> rank) =>
        offer.Bundle is not { Buy: > 0, Get: > 0 } bundle ? null
        : bundle.GetScope is null ? Shared(offer, bundle, cart, coverage, rank)
        : Apart(offer, bundle, cart, coverage, rank);

    private static BundlePieces? Shared(
        Offer offer, OfferBundle bundle, Cart cart, Coverage coverage, IReadOnlyList<int> rank)
    {
        var lines = Priced(cart, i => coverage.Bought[i] > 0, rank).Reverse().ToArray();
        var size = (long)bundle.Buy + bundle.Get;
        var sets = Math.Min(lines.Sum(i => (long)cart.Lines[i].Quantity) / size, offer.RepeatsMax);
        if (sets < 1)
        {
            return null;
        }

        var (worth, discounted, place) = (new long[cart.Lines.Count], (Int128)0, 0L);
        foreach (var i in lines)
        {
            var (from, to) = (Math.Min(place, sets * size), Math.Min(place + cart.Lines[i].Quantity, sets * size));
            worth[i] = (to - from) * cart.Lines[i].UnitPrice.Minor;
            discounted += (Int128)(GotBefore(to) - GotBefore(from)) * cart.Lines[i].UnitPrice.Minor;
            place += cart.Lines[i].Quantity;
        }

        return new(discounted, worth);

        long GotBefore(long piece) => (piece / size * bundle.Get) + Math.Max(0, (piece % size) - bundle.Buy);
    }

    private static BundlePieces? Apart(
        Offer offer, OfferBundle bundle, Cart cart, Coverage coverage, IReadOnlyList<int> rank)
    {
        var bought = cart.Lines.Where((_, i) => coverage.Bought[i] > 0).Sum(l => (long)l.Quantity);
        var left = Math.Min(bought / bundle.Buy, offer.RepeatsMax) * bundle.Get;
        var (worth, discounted) = ((long[])coverage.Bought.Clone(), (Int128)0);
        foreach (var i in Priced(cart, i => coverage.Got[i] && cart.Lines[i].UnitPrice.Minor > 0, rank))
        {
            var pieces = Math.Min(left, cart.Lines[i].Quantity);
            worth[i] = pieces * cart.Lines[i].UnitPrice.Minor;
            discounted += worth[i];
            left -= pieces;
        }

        return discounted == 0 ? null : new(discounted, worth);
    }

    /// <summary>Lines from the cheapest piece to the dearest.</summary>
    private static IEnumerable<int> Priced(Cart cart, Func<int, bool> where, IReadOnlyList<int> rank) =>
        Enumerable.Range(0, cart.Lines.Count).Where(where)
            .OrderBy(i => cart.Lines[i].UnitPrice.Minor).ThenByDescending(i => rank[i]);
}
