using System.Runtime.InteropServices;
using CouponGrains.Contracts.Catalog;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Grains.Profiles;

/// <summary>What a user's events tell the catalog of items that the model was trained without.</summary>
internal static class NewItems
{
    /// <summary>The most items told of for one batch of events.</summary>
    private const int TouchesMax = 32;

    /// <summary>The messages for the items that events have moved: none for those that the model knows, from users of
    /// whose taste it knows nothing, and from those who objected to being profiled.</summary>
    public static IEnumerable<ItemTouch> Touches(ModelSnapshot? model, UserProfile profile, IReadOnlyList<ItemChange> moved)
    {
        if (model is null || !profile.Record.Consent || profile.Weights != model.Weights)
        {
            return [];
        }

        var news = moved.Where(m => model.Factors.SourceOf(m.Item) != FactorSource.Trained).Take(TouchesMax).ToList();
        var taste = news.Count > 0 ? TasteVector.FoldTrained(profile, model) : null;
        if (taste is null or { IsCold: true })
        {
            return [];
        }

        var bytes = MemoryMarshal.AsBytes<float>(taste.Values).ToArray();
        return news.Select(m => new ItemTouch(m.Item, model.Version, bytes, taste.Entry(m.After) - taste.Entry(m.Before)))
            .Where(touch => touch.Step != 0);
    }
}
