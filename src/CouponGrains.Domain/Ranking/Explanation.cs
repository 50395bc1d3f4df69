using System.Numerics.Tensors;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Domain.Ranking;

/// <summary>Says why an offer has its score.</summary>
internal static class Explanation
{
    /// <summary>The past items that are named; the rest goes into one reason.</summary>
    internal const int NamedMax = 3;

    /// <summary>The exact split of the affinity over the user's past items,
    /// <c>u · e_c + Σ_j r_uj n_jc = Σ_j r_uj (in_j F_j · e_c + n_jc)</c>, scaled as the affinity is. The items that speak
    /// most for the offer are named; what the others add up to, for and against, is one reason without an item.</summary>
    internal static Reason[] OfTaste(OfferIndex index, int offer, UserProfile profile, TasteVector taste, double scale)
    {
        var model = index.Model!;
        var embedding = index.Embedding(offer);
        var parts = new List<(ItemId Item, double Contribution)>();
        foreach (var (item, history) in profile.Items)
        {
            var row = model.Factors.RowOf(item);
            var entry = taste.Entry(history.DecayedSum);
            if (row >= 0 && entry > 0)
            {
                var dot = (double)model.HistoryWeights[row] * TensorPrimitives.Dot(model.Factors.Row(row), embedding);
                parts.Add((item, entry * (dot + index.Neighbours.Entry(row, offer)) * scale));
            }
        }

        var sorted = parts.OrderByDescending(p => p.Contribution).ThenBy(p => p.Item).ToList();
        var named = sorted.TakeWhile(p => p.Contribution > 0).Take(NamedMax).ToList();
        var reasons = named.ConvertAll(p =>
        {
            var isNew = model.Factors.SourceOf(p.Item) == FactorSource.Provisional;
            var text = $"Your interest in {index.Catalog.Get(p.Item).Title}{(isNew ? ", which is new" : "")}";
            return new Reason("past_item", text, p.Item, p.Contribution, isNew);
        });
        if (sorted.Count > named.Count)
        {
            reasons.Add(new("past_item", "other items", null, sorted.Skip(named.Count).Sum(p => p.Contribution)));
        }

        if (index.IsNew(offer))
        {
            reasons.Add(new("new_items", "New in the shop: judged by what it is like", Provisional: true));
        }

        return [.. reasons];
    }

    /// <summary>Why there was no taste to go by.</summary>
    internal static Reason[] OfPopularity(OfferIndex index, UserProfile profile) =>
    [
        new("popular", (index.Model, profile.Record.Consent) switch
        {
            (null, _) => "There is no model yet",
            (_, false) => "Popular; not personal, because you objected",
            _ => "Popular; we do not know your taste yet",
        }),
    ];
}
