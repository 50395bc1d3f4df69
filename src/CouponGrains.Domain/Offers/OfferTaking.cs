namespace CouponGrains.Domain.Offers;

/// <summary>What an offer would take off a cart before its cap, and off which lines.</summary>
/// <param name="Total">Minor units, exact.</param>
/// <param name="Weights">What is left of each line that bears the discount; the parts are in proportion to
/// it.</param>
internal sealed record OfferTaking(Int128 Total, long[] Weights)
{
    /// <summary>What is left of the fee, if that is what is taken off.</summary>
    internal long Shipping { get; private init; }

    /// <summary>Points earned beyond the usual ones.</summary>
    internal long PointsEarned { get; private init; }

    /// <summary>One lot: an amount for its points.</summary>
    private (long Amount, int Price) Lot { get; init; }

    /// <summary>The points for a discount: no lot is paid for that gives nothing.</summary>
    internal long PointsSpent(long discount) =>
        Lot.Amount == 0 ? 0 : (long)((((Int128)discount + Lot.Amount - 1) / Lot.Amount) * Lot.Price);

    internal static OfferObstacle Of(
        Offer offer, Cart cart, CartRest rest, Coverage coverage, out OfferTaking? taking)
    {
        taking = null;
        var worth = coverage.Bought.Sum();
        var gift = coverage.Gift;
        var basis = offer.Kind switch
        {
            OfferKind.Gift => gift < 0 ? 0 : cart.Lines[gift].UnitPrice.Minor,
            OfferKind.FreeShipping => cart.Shipping?.Minor ?? 0,
            _ => worth,
        };
        if (worth == 0 || basis == 0)
        {
            return OfferObstacle.NothingInScope;
        }

        var spent = gift >= 0 && coverage.Bought[gift] > 0 ? worth - basis : worth;
        if (offer.MinimumSpend is { } minimum && spent < minimum.Minor)
        {
            return OfferObstacle.BelowMinimumSpend;
        }

        var left = coverage.Bought.Select((w, i) => w > 0 ? rest.Lines[i] : 0).ToArray();
        switch (offer.Kind)
        {
            case OfferKind.Gift:
                taking = new(basis, [.. left.Select((_, i) => i == gift ? Math.Min(basis, rest.Lines[i]) : 0)]);
                return OfferObstacle.None;
            case OfferKind.FreeShipping:
                taking = new(basis, new long[left.Length]) { Shipping = rest.Shipping };
                return OfferObstacle.None;
            case OfferKind.BuyAndGet:
                return Bundle(offer, cart, rest, coverage, out taking);
            case OfferKind.PointsRedemption:
                return Points(offer, spent, rest, left, out taking);
            default:
                taking = offer.Kind switch
                {
                    OfferKind.PercentOff => new(Share(Sum(left), offer), left),
                    OfferKind.PointsMultiplied => new(0, left) { PointsEarned = Earned(offer, Sum(left)) },
                    _ => new(Amount(offer, spent), left),
                };
                return OfferObstacle.None;
        }
    }

    private static OfferObstacle Bundle(
        Offer offer, Cart cart, CartRest rest, Coverage coverage, out OfferTaking? taking)
    {
        taking = null;
        if (BundlePieces.Of(offer, cart, coverage, rest.Rank) is not { } pieces)
        {
            return OfferObstacle.NotEnoughPieces;
        }

        taking = new(
            Share(pieces.Discounted, offer), [.. pieces.Worth.Select((w, i) => Math.Min(w, rest.Lines[i]))]);
        return OfferObstacle.None;
    }

    private static OfferObstacle Points(
        Offer offer, long spent, CartRest rest, long[] left, out OfferTaking? taking)
    {
        taking = null;
        var price = Math.Max(1, offer.Points?.Price ?? 1);
        var lots = Math.Min(rest.Points / price, Repeats(offer, spent));
        if (lots < 1)
        {
            return OfferObstacle.NotEnoughPoints;
        }

        var amount = offer.Amount?.Minor ?? 0;
        taking = new((Int128)amount * lots, left) { Lot = (amount, price) };
        return OfferObstacle.None;
    }

    /// <summary>The amount of the highest tier that is reached, or of each full minimum.</summary>
    private static Int128 Amount(Offer offer, long spent)
    {
        var reached = offer.Tiers.Where(t => t.Spend.Minor <= spent).Select(t => t.Save.Minor).DefaultIfEmpty(0).Max();
        return Int128.Max(reached, (Int128)(offer.Amount?.Minor ?? 0) * Repeats(offer, spent));
    }

    private static long Repeats(Offer offer, long spent) => offer.MinimumSpend is { Minor: > 0 } minimum
        ? Math.Min(offer.RepeatsMax, spent / minimum.Minor)
        : offer.RepeatsMax;

    /// <summary>Rounded half away from zero, as <see cref="Money.Share"/>.</summary>
    private static Int128 Share(Int128 minor, Offer offer) => ((minor * offer.PercentBasisPoints) + 5_000) / 10_000;

    private static long Earned(Offer offer, Int128 left) => offer.Points is { Step: { Minor: > 0 } step, Factor: > 1 } p
        ? (long)Int128.Min(left / step.Minor * (p.Factor - 1), long.MaxValue)
        : 0;

    private static Int128 Sum(long[] minor) => minor.Aggregate((Int128)0, (sum, m) => sum + m);
}
