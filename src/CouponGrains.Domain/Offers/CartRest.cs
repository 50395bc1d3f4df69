namespace CouponGrains.Domain.Offers;

/// <summary>What is left of a cart after the coupons before: of each line, of the shipping fee, of the
/// points; and what they have taken off the margins.</summary>
public sealed record CartRest
{
    private CartRest()
    {
    }

    /// <summary>Minor units left of each line.</summary>
    public IReadOnlyList<long> Lines { get; private init; } = [];

    /// <summary>Minor units left of the shipping fee.</summary>
    public long Shipping { get; private init; }

    /// <summary>Points left.</summary>
    public long Points { get; private init; }

    /// <summary>The place of each line among the lines ordered by item, price and quantity: it breaks ties, so that the
    /// order in which a cart is written changes no amount.</summary>
    internal IReadOnlyList<int> Rank { get; private init; } = [];

    /// <summary>What the coupons before have taken off the lines' margins.</summary>
    internal LineMargins Margins { get; private init; } = LineMargins.None(0);

    /// <summary>All of a cart.</summary>
    public static CartRest Of(Cart cart)
    {
        var rank = new int[cart.Lines.Count];
        var ordered = Enumerable.Range(0, rank.Length).OrderBy(i => cart.Lines[i].Item)
            .ThenBy(i => cart.Lines[i].UnitPrice.Minor).ThenBy(i => cart.Lines[i].Quantity);
        foreach (var (place, line) in ordered.Index())
        {
            rank[line] = place;
        }

        return new()
        {
            Lines = [.. cart.Lines.Select(l => l.Total.Minor)],
            Shipping = cart.Shipping?.Minor ?? 0,
            Points = cart.Points ?? 0,
            Rank = rank,
            Margins = LineMargins.None(rank.Length),
        };
    }

    /// <summary>What is left when <paramref name="discount"/> is taken off too; never below zero. Each line bears its
    /// part, and no floor is known.</summary>
    public CartRest After(Discount discount)
    {
        var none = LineMargins.None(Lines.Count);
        long[] borne = [.. Lines.Select((_, i) => i < discount.Lines.Count ? discount.Lines[i].Minor : 0)];
        return After(discount, none with { Borne = borne });
    }

    /// <summary>The same with what the discount takes off the margins.</summary>
    internal CartRest After(Discount discount, LineMargins margins) => this with
    {
        Margins = Margins.With(margins),
        Lines =
        [
            .. Lines.Select((left, i) => Math.Max(0, left - (i < discount.Lines.Count ? discount.Lines[i].Minor : 0))),
        ],
        Shipping = Math.Max(0, Shipping - discount.Shipping.Minor),
        Points = Math.Max(0, Points - discount.PointsSpent),
    };
}
