using CouponGrains.Domain.Catalog;

namespace CouponGrains.Domain.Offers;

/// <summary>A scope that a design may get, with the room that the margins of its items leave.</summary>
/// <param name="Scope">The scope.</param>
/// <param name="Items">The items in it.</param>
/// <param name="Room">See <see cref="GuardrailRules.Room"/>.</param>
internal sealed record DesignScope(OfferScope Scope, IReadOnlyList<Item> Items, int Room)
{
    private const float Strong = 0.5f;
    private const int StrongMax = 3;
    private const int ExcludedMax = 200;

    /// <summary>The scopes to try, the wanted one first.</summary>
    internal static IEnumerable<DesignScope> Candidates(
        IReadOnlyList<float> scores, Guardrails g, CatalogIndex catalog) =>
        Names(scores, g, catalog).Select(names => Of(names, g, catalog)).OfType<DesignScope>();

    /// <summary>The categories of each scope; none for the whole cart.</summary>
    private static IEnumerable<List<string>> Names(IReadOnlyList<float> scores, Guardrails g, CatalogIndex catalog)
    {
        var allowed = catalog.TopCategories
            .Select((top, i) => (Names: Allowed(top, g, catalog), Score: Score(scores, i), Place: i))
            .Where(c => c.Names.Count > 0)
            .OrderByDescending(c => c.Score).ThenBy(c => c.Place)
            .ToList();
        var strong = allowed.TakeWhile(c => c.Score >= Strong).Take(StrongMax).ToList();
        if (strong.Count > 1)
        {
            yield return [.. strong.SelectMany(c => c.Names).Distinct()];
        }

        if (g.WholeCart && strong.Count == 0)
        {
            yield return [];
        }

        foreach (var category in allowed)
        {
            yield return category.Names;
        }

        if (g.WholeCart && strong.Count > 0)
        {
            yield return [];
        }
    }

    /// <summary>A score that can be ordered: what is missing or not a number comes last.</summary>
    internal static float Score(IReadOnlyList<float> scores, int place) =>
        place < scores.Count && !float.IsNaN(scores[place]) ? scores[place] : float.NegativeInfinity;

    /// <summary>The allowed categories inside a widest one: itself, or else the narrower ones of its items.</summary>
    private static List<string> Allowed(string top, Guardrails g, CatalogIndex catalog)
    {
        if (g.Categories.Count == 0 || g.Categories.Contains(top))
        {
            return [top];
        }

        return [.. g.Categories.Distinct()
            .Where(c => catalog.InCategory(c).Any(i => i.Categories[0] == top))
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>The scope of some categories (of the whole cart if there are none). A few items whose margin leaves no
    /// room for the least depth are made exceptions, so that they do not bar the others. Where brands are limited, it
    /// is the items of theirs in the categories; null if there is none.</summary>
    private static DesignScope? Of(List<string> categories, Guardrails g, CatalogIndex catalog)
    {
        var scope = new OfferScope { Categories = categories };
        Item[] items = [.. catalog.InScope(scope)];
        if (g.Brands.Count > 0 && categories.Count > 0)
        {
            var brands = g.Brands.ToHashSet();
            items = Array.FindAll(items, i => i.Brand is { } brand && brands.Contains(brand));
            if (items.Length is 0 or > OfferRules.ScopeItemsMax)
            {
                return null;
            }

            scope = new() { Items = Array.ConvertAll(items, i => i.Id) };
        }

        var least = GuardrailRules.Up(g.DepthMinBasisPoints, g.DepthStepBasisPoints);
        var barring = items.Where(i => GuardrailRules.Margin(i, g) - g.MarginFloorBasisPoints < least).ToList();
        if (barring.Count is > 0 and <= ExcludedMax && 2 * barring.Count <= items.Length)
        {
            scope = scope with { Excluded = barring.ConvertAll(i => i.Id) };
            items = [.. items.Except(barring)];
        }

        return new(scope, items, GuardrailRules.Room(items, g));
    }
}
