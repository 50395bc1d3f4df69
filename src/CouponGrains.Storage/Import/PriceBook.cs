using CouponGrains.Domain;

namespace CouponGrains.Storage.Import;

/// <summary>What the purchases of the Complete Journey tell of prices: <c>sales_value</c> is what the shop received
/// (the maker's part of a coupon with it), <c>retail_disc</c> what the loyalty card took off, <c>coupon_match_disc</c>
/// the shop's part of a coupon and <c>coupon_disc</c> the maker's.</summary>
internal sealed class PriceBook
{
    public const int DepthMin = 500;
    public const int DepthMax = 5_000;
    private const int DepthStep = 500;

    private readonly Dictionary<ItemId, List<decimal>> _shelf = [];
    private readonly Dictionary<ItemId, List<decimal>> _depths = [];
    private readonly decimal _depth;

    private PriceBook(IEnumerable<RowOutcome<Row>> purchases)
    {
        foreach (var row in purchases.Select(o => o.Value).OfType<Row>())
        {
            Add(row);
        }

        _depth = Median([.. _depths.Values.SelectMany(d => d)], 0.1m);
    }

    public static PriceBook Of(string folder)
    {
        using var file = ImportFile.Open(new CompleteJourney(folder, DateTimeOffset.MaxValue).PathOf("transactions"));
        return new(new Csv().Read(file.Text, ["product_id", "quantity", "sales_value", "retail_disc", "coupon_disc", "coupon_match_disc"]));
    }

    /// <summary>The median price of one piece before any discount, or null if it was never sold.</summary>
    public Money? Price(ItemId item) => _shelf.TryGetValue(item, out var prices)
        ? new Money((long)Math.Round(Median(prices, 0) * 100, MidpointRounding.AwayFromZero), new("USD"))
        : null;

    /// <summary>The median share that coupons took off these items, in ten-thousandths and whole steps.</summary>
    public int CouponDepth(IEnumerable<ItemId> items)
    {
        var depth = Median([.. items.SelectMany(i => _depths.GetValueOrDefault(i) ?? [])], _depth);
        return Math.Clamp((int)Math.Round(depth * 10_000 / DepthStep, MidpointRounding.AwayFromZero) * DepthStep, DepthMin, DepthMax);
    }

    private void Add(Row row)
    {
        if (!IdRules.IsValid(row["product_id"]) || !decimal.TryParse(row["quantity"], out var quantity) || quantity <= 0
            || !decimal.TryParse(row["sales_value"], out var received) || received <= 0
            || !decimal.TryParse(row["retail_disc"], out var card) || !decimal.TryParse(row["coupon_disc"], out var maker)
            || !decimal.TryParse(row["coupon_match_disc"], out var match))
        {
            return;
        }

        var item = new ItemId(row["product_id"]);
        Put(_shelf, item, (received + card + match) / quantity);
        if (maker + match > 0)
        {
            Put(_depths, item, Math.Min(1, (maker + match) / (received + match)));
        }
    }

    private static void Put(Dictionary<ItemId, List<decimal>> lists, ItemId item, decimal value)
    {
        if (!lists.TryGetValue(item, out var list))
        {
            lists[item] = list = [];
        }

        list.Add(value);
    }

    private static decimal Median(List<decimal> values, decimal otherwise)
    {
        if (values.Count == 0)
        {
            return otherwise;
        }

        values.Sort();
        return values[values.Count / 2];
    }
}
