using System.Globalization;
using System.Numerics.Tensors;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Models.Response;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Domain.Ranking;

/// <summary>Says why an offer has its score.</summary>
internal sealed class Explanation(
    OfferIndex index, RankingSubject subject, Eligibility eligibility, DateTimeOffset now,
    bool isExplained = true)
{
    /// <summary>The past items that are named; the rest goes into one reason.</summary>
    private const int NamedMax = 3;

    /// <summary>The groups of features that are named.</summary>
    private const int GroupsMax = 3;

    private readonly bool _isPersonal = OfferRanker.IsPersonal(index, subject);

    /// <summary>The offer with everything that speaks for it.</summary>
    internal RankedOffer Explain(Candidate candidate, double propensity)
    {
        var offer = index.Offers[candidate.Offer];
        return new(
            offer, candidate.Score, propensity, index.Model?.Version ?? default,
            isExplained ? Reasons(candidate, index.Campaigns[offer.Campaign]) : [])
        {
            Affinity = candidate.Affinity,
            Response = candidate.Response,
            Basis = candidate.Basis,
        };
    }

    private Reason[] Reasons(Candidate candidate, Campaign campaign)
    {
        var why = _isPersonal
            ? OfTaste(index, candidate.Offer, subject.Profile, subject.Taste!, candidate.Scale)
            : OfPopularity(index, subject.Profile);
        return [.. why, .. OfResponse(candidate, campaign), .. eligibility.Rules(campaign)];
    }

    private IEnumerable<Reason> OfResponse(Candidate candidate, Campaign campaign)
    {
        if (candidate.Response is not { } response)
        {
            yield break;
        }

        var use = index.Use(candidate.Offer);
        var left = new Money((long)Math.Round(use.MarginMinor - use.DiscountMinor), campaign.Budget.Currency);
        yield return new("value", string.Create(
            CultureInfo.InvariantCulture, $"Used by {100 * response.Redeem:F1} %, and a use leaves {left}"), Contribution: candidate.Score);
        if (candidate.Basis == ResponseBasis.Segment)
        {
            yield return new("segment", "How you respond is told from users like you");
            yield break;
        }

        foreach (var part in index.Scorer!.Explain(subject, candidate.Offer, now).Take(GroupsMax))
        {
            yield return new("feature", part.Group, Contribution: part.Logit);
        }
    }

    /// <summary>The exact split of the affinity over the user's past items,
    /// <c>u · e_c + Σ_j r_uj n_jc = Σ_j r_uj (in_j F_j · e_c + n_jc)</c>, scaled as the affinity is. The items that speak
    /// most for the offer are named; what the others add up to, for and against, is one reason without an item.</summary>
    private static Reason[] OfTaste(OfferIndex index, int offer, UserProfile profile, TasteVector taste, double scale)
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
    private static Reason[] OfPopularity(OfferIndex index, UserProfile profile) =>
    [
        new("popular", (index.Model, profile.Record.Consent) switch
        {
            (null, _) => "There is no model yet",
            (_, false) => "Popular; not personal, because you objected",
            _ => "Popular; we do not know your taste yet",
        }),
    ];
}
