using CouponGrains.Domain.Catalog;

namespace CouponGrains.Domain.Offers;

/// <summary>Which guardrails are accepted, and how much room they leave.</summary>
internal static class GuardrailRules
{
    /// <summary>The most steps between nothing and the cap, so that amounts can be looked through.</summary>
    internal const int StepsMax = 10_000;

    internal static Refusal? Check(Guardrails g) => CheckDepths(g) ?? CheckAmounts(g) ?? CheckRest(g) ?? CheckKinds(g);

    /// <summary>The deepest discount that keeps the margin of all <paramref name="items"/> at the floor, in
    /// ten-thousandths; may be negative. Without items, that of an item of which nothing is known.</summary>
    internal static int Room(IEnumerable<Item> items, Guardrails g) =>
        items.Select(i => Margin(i, g)).DefaultIfEmpty(g.AssumedMarginBasisPoints).Min() - g.MarginFloorBasisPoints;

    /// <summary>True if the item is in an allowed category and of an allowed brand.</summary>
    internal static bool Allows(Item item, IReadOnlySet<string> categories, IReadOnlySet<string> brands) =>
        (categories.Count == 0 || item.Categories.Any(categories.Contains))
        && (brands.Count == 0 || (item.Brand is { } brand && brands.Contains(brand)));

    internal static int Margin(Item item, Guardrails g) => item.MarginBasisPoints ?? g.AssumedMarginBasisPoints;

    /// <summary>The smallest multiple of <paramref name="step"/> that is at least <paramref name="value"/>, from 0
    /// on.</summary>
    internal static Int128 Up(Int128 value, long step) => (value + step - 1) / step * step;

    /// <summary>The largest multiple of <paramref name="step"/> that is at most <paramref name="value"/>, from 0
    /// on.</summary>
    internal static Int128 Down(Int128 value, long step) => value / step * step;

    private static Refusal? CheckDepths(Guardrails g)
    {
        if (g.Kinds.Count == 0 || g.Kinds.Any(k => !Enum.IsDefined(k)))
        {
            return Nothing("At least one kind of offer is allowed, each a known one.", "/kinds");
        }

        if (g.DepthMinBasisPoints < 1 || g.DepthMaxBasisPoints > 10_000
            || g.DepthMinBasisPoints > g.DepthMaxBasisPoints)
        {
            return Nothing(
                $"The depths run upwards within 1 to 10000, but were {g.DepthMinBasisPoints} to "
                + $"{g.DepthMaxBasisPoints}.", "/depthMinBasisPoints");
        }

        if (g.DepthStepBasisPoints < 1 || Up(g.DepthMinBasisPoints, g.DepthStepBasisPoints) > g.DepthMaxBasisPoints)
        {
            return Nothing(
                $"No multiple of {g.DepthStepBasisPoints} lies between the depths {g.DepthMinBasisPoints} and "
                + $"{g.DepthMaxBasisPoints}.", "/depthStepBasisPoints");
        }

        if (g.MarginFloorBasisPoints > 10_000)
        {
            return new(RefusalCodes.MarginFloorAbovePrice,
                $"A margin floor is at most the price, 10000 ten-thousandths, but was {g.MarginFloorBasisPoints}.",
                "/guardrails/marginFloorBasisPoints");
        }

        return g.MarginFloorBasisPoints < -10_000 || g.AssumedMarginBasisPoints is < -10_000 or > 10_000
            ? new(RefusalCodes.InvalidValue, "Margins are −10000 to 10000 ten-thousandths.",
                "/guardrails/marginFloorBasisPoints")
            : null;
    }

    private static Refusal? CheckAmounts(Guardrails g)
    {
        foreach (var amount in (ReadOnlySpan<Money>)[g.MinimumSpendMin, g.MinimumSpendMax, g.AmountStep])
        {
            if (amount.Currency != g.Cap.Currency)
            {
                return new(RefusalCodes.CurrencyMismatch,
                    $"The cap is in {g.Cap.Currency}, another amount in {amount.Currency}.", "/guardrails/cap");
            }
        }

        if (g.Cap.Minor < 1)
        {
            return Nothing($"The cap is above 0, but was {g.Cap}.", "/cap");
        }

        if (g.AmountStep.Minor < 1 || g.Cap.Minor / g.AmountStep.Minor > StepsMax)
        {
            return new(RefusalCodes.InvalidValue,
                $"The amount step is above 0 and at least one {StepsMax}th of the cap, but was {g.AmountStep}.",
                    "/guardrails/amountStep");
        }

        return g.MinimumSpendMin.Minor < 0 || g.MinimumSpendMin > g.MinimumSpendMax
            ? Nothing($"The minimum spends run upwards from 0, but were {g.MinimumSpendMin} to {g.MinimumSpendMax}.",
                "/minimumSpendMin")
            : null;
    }

