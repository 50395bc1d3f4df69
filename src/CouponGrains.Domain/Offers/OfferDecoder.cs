using CouponGrains.Domain.Catalog;

namespace CouponGrains.Domain.Offers;

/// <summary>Maps any design to a legal offer or to a named refusal: total and deterministic. What the design asks for
/// is moved to the nearest that is allowed; if its kind fits no scope, the next kind is tried.</summary>
public static class OfferDecoder
{
    /// <summary>The offer, or why there is none (<see cref="RefusalCodes.NothingAllowed"/>). Exactly one is not null.
    /// An offer passes <see cref="OfferRules.Check(Offer, Guardrails, CatalogIndex)"/>.</summary>
    public static (Offer? Offer, Refusal? Refusal) Decode(
        OfferDesign design, OfferId id, CampaignId campaign, Guardrails guardrails, CatalogIndex catalog)
    {
        if (OfferRules.Check(guardrails) is { } wrong)
        {
            return (null, new(RefusalCodes.NothingAllowed, wrong.Detail, wrong.Pointer));
        }

        var form = new Offer
        {
            Id = id,
            Campaign = campaign,
            Title = id.Value,
            Kind = OfferKind.PercentOff,
            Source = OfferSource.Generated,
            ValidFor = guardrails.ValidHoursMin is { } hours
                ? TimeSpan.FromHours(Math.Round(Between(hours, 24L * guardrails.ValidDaysMax, design.Validity)))
                : TimeSpan.FromDays(
                    Math.Round(Between(guardrails.ValidDaysMin, guardrails.ValidDaysMax, design.Validity))),
        };
        var scopes = DesignScope.Candidates(design.Categories, guardrails, catalog);
        foreach (var kind in KindsByScore(design.Kinds, guardrails))
        {
            foreach (var scope in scopes)
            {
                if (Decode(form with { Kind = kind, Scope = scope.Scope }, design, scope, guardrails) is { } offer)
                {
                    return (offer with { Title = OfferTitle.Of(offer, catalog) }, null);
                }
            }
        }

        return (null, new(RefusalCodes.NothingAllowed,
            "No allowed kind of offer keeps the depths, the amounts and the margin floor for any allowed category."));
    }

    private static Offer? Decode(Offer form, OfferDesign design, DesignScope scope, Guardrails g)
    {
        var deepest = Math.Min(g.DepthMaxBasisPoints, scope.Room);
        var depth = Between(g.DepthMinBasisPoints, g.DepthMaxBasisPoints, design.Depth);
        var spend = Between(g.MinimumSpendMin.Minor, g.MinimumSpendMax.Minor, design.Threshold);
        return form.Kind switch
        {
            OfferKind.PercentOff => Percent(form, depth, deepest, g),
            OfferKind.Gift => Gift(form, depth, spend, deepest, scope.Items, g),
            OfferKind.FreeShipping => form with { MinimumSpend = Shipping(spend, g), Cap = g.Cap },
            OfferKind.BuyAndGet => Bundle(form, depth, deepest, Repeats(design, g), g),
            OfferKind.PointsMultiplied => Multiplied(form, spend, design.Depth, g),
            OfferKind.PointsRedemption => Priced(Amount(form, depth, spend, deepest, g), Repeats(design, g), g),
            OfferKind.SpendAndSave => Shaped(Amount(form, depth, spend, deepest, g), design, deepest, g),
            _ => Amount(form, depth, spend, deepest, g),
        };
    }

    private static Offer? Percent(Offer form, double depth, int deepest, Guardrails g)
    {
        var step = g.DepthStepBasisPoints;
        var (least, most) =
            (GuardrailRules.Up(g.DepthMinBasisPoints, step), GuardrailRules.Down(Math.Max(0, deepest), step));
        return least > most ? null : form with
        {
            PercentBasisPoints = (int)Math.Clamp(Math.Round(depth / step) * step, (double)least, (double)most),
            Cap = g.Cap,
        };
    }

    /// <summary>Looks through the amounts, the wanted one first and then outwards, for one that has a minimum spend at
    /// which it is deep enough and not too deep.</summary>
    private static Offer? Amount(Offer form, double depth, double spend, int deepest, Guardrails g)
    {
        if (deepest < g.DepthMinBasisPoints)
        {
            return null;
        }

        var step = g.AmountStep.Minor;
        var most = g.Cap.Minor / step;
        var wanted = (long)Math.Clamp(Math.Round(depth * spend / 10_000 / step), 1, Math.Max(1, most));
        for (var distance = 0L; distance <= most; distance++)
        {
            foreach (var steps in distance == 0 ? (ReadOnlySpan<long>)[wanted] : [wanted - distance, wanted + distance])
            {
                if (steps >= 1 && steps <= most
                    && MinimumSpend(steps * step, spend, g.DepthMinBasisPoints, deepest, g) is { } minimum)
                {
                    return form with { Amount = new(steps * step, g.Cap.Currency), MinimumSpend = minimum };
                }
            }
        }

        return null;
    }

    /// <summary>The dearest item that is not dearer than wanted and can be given away at some allowed minimum spend, or
    /// else the cheapest that can.</summary>
    private static Offer? Gift(
        Offer form, double depth, double spend, int deepest, IReadOnlyList<Item> items, Guardrails g)
    {
        var wanted = depth * spend / 10_000;
        var gifts = items
            .Where(i => i.Price is { Minor: > 0 } price && price.Currency == g.Cap.Currency && price <= g.Cap
                && i.Stock is not 0)
            .OrderBy(i => i.Price!.Value.Minor > wanted)
            .ThenBy(i => i.Price!.Value.Minor > wanted ? i.Price.Value.Minor : -i.Price.Value.Minor)
            .ThenBy(i => i.Id);
        foreach (var gift in gifts)
        {
            if (deepest > 0 && MinimumSpend(gift.Price!.Value.Minor, spend, 0, deepest, g) is { } minimum)
            {
                return form with { Gift = gift.Id, MinimumSpend = minimum, Cap = g.Cap };
            }
        }

        return null;
    }

