using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Domain.Campaigns;

/// <summary>Makes campaigns from templates. Pure.</summary>
public static partial class CampaignTemplates
{
    private const int BudgetUnits = 1_000;

    /// <summary>The amount that one unit of a template is: 1.00, and 100 where the currency has no smaller
    /// coin.</summary>
    public static Money Unit(Currency currency) => new(currency.Digits == 3 ? 1_000 : 100, currency);

    /// <summary>The template of a name, or null.</summary>
    public static CampaignTemplate? Find(string name) => All.FirstOrDefault(t => t.Name == name);

    /// <summary>The campaign, as a draft, and its offers; or why there is none.</summary>
    /// <remarks>Items whose margin leaves no room for an offer become its exceptions, so that it is legal for the
    /// catalog as it is.</remarks>
    public static (Campaign? Campaign, IReadOnlyList<Offer> Offers, Refusal? Refusal) Make(
        TemplateOrder order, CatalogIndex catalog, DateTimeOffset now)
    {
        if (Find(order.Template) is not { } template)
        {
            return (null, [], new(RefusalCodes.UnknownTemplate,
                $"There is no template '{order.Template}'; there are {string.Join(", ", All.Select(t => t.Name))}.",
                "/template"));
        }

        var unit = Unit(order.Budget?.Currency ?? new("USD"));
        Money Units(int count) => new(count * unit.Minor, unit.Currency);
        var start = order.Start ?? now;
        var plans = template.Offers(Units);
        var campaign = new Campaign
        {
            Id = order.Id,
            Name = order.Name ?? template.Title,
            Start = start,
            End = order.End ?? (start < DateTimeOffset.MaxValue.AddDays(-template.Days)
                ? start.AddDays(template.Days)
                : DateTimeOffset.MaxValue),
            TimeZone = order.TimeZone,
            Budget = order.Budget ?? Units(BudgetUnits),
            Audience = template.Audience,
            Caps = template.Caps,
            Guardrails = new()
            {
                Kinds = [.. plans.Select(o => o.Kind).Distinct()],
                DepthMinBasisPoints = 100,
                DepthStepBasisPoints = 100,
                Cap = Units(template.CapUnits),
                MinimumSpendMin = Units(1),
                MinimumSpendMax = Units(1_000),
                AmountStep = unit,
                WholeCart = true,
                ValidDaysMin = 1,
                ValidDaysMax = 90,
            },
        };
        if (CampaignRules.Check(campaign) is { } refusal)
        {
            return (null, [], refusal);
        }

        Offer[] offers =
            [.. plans.Select((plan, i) => Fit(plan, OfferId(order.Id, i + 1), campaign, catalog))];
        for (var i = 0; i < offers.Length; i++)
        {
            if (CampaignRules.Check(campaign, offers[i], catalog) is { } wrong)
            {
                return (null, [], wrong with { Pointer = $"/offers/{i}{wrong.Pointer}" });
            }
        }

        return (campaign, offers, null);
    }

    private static OfferId OfferId(CampaignId campaign, int number)
    {
        var end = $"-offer-{number}";
        return new(campaign.Value[..Math.Min(campaign.Value.Length, IdRules.LengthMax - end.Length)] + end);
    }

    private static Offer Fit(Offer plan, OfferId id, Campaign campaign, CatalogIndex catalog)
    {
        var depth = OfferRules.Depth(plan, catalog) ?? 0;
        var g = campaign.Guardrails;
        var barring = depth == 0
            ? []
            : catalog.Items.Where(i => GuardrailRules.Margin(i, g) - g.MarginFloorBasisPoints < depth).ToList();
        var fits = barring.Count > OfferRules.ScopeItemsMax || barring.Count == catalog.Count ? [] : barring;
        var offer = plan with
        {
            Id = id,
            Campaign = campaign.Id,
            Scope = plan.Scope with { Excluded = [.. fits.Select(i => i.Id)] },
        };
        return offer with { Title = OfferTitle.Of(offer, catalog) };
    }
}
