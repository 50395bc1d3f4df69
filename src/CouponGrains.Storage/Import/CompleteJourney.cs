using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;
using CouponGrains.Storage.Import.Maps;

namespace CouponGrains.Storage.Import;

/// <summary>A folder with the files of the Complete Journey, each plain or gzip: <c>products</c>, <c>demographics</c>,
/// <c>transactions</c>, <c>campaign_descriptions</c>, <c>coupons</c> and <c>coupon_redemptions</c>.</summary>
/// <param name="folder">The folder.</param>
/// <param name="now">The time; nothing in the data may lie after it.</param>
public sealed class CompleteJourney(string folder, DateTimeOffset now)
{
    private static readonly Currency Dollar = new("USD");
    private readonly Lazy<PriceBook> _prices = new(() => PriceBook.Of(folder));

    /// <summary>The file of a name, with or without <c>.gz</c>. Throws <see cref="RefusedException"/> if neither
    /// is there.</summary>
    public string PathOf(string name)
    {
        var path = Path.Combine(folder, name + ".csv");
        return File.Exists(path) ? path
            : File.Exists(path + ".gz") ? path + ".gz"
            : throw new RefusedException(RefusalCodes.MissingField, $"There is neither {path} nor {path}.gz.");
    }

    /// <summary>The products with the median price that they were sold at, where they were sold.</summary>
    public IEnumerable<RowOutcome<Item>> Items() => Read("products", CompleteJourneyMaps.Products.Read)
        .Select(o => o with { Value = o.Value is { } item ? item with { Price = _prices.Value.Price(item.Id) } : null });

    /// <summary>The households that told of themselves.</summary>
    public IEnumerable<RowOutcome<UserRecord>> Users() => Read("demographics", CompleteJourneyMaps.Demographics.Read);

    /// <summary>The purchases, in the order of time.</summary>
    public IEnumerable<RowOutcome<UserEvent>> Purchases() =>
        Read("transactions", (text, path) => CompleteJourneyMaps.Purchases.Read(text, path, now));

    /// <summary>The redemptions, in the order of time.</summary>
    public IEnumerable<RowOutcome<UserEvent>> Redemptions() =>
        Read("coupon_redemptions", (text, path) => CompleteJourneyMaps.Redemptions.Read(text, path, now));

    /// <summary>The campaigns of the data: over, with a budget that their redemptions cannot have passed.</summary>
    public IEnumerable<RowOutcome<Campaign>> Campaigns() => Read("campaign_descriptions", (text, path) =>
        new Csv().Read(text, ["campaign_id", "campaign_type", "start_date", "end_date"])
            .Select(o => o.Value is { } row ? CampaignOf(row) : new(o.Line, null, o.Refusal)));

    /// <summary>The coupons of the campaigns: the rows of one coupon and campaign together are one offer, whose scope
    /// is the products. The depth is the median share that coupons took off those products in the purchases, in steps
    /// of 5 % from 5 % to 50 %; that of all coupons where these were never seen used. The outcomes are one for each
    /// refused row, by its line, then one for each offer, by its first line.</summary>
    public IEnumerable<RowOutcome<Offer>> Offers() => Read("coupons", OffersOf);

    private IEnumerable<RowOutcome<Offer>> OffersOf(TextReader text, string path)
    {
        var scopes = new Dictionary<(string Campaign, string Coupon), (long Line, SortedSet<ItemId> Items)>();
        foreach (var (line, row, refusal) in new Csv().Read(text, ["coupon_upc", "product_id", "campaign_id"]))
        {
            var (campaign, coupon, item) = (row?["campaign_id"], row?["coupon_upc"], row?["product_id"]);
            if (row is null || !IdRules.IsValid(campaign) || !IdRules.IsValid(coupon) || !IdRules.IsValid(item))
            {
                yield return new(line, null, refusal ?? new(RefusalCodes.MissingField, "The row lacks campaign, coupon or product."));
                continue;
            }

            if (!scopes.TryGetValue((campaign!, coupon!), out var scope))
            {
                scopes[(campaign!, coupon!)] = scope = (line, []);
            }

            if (!scope.Items.Add(new(item!)))
            {
                yield return new(line, null, new(RefusalCodes.DuplicateRow, "An earlier row names this coupon, campaign and product."));
            }
        }

        foreach (var ((campaign, coupon), (line, items)) in scopes.OrderBy(s => s.Value.Line))
        {
            yield return new(line, OfferOf(campaign, coupon, items), null);
        }
    }

    private Offer OfferOf(string campaign, string coupon, SortedSet<ItemId> items)
    {
        var depth = _prices.Value.CouponDepth(items);
        return new()
        {
            Id = new(CompleteJourneyMaps.OfferId(campaign, coupon)),
            Campaign = new(CompleteJourneyMaps.CampaignId(campaign)),
            Title = $"{depth / 100} % off {(items.Count == 1 ? "one product" : $"{items.Count} products")} (coupon {coupon})",
            Kind = OfferKind.PercentOff,
            PercentBasisPoints = depth,
            Scope = new() { Items = [.. items] },
            ValidFor = TimeSpan.FromDays(30),
            Source = OfferSource.Imported,
        };
    }

    private static RowOutcome<Campaign> CampaignOf(Row row)
    {
        var draft = new RowDraft(row, new Fields().Column("id", "campaign_id").Column("start", "start_date").Column("end", "end_date"));
        var (id, start, end) = (draft.Id("id"), draft.Instant("start"), draft.Instant("end"));
        return draft.Refusal is not null
            ? new(row.Line, null, draft.Refusal)
            : new(row.Line, new Campaign
            {
                Id = new(CompleteJourneyMaps.CampaignId(id)),
                Name = $"Complete Journey {id} ({row["campaign_type"]})",
                Status = CampaignStatus.Archived,
                Start = start,
                End = end.AddDays(1),
                Budget = new(1_000_000_00, Dollar),
                Guardrails = new()
                {
                    Kinds = [OfferKind.PercentOff],
                    DepthMaxBasisPoints = PriceBook.DepthMax,
                    AssumedMarginBasisPoints = 10_000,
                    Cap = new(100_00, Dollar),
                    MinimumSpendMin = Money.Zero(Dollar),
                    MinimumSpendMax = Money.Zero(Dollar),
                    AmountStep = new(1_00, Dollar),
                },
            }, null);
    }

    private IEnumerable<RowOutcome<T>> Read<T>(string name, Func<TextReader, string, IEnumerable<RowOutcome<T>>> read)
        where T : class
    {
        var path = PathOf(name);
        using var file = ImportFile.Open(path);
        foreach (var outcome in read(file.Text, path))
        {
            yield return outcome;
        }
    }
}
