using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Domain.Tests.Ranking;

/// <summary>The affinity in its plain form: every s(u,i) in full, then summed over the items of the offer.</summary>
internal static class DenseAffinity
{
    internal static double Of(UserProfile profile, Offer offer, ModelSnapshot model, CatalogIndex catalog) =>
        Parts(profile, offer, model, catalog).Sum(p => p.Contribution);

    /// <summary>What each past item contributes.</summary>
    internal static IEnumerable<(int Row, double Contribution)> Parts(
        UserProfile profile, Offer offer, ModelSnapshot model, CatalogIndex catalog)
    {
        var (r, c) = (History(profile, model), Target(offer, model, catalog));
        for (var j = 0; j < r.Length; j++)
        {
            yield return (j, r[j] * Enumerable.Range(0, c.Length).Sum(i => Kernel(model, j, i) * c[i]));
        }
    }

    /// <summary>The cosine of (u, r) and (e, n), r and n over the items with neighbours.</summary>
    internal static double Cosine(UserProfile profile, Offer offer, ModelSnapshot model, CatalogIndex catalog)
    {
        var (r, c) = (History(profile, model), Target(offer, model, catalog));
        var (users, offers) = (0.0, 0.0);
        for (var k = 0; k < model.Factors.Rank; k++)
        {
            users += Square(Enumerable.Range(0, r.Length)
                .Sum(j => (double)r[j] * model.HistoryWeights[j] * model.Factors.Row(j)[k]));
            offers += Square(Enumerable.Range(0, c.Length)
                .Sum(i => (double)c[i] * model.TargetWeights[i] * model.Factors.Row(i)[k]));
        }

        for (var j = 0; j < model.Neighbours.Count; j++)
        {
            users += Square(r[j]);
            offers += Square(Enumerable.Range(0, c.Length).Sum(i => Neighbour(model, j, i) * c[i]));
        }

        var norms = Math.Sqrt(users) * Math.Sqrt(offers);
        return norms > 0 ? Of(profile, offer, model, catalog) / norms : 0;
    }

    private static double Square(double x) => x * x;

    private static double Kernel(ModelSnapshot model, int j, int i)
    {
        var dot = 0.0;
        for (var k = 0; k < model.Factors.Rank; k++)
        {
            dot += (double)model.Factors.Row(j)[k] * model.Factors.Row(i)[k];
        }

        return (model.HistoryWeights[j] * (double)model.TargetWeights[i] * dot) + Neighbour(model, j, i);
    }

    private static double Neighbour(ModelSnapshot model, int j, int i)
    {
        if (model.Factors.IsProvisional(i))
        {
            return model.Factors.Likes(i).Sum(like => like.Weight * Neighbour(model, j, like.Row));
        }

        var place = model.Neighbours.ItemsOf(j).IndexOf(i);
        return place < 0 ? 0 : model.Neighbours.WeightsOf(j)[place];
    }

    private static float[] History(UserProfile profile, ModelSnapshot model)
    {
        var rebase = model.Weights.RebaseFactor(profile.Reference, model.Reference);
        return [.. model.Factors.Items.Select(item => profile.Items.TryGetValue(item, out var history)
            ? BehaviourWeights.Entry(history.DecayedSum * rebase) : 0)];
    }

    private static float[] Target(Offer offer, ModelSnapshot model, CatalogIndex catalog)
    {
        var dense = new float[model.Factors.Items.Count];
        var vector = CouponVector.Of(offer, catalog, model.Factors);
        for (var i = 0; i < vector.Rows.Count; i++)
        {
            dense[vector.Rows[i]] = vector.Values[i];
        }

        return dense;
    }
}