    /// <summary>The bundle whose depth is nearest to the wanted one.</summary>
    private static Offer? Bundle(Offer form, double depth, int deepest, int repeats, Guardrails g)
    {
        var bundles =
            from buy in Enumerable.Range(1, 6)
            from get in Enumerable.Range(1, 2)
            from percent in (int[])[10_000, 7_500, 5_000, 2_500]
            let its = OfferRules.SetDepth(percent, buy, get)
            where its >= g.DepthMinBasisPoints && its <= deepest
            orderby Math.Abs(its - depth), percent descending, buy, get
            select form with
            {
                PercentBasisPoints = percent,
                Bundle = new() { Buy = buy, Get = get },
                RepeatsMax = repeats,
                Cap = g.Cap,
            };
        return bundles.FirstOrDefault();
    }

    private static Offer? Multiplied(Offer form, double spend, float share, Guardrails g) =>
        g.PointsFactorMax < 2 ? null : form with
        {
            Points = new() { Factor = (int)Math.Round(Between(2, g.PointsFactorMax, share)), Step = g.AmountStep },
            MinimumSpend = Shipping(spend, g),
            Cap = g.Cap,
        };

    /// <summary>An amount for the points that it costs at least.</summary>
    private static Offer? Priced(Offer? amount, int repeats, Guardrails g)
    {
        var price = amount is null ? 0 : amount.Amount!.Value.Minor / g.AmountStep.Minor * g.PointsPerStep;
        return amount is null || price > OfferRules.PointsMax
            ? null
            : amount with { Points = new() { Price = (int)price }, RepeatsMax = repeats, Cap = g.Cap };
    }

    /// <summary>Single, in tiers, or for each full minimum; single where there is no room for more.</summary>
    private static Offer? Shaped(Offer? single, OfferDesign design, int deepest, Guardrails g) =>
        Clamp(design.Form) switch
    {
        _ when single is null => null,
        < 1 / 3f => single,
        < 2 / 3f => single with { Tiers = Tiers(single, deepest, g) },
        _ => single with { RepeatsMax = Math.Min(g.RepeatsMax, Math.Max(2, Repeats(design, g))), Cap = g.Cap },
    };

    /// <summary>Twice and three times the minimum, each for one step more than in proportion, or what the depths
    /// allow.</summary>
    private static List<SpendTier> Tiers(Offer single, int deepest, Guardrails g)
    {
        var (amount, minimum, step) =
            (single.Amount!.Value.Minor, single.MinimumSpend!.Value.Minor, g.AmountStep.Minor);
        var tiers = new List<SpendTier>();
        var last = amount;
        for (var times = 2; times <= 3 && (Int128)minimum * times <= g.MinimumSpendMax.Minor; times++)
        {
            var spend = minimum * times;
            var most = GuardrailRules.Down(Int128.Min(g.Cap.Minor, (Int128)spend * deepest / 10_000), step);
            var least = Int128.Max(
                last + (Int128)step,
                GuardrailRules.Up((((Int128)spend * g.DepthMinBasisPoints) + 9_999) / 10_000, step));
            if (least > most)
            {
                break;
            }

            last = (long)Int128.Clamp(((Int128)amount * times) + step, least, most);
            tiers.Add(new(new(spend, g.Cap.Currency), new(last, g.Cap.Currency)));
        }

        return tiers;
    }

    private static int Repeats(OfferDesign design, Guardrails g) =>
        (int)Math.Round(Between(1, g.RepeatsMax, design.Repeats));

    private static Money? Shipping(double spend, Guardrails g)
    {
        var step = g.AmountStep.Minor;
        var most = GuardrailRules.Down(g.MinimumSpendMax.Minor, step);
        var least = Int128.Min(most, GuardrailRules.Up(g.MinimumSpendMin.Minor, step));
        var minimum = Int128.Clamp((Int128)Math.Round(spend / step) * step, least, most);
        return minimum > 0 ? new((long)minimum, g.Cap.Currency) : null;
    }

    /// <summary>The allowed minimum spend nearest to <paramref name="spend"/> at which <paramref name="amount"/> is
    /// <paramref name="shallowest"/> to <paramref name="deepest"/> ten-thousandths of it, or null.</summary>
    private static Money? MinimumSpend(long amount, double spend, int shallowest, int deepest, Guardrails g)
    {
        var step = g.AmountStep.Minor;
        var scaled = (Int128)amount * 10_000;
        var least = GuardrailRules.Up(
            Int128.Max((scaled + deepest - 1) / deepest, Int128.Max(1, g.MinimumSpendMin.Minor)), step);
        var most = shallowest == 0 ? g.MinimumSpendMax.Minor : Int128.Min(scaled / shallowest, g.MinimumSpendMax.Minor);
        most = GuardrailRules.Down(most, step);
        return least > most
            ? null
            : new((long)Int128.Clamp((Int128)Math.Round(spend / step) * step, least, most), g.Cap.Currency);
    }

    private static IEnumerable<OfferKind> KindsByScore(IReadOnlyList<float> scores, Guardrails g) =>
        g.Kinds.Distinct().OrderByDescending(k => DesignScope.Score(scores, (int)k - 1)).ThenBy(k => k);

    private static double Between(long least, long most, float share) =>
        least + (((double)most - least) * Clamp(share));

    private static double Clamp(float share) => float.IsNaN(share) ? 0 : Math.Clamp(share, 0f, 1f);
}
