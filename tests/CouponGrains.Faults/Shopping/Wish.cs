namespace CouponGrains.Faults.Shopping;

/// <summary>What a client asks for.</summary>
internal enum WishKind
{
    /// <summary>An event to be recorded; the key is its id.</summary>
    Event,

    /// <summary>A coupon to be issued.</summary>
    Issue,

    /// <summary>A coupon to be claimed; the key is its code.</summary>
    Claim,

    /// <summary>A coupon to be set aside.</summary>
    Reserve,

    /// <summary>A reservation to be redeemed, under its key.</summary>
    Confirm,

    /// <summary>A reservation to be given up, under its key.</summary>
    Release,

    /// <summary>A coupon to be redeemed.</summary>
    Redeem,

    /// <summary>A redemption to be undone, under its key.</summary>
    RollBack,

    /// <summary>A coupon of a code that many users share.</summary>
    ClaimShared,

    /// <summary>A coupon of a code that is nobody's yet, and goes to the first who claims it.</summary>
    ClaimFree,

    /// <summary>Pieces of an order to be booked as come back.</summary>
    Return,

    /// <summary>A campaign at a revision to issue nothing more.</summary>
    Pause,

    /// <summary>A paused campaign at a revision to go on.</summary>
    Resume,
}

/// <summary>Something that a client wants done once, however often it has to ask.</summary>
/// <param name="Kind">What.</param>
/// <param name="Key">With <paramref name="Kind"/> its identity: the same wish is always asked for with the same key and
/// content.</param>
/// <param name="User">For whom.</param>
internal sealed record Wish(WishKind Kind, string Key, string User)
{
    /// <summary>The campaign of an issue, or that is paused or resumed.</summary>
    public string? Campaign { get; init; }

    /// <summary>The offer of an issue.</summary>
    public string? Offer { get; init; }

    /// <summary>The code that is claimed or used: a coupon's own, a shared one, or one that may be nobody's.</summary>
    public string? Code { get; init; }

    /// <summary>The revision that a campaign must be at to be paused or resumed: late copies change nothing.</summary>
    public int Revision { get; init; }

    /// <summary>The key of the redemption on whose order something comes back.</summary>
    public string? Redemption { get; init; }

    /// <summary>Pieces of the first line of the cart, of <see cref="FirstPieces"/>, that come back.</summary>
    public int First { get; init; }

    /// <summary>Pieces of the second line, of <see cref="SecondPieces"/>, that come back.</summary>
    public int Second { get; init; }

    /// <summary>Minor units that the cart of a checkout costs.</summary>
    public long Price { get; init; }

    /// <summary>Seconds for which a coupon is set aside.</summary>
    public int Hold { get; init; }

    /// <summary>The item of an event.</summary>
    public string? Item { get; init; }

    /// <summary>The instant of an event.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The order of a checkout or return.</summary>
    public string Order => "o-" + (Redemption ?? Key);

    /// <summary>Pieces of the first line of every cart.</summary>
    public const int FirstPieces = 2;

    /// <summary>Pieces of its second line.</summary>
    public const int SecondPieces = 1;
}

/// <summary>What a client was told of a wish.</summary>
/// <param name="Code"><see cref="Done"/>, <see cref="None"/>, or the code of a problem.</param>
/// <param name="Coupon">The code of the coupon that was issued or used.</param>
/// <param name="Minor">What was taken off, in minor units.</param>
internal sealed record Answer(string Code, string? Coupon = null, long? Minor = null)
{
    /// <summary>It is done, or was.</summary>
    public const string Done = "done";

    /// <summary>No answer came.</summary>
    public const string None = "none";

    /// <summary>Something went wrong inside: nobody knows whether it was done, and it must not come to that.</summary>
    public const string Fault = "internal_error";

    /// <summary>Codes after which nobody knows whether it was done: <c>in_flight</c> says that the same key is at work.
    /// </summary>
    private static readonly HashSet<string> Unknown =
        [None, Fault, "unavailable", "in_flight", "no_serve_silo", "store_not_writable"];

    /// <summary>Codes that tell that the campaign has left the revision that was named.</summary>
    private static readonly HashSet<string> Moved = ["revision_changed", "version_conflict"];

    /// <summary>True if it is done.</summary>
    public bool IsDone => Code == Done;

    /// <summary>True if the campaign is at a later revision than the one that was named.</summary>
    public bool IsMoved => Moved.Contains(Code);

    /// <summary>False where nobody knows whether it was done.</summary>
    public bool IsKnown => !Unknown.Contains(Code);
}

/// <summary>What a campaign promises not to pass. The limits that a campaign does not have are very large.</summary>
internal sealed record Terms(string Campaign)
{
    private const int Never = 1_000_000;
    private const int SharedStock = 25;

    /// <summary>Minor units that all redemptions together may give.</summary>
    public long Budget { get; init; } = 1_000_000_00;

    /// <summary>Redemptions in all.</summary>
    public int RedemptionsMax { get; init; } = Never;

    /// <summary>Redemptions of one user.</summary>
    public int RedeemedPerUser { get; init; } = Never;

    /// <summary>Coupons of one user.</summary>
    public int IssuedPerUser { get; init; } = Never;

    /// <summary>Redemptions of a day.</summary>
    public int RedeemedPerDay { get; init; } = Never;

    /// <summary>Minor units that a user is given on a day.</summary>
    public long MinorPerUserAndDay { get; init; } = 1_000_000_00;

    /// <summary>Coupons of each offer; see <see cref="StockOf"/>.</summary>
    public int Stock { get; init; } = Never;

    /// <summary>When the first offer is over.</summary>
    public DateTimeOffset? FirstOfferUntil { get; init; }

    /// <summary>The offer of the code that all share: fewer coupons than there are users.</summary>
    public string SharedOffer => Offer(Shopper.Offers);

    /// <summary>That code.</summary>
    public string SharedCode => Campaign.ToUpperInvariant() + "-FOR-ALL";

    /// <summary>The offer of the codes that are nobody's until they are claimed.</summary>
    public string FreeOffer => Offer(Shopper.Offers + 1);

    /// <summary>Coupons of an offer.</summary>
    public int StockOf(string offer) => offer == SharedOffer ? Math.Min(Stock, SharedStock) : Stock;

    /// <summary>The id of the offer of a number.</summary>
    public string Offer(int number) => $"{Campaign}-{number}";

    /// <summary>Uses of a coupon: of the last offer's more than one.</summary>
    public int UsesMax(string offer) => offer == Offer(Shopper.Offers - 1) ? 2 : 1;
}