    private static Refusal? CheckRest(Guardrails g)
    {
        if (g.ValidDaysMin < 1 || g.ValidDaysMax > 3_650 || g.ValidDaysMin > g.ValidDaysMax)
        {
            return Nothing(
                $"The validity runs upwards within 1 to 3650 days, but was {g.ValidDaysMin} to {g.ValidDaysMax}.",
                "/validDaysMin");
        }

        if (g.ValidHoursMin is < 1 || g.ValidHoursMin > 24L * g.ValidDaysMax)
        {
            return Nothing($"The shortest validity is 1 hour to {g.ValidDaysMax} days.", "/validHoursMin");
        }

        if (g.RepeatsMax is < 1 or > OfferRules.RepeatsMax || g.PointsPerStep is < 1 or > OfferRules.PointsMax
            || g.PointsFactorMax is < 1 or > OfferRules.PointsFactorMax)
        {
            return new(RefusalCodes.InvalidValue,
                $"Repeats are 1 to {OfferRules.RepeatsMax}, points 1 to {OfferRules.PointsMax}, a factor 1 to "
                + $"{OfferRules.PointsFactorMax}.", "/guardrails/repeatsMax");
        }

        if (g.Times?.Check() is { } times)
        {
            return times with { Pointer = "/guardrails/times" + times.Pointer };
        }

        return CheckNames(g.Categories, "categories") ?? CheckNames(g.Brands, "brands");
    }

    private static Refusal? CheckKinds(Guardrails g) => g.Kinds.Any(kind => IsPossible(kind, g))
        ? null
        : Nothing("No allowed kind keeps the depths with the cap, the step of amounts, the minimum spends and the points.",
            "/kinds");

    /// <summary>False if no offer of the kind is inside the guardrails, whatever the catalog has.</summary>
    private static bool IsPossible(OfferKind kind, Guardrails g) => kind switch
    {
        OfferKind.PointsMultiplied => g.PointsFactorMax > 1,
        OfferKind.Gift => Down(g.MinimumSpendMax.Minor, g.AmountStep.Minor) > 0,
        OfferKind.AmountOff or OfferKind.SpendAndSave => HasAmount(g, long.MaxValue),
        OfferKind.PointsRedemption => HasAmount(g, OfferRules.PointsMax / g.PointsPerStep),
        _ => true,
    };

    /// <summary>True if some amount of at most so many steps is deep enough, and not too deep, at an allowed minimum
    /// spend.</summary>
    private static bool HasAmount(Guardrails g, long stepsMax)
    {
        var step = g.AmountStep.Minor;
        for (var steps = 1L; steps <= Math.Min(g.Cap.Minor / step, stepsMax); steps++)
        {
            var scaled = (Int128)steps * step * 10_000;
            var deepest = (scaled + g.DepthMaxBasisPoints - 1) / g.DepthMaxBasisPoints;
            var least = Up(Int128.Max(deepest, Int128.Max(1, g.MinimumSpendMin.Minor)), step);
            if (least <= Int128.Min(Down(g.MinimumSpendMax.Minor, step), ShallowestSpend(scaled, g)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The largest spend of which the amount, with the depth rounded up, still is the least depth.</summary>
    private static Int128 ShallowestSpend(Int128 scaled, Guardrails g) => g.DepthMinBasisPoints == 1
        ? Int128.MaxValue
        : (scaled - 1) / (g.DepthMinBasisPoints - 1);

    private static Refusal? CheckNames(IReadOnlyList<string> names, string field) =>
        names.Count > OfferRules.ScopeNamesMax || names.Any(string.IsNullOrWhiteSpace)
            ? new(RefusalCodes.InvalidValue, $"At most {OfferRules.ScopeNamesMax} {field}, none empty.",
                $"/guardrails/{field}")
            : null;

    private static Refusal Nothing(string detail, string pointer) =>
        new(RefusalCodes.NothingAllowed, detail, "/guardrails" + pointer);
}
