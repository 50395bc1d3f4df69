using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Offers;
using CouponGrains.Storage.Import;
using CouponGrains.Training.Offers.Judgement;

namespace CouponGrains.Cli.Offers;

/// <summary>The coupons of the Complete Journey as designs: the condition is the campaign's kind, the category the
/// department that most of the products lie in, the depth what coupons took off them in the purchases, the price their
/// median.</summary>
internal static class JourneyDesigns
{
    /// <summary>Departments with fewer coupons are one.</summary>
    private const int DepartmentMin = 10;

    /// <summary>Reads a folder.</summary>
    public static IReadOnlyList<JudgedDesign> Read(string folder, Screen screen)
    {
        var journey = new CompleteJourney(folder, TimeProvider.System.GetUtcNow());
        var items = Values(journey.Items()).ToDictionary(i => i.Id);
        var kinds = Values(journey.Campaigns()).ToDictionary(c => c.Id, c => KindOf(c.Name));
        var redeemed = Values(journey.Redemptions()).Where(e => e.Offer is not null).Select(e => e.Offer!.Value).ToHashSet();
        var designs = Values(journey.Offers()).Select(o => Design(o, kinds[o.Campaign], items, redeemed)).ToList();
        var rare = designs.CountBy(d => d.Category).Where(c => c.Value < DepartmentMin).Select(c => c.Key).ToHashSet();
        screen.Note($"coupons: {designs.Count} designs, {designs.Count(d => d.Redeemed == true)} of them redeemed");
        return designs.ConvertAll(d => rare.Contains(d.Category) ? d with { Category = "other" } : d);
    }

    private static JudgedDesign Design(
        Offer offer, string condition, Dictionary<ItemId, Item> items, HashSet<OfferId> redeemed)
    {
        var known = offer.Scope.Items.Where(items.ContainsKey).Select(i => items[i]).ToList();
        var prices = known.Where(i => i.Price is not null).Select(i => i.Price!.Value.Minor / 100.0).Order().ToList();
        return new()
        {
            Condition = condition,
            Kind = offer.Kind,
            Category = known.Where(i => i.Categories.Count > 0).CountBy(i => i.Categories[0])
                .OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).FirstOrDefault().Key ?? "",
            Depth = offer.PercentBasisPoints / 10_000.0,
            ValidDays = offer.ValidFor.TotalDays,
            Items = offer.Scope.Items.Count,
            Price = prices.Count == 0 ? 0 : prices[prices.Count / 2],
            Redeemed = redeemed.Contains(offer.Id),
        };
    }

    // The campaign's kind stands in brackets at the end of its name.
    private static string KindOf(string name) => name[(name.LastIndexOf('(') + 1)..].TrimEnd(')');

    private static List<T> Values<T>(IEnumerable<RowOutcome<T>> outcomes)
        where T : class => [.. outcomes.Where(o => o.Value is not null).Select(o => o.Value!)];
}
