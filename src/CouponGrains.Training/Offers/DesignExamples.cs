using System.Numerics.Tensors;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Offers;
using CouponGrains.Training.Models;

namespace CouponGrains.Training.Offers;

/// <summary>What the generator learns from: the shop's own offers, and rows derived from behaviour where those are
/// few.</summary>
/// <remarks>
/// <para>The condition is the taste of a segment, as it is when designs are asked for. Own offers: one row for the
/// segment that lies nearest to the offer's scope, and one for each segment of which somebody redeemed it (at most 64
/// redeemers are looked at). Each row weighs what the offer's results say of it (<see cref="OfferFeedback.Weight"/>).
/// An offer that the generator designed has the rows of its redeemers only: it is an example of nothing before somebody
/// used it. Nor is an offer on items of which the model knows none.</para>
/// <para>With fewer than <see cref="OwnEnough"/> rows of that kind, behaviour rows fill up to <see cref="RowsWanted"/>:
/// a real user's segment; a scope of one or two top categories, drawn by what he has in his row of the behaviour
/// matrix; a depth drawn evenly; a threshold at his place among users by activity, so that who buys much is asked for
/// more; a validity at the opposite place, so that who comes rarely has longer; a kind drawn evenly.</para>
/// </remarks>
internal sealed class DesignExamples(
    BehaviourMatrix matrix, SvdFactors factors, ScopeFactors scopes, UserSegments segments)
{
    public const int OwnEnough = 512;
    public const int RowsWanted = 2_048;

    /// <summary>The guardrails that behaviour rows stand in: the defaults, with every kind that needs no
    /// gift.</summary>
    public static Guardrails Plain { get; } = Open(new("USD"));

    /// <summary>Rows of the shop's own offers.</summary>
    public List<DesignExample> Own(
        IReadOnlyList<(Campaign Campaign, IReadOnlyList<Offer> Offers)> campaigns, OfferFeedback feedback)
    {
        var rows = Enumerable.Range(0, matrix.Users.Count).ToDictionary(row => matrix.Users[row]);
        var examples = new List<DesignExample>();
        foreach (var (campaign, offers) in campaigns)
        {
            foreach (var offer in offers)
            {
                var weight = feedback.Weight(offer.Id);
                var scope = scopes.Of(offer.Scope);
                if (TensorPrimitives.Norm<float>(scope) == 0)
                {
                    continue;
                }

                var design = DesignCode.Encode(offer, campaign.Guardrails, scope);
                foreach (var segment in SegmentsOf(offer, scope, feedback, rows))
                {
                    examples.Add(new(
                        DesignCode.Condition(segments.Centroids[segment], campaign.Guardrails), design, weight));
                }
            }
        }

        return examples;
    }

    /// <summary>The designs of the shop's own offers, each once, without a condition; none of an offer on items of
    /// which the model knows none, since such a design would say nothing of where it belongs.</summary>
    public static List<float[]> Offers(
        IReadOnlyList<(Campaign Campaign, IReadOnlyList<Offer> Offers)> campaigns, ScopeFactors scopes) =>
        [.. campaigns.SelectMany(c => c.Offers.Where(o => o.Source != OfferSource.Generated)
            .Select(o => (Offer: o, Scope: scopes.Of(o.Scope)))
            .Where(o => TensorPrimitives.Norm<float>(o.Scope) > 0)
            .Select(o => DesignCode.Encode(o.Offer, c.Campaign.Guardrails, o.Scope)))];

    /// <summary>Behaviour rows, at most <paramref name="count"/>; none if the catalog has no category that the model
    /// knows.</summary>
    public List<DesignExample> FromBehaviour(int count, IReadOnlyList<int> itemCategories, Random random)
    {
        var activity = Enumerable.Range(0, matrix.Users.Count)
            .Select(row => (double)TensorPrimitives.Sum(matrix.Entries.RowValues(row)))
            .ToArray();
        var ranked = (double[])activity.Clone();
        Array.Sort(ranked);
        var examples = new List<DesignExample>();
        for (var i = 0; i < count; i++)
        {
            var row = random.Next(matrix.Users.Count);
            var first = DrawCategory(row, itemCategories, random);
            if (first < 0)
            {
                continue;
            }

            var second = random.Next(3) == 0 ? DrawCategory(row, itemCategories, random) : first;
            var scope = new float[factors.Rank];
            TensorPrimitives.Add(scopes.Categories[first], scopes.Categories[second < 0 ? first : second], scope);
            var place = (float)Array.BinarySearch(ranked, activity[row]) / matrix.Users.Count;
            var design = new float[DesignCode.DesignWidth(factors.Rank)];
            design[(int)Plain.Kinds[random.Next(Plain.Kinds.Count)] - 1] = 1;
            design[DesignCode.Kinds] = random.NextSingle();
            design[DesignCode.Kinds + 1] = Math.Clamp(place + (0.1f * (random.NextSingle() - 0.5f)), 0, 1);
            design[DesignCode.Kinds + 2] = Math.Clamp(1 - place + (0.1f * (random.NextSingle() - 0.5f)), 0, 1);
            design[DesignCode.Kinds + 3] = random.NextSingle();
            design[DesignCode.Kinds + 4] = random.NextSingle();
            DesignCode.Unit(scope).CopyTo(design.AsSpan(DesignCode.Fixed));
            examples.Add(new(
                DesignCode.Condition(segments.Centroids[segments.Nearest(Taste(row))], Plain), design, 1));
        }

        return examples;
    }

    // The one that lies nearest to the scope, and those of the redeemers, each once.
    private SortedSet<int> SegmentsOf(
        Offer offer, float[] scope, OfferFeedback feedback, Dictionary<UserId, int> rows)
    {
        SortedSet<int> found = offer.Source == OfferSource.Generated ? [] : [segments.Nearest(scope)];
        foreach (var user in feedback.Redeemers(offer.Id))
        {
            if (rows.TryGetValue(user, out var row))
            {
                found.Add(segments.Nearest(Taste(row)));
            }
        }

        return found;
    }

    private float[] Taste(int row) => DesignCode.Unit(factors.UserVectors.AsSpan(row * factors.Rank, factors.Rank));

    // One of the user's items, drawn by its entry; its top category, or −1 if it has none.
    private int DrawCategory(int row, IReadOnlyList<int> itemCategories, Random random)
    {
        var indices = matrix.Entries.RowIndices(row);
        var values = matrix.Entries.RowValues(row);
        var place = random.NextDouble() * TensorPrimitives.Sum(values);
        var p = 0;
        for (double sum = values[0]; sum < place && p < values.Length - 1; sum += values[p])
        {
            p++;
        }

        return itemCategories[indices[p]];
    }

    private static Guardrails Open(Currency currency) => new()
    {
        Kinds =
        [
            OfferKind.PercentOff, OfferKind.AmountOff, OfferKind.SpendAndSave, OfferKind.FreeShipping,
            OfferKind.PointsRedemption, OfferKind.BuyAndGet, OfferKind.PointsMultiplied,
        ],
        Cap = new(2_000, currency),
        MinimumSpendMin = new(1_000, currency),
        MinimumSpendMax = new(10_000, currency),
        AmountStep = new(50, currency),
    };
}
