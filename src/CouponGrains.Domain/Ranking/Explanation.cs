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

    private (ItemId Item, int Row, double Weight, float Entry)[]? _past;
    private readonly bool _isPersonal = OfferRanker.IsPersonal(index, subject);

    /// <summary>The offers with everything that speaks for them.</summary>
    /// <param name="chosen">The offers.</param>
    /// <param name="propensity">The probability of each.</param>
    internal RankedOffer[] Explain(List<Candidate> chosen, Func<Candidate, double> propensity)
    {
        var features = isExplained ? Features(chosen) : [];
        var explained = new RankedOffer[chosen.Count];
        for (var i = 0; i < explained.Length; i++)
        {
            var candidate = chosen[i];
            explained[i] = new(
                index.Offers[candidate.Offer], candidate.Score, propensity(candidate), index.Model?.Version ?? default,
                isExplained ? Reasons(candidate, features[i]) : [])
            {
                Affinity = candidate.Affinity,
                Response = candidate.Response,
                Basis = candidate.Basis,
            };
        }

        return explained;
    }

    /// <summary>What spoke for and against each, of those that were scored by the model; all in one pass.</summary>
    private IReadOnlyList<FeaturePart>[] Features(List<Candidate> chosen)
    {
        var features = new IReadOnlyList<FeaturePart>[chosen.Count];
        Array.Fill(features, []);
        int[] scored = [.. Enumerable.Range(0, chosen.Count)
            .Where(i => chosen[i] is { Response: not null, Basis: not ResponseBasis.Segment })];
        if (scored.Length > 0)
        {
            var parts = index.Scorer!.Explain(subject, Array.ConvertAll(scored, i => chosen[i].Offer), now);
            for (var i = 0; i < scored.Length; i++)
            {
                features[scored[i]] = parts[i];
            }
        }

        return features;
    }

    private Reason[] Reasons(in Candidate candidate, IReadOnlyList<FeaturePart> features)
    {
        var campaign = index.CampaignOf(candidate.Offer);
        var reasons = new List<Reason>(8);
        if (_isPersonal)
        {
            OfTaste(candidate.Offer, candidate.Scale, reasons);
        }
        else
        {
            reasons.Add(OfPopularity(index, subject.Profile));
        }

        OfResponse(candidate, campaign, features, reasons);
        reasons.AddRange(eligibility.Rules(campaign));
        return [.. reasons];
    }

    private void OfResponse(
        in Candidate candidate, Campaign campaign, IReadOnlyList<FeaturePart> features, List<Reason> reasons)
    {
        if (candidate.Response is not { } response)
        {
            return;
        }

        var use = index.Use(candidate.Offer);
        var left = new Money((long)Math.Round(use.MarginMinor - use.DiscountMinor), campaign.Budget.Currency);
        reasons.Add(new("value", string.Create(
            CultureInfo.InvariantCulture, $"Used by {100 * response.Redeem:F1} %, and a use leaves {left}"),
            Contribution: candidate.Score));
        if (candidate.Basis == ResponseBasis.Segment)
        {
            reasons.Add(new("segment", "How you respond is told from users like you"));
            return;
        }

        for (var i = 0; i < Math.Min(features.Count, GroupsMax); i++)
        {
            reasons.Add(new("feature", features[i].Group, Contribution: features[i].Logit));
        }
    }

    /// <summary>The exact split of the affinity over the user's past items,
    /// <c>u · e_c + Σ_j r_uj n_jc = Σ_j r_uj (in_j F_j · e_c + n_jc)</c>, scaled as the affinity is. The items that
    /// speak most for the offer are named; what the others add up to, for and against, is one reason without an
    /// item.</summary>
    private void OfTaste(int offer, double scale, List<Reason> reasons)
    {
        var model = index.Model!;
        var embedding = index.Embedding(offer);
        Span<(int Past, double Contribution)> named = stackalloc (int, double)[NamedMax];
        var (count, others) = (0, 0.0);
        var past = _past ??= Past();
        for (var i = 0; i < past.Length; i++)
        {
            var (_, row, weight, entry) = past[i];
            var dot = weight * TensorPrimitives.Dot(model.Factors.Row(row), embedding);
            var part = (Past: i, Contribution: entry * (dot + index.Neighbours.Entry(row, offer)) * scale);
            // The strongest so far, the strongest first; what has no place among them goes to the others.
            for (var place = 0; place < NamedMax && part.Contribution > 0; place++)
            {
                if (place == count)
                {
                    (named[count++], part) = (part, default);
                }
                else if (IsBefore(part, named[place]))
                {
                    (named[place], part) = (part, named[place]);
                }
            }

            others += part.Contribution;
        }

        foreach (var (place, contribution) in named[..count])
        {
            var item = past[place].Item;
            var isNew = model.Factors.SourceOf(item) == FactorSource.Provisional;
            var text = $"Your interest in {index.Catalog.Get(item).Title}{(isNew ? ", which is new" : "")}";
            reasons.Add(new("past_item", text, item, contribution, isNew));
        }

        if (past.Length > count)
        {
            reasons.Add(new("past_item", "other items", null, others));
        }

        if (index.IsNew(offer))
        {
            reasons.Add(new("new_items", "New in the shop: judged by what it is like", Provisional: true));
        }

        bool IsBefore((int Past, double Contribution) a, (int Past, double Contribution) b) =>
            a.Contribution > b.Contribution
            || (a.Contribution.Equals(b.Contribution) && a.Contribution > 0
                && past[a.Past].Item.CompareTo(past[b.Past].Item) < 0);
    }

    /// <summary>The items of the user's past that the model knows, with row, in_j and r_uj: the same for every
    /// offer.</summary>
    private (ItemId Item, int Row, double Weight, float Entry)[] Past()
    {
        var (model, taste) = (index.Model!, subject.Taste!);
        var past = new List<(ItemId, int, double, float)>(subject.Profile.Items.Count);
        foreach (var (item, history) in subject.Profile.HeldItems)
        {
            var (row, entry) = (model.Factors.RowOf(item), taste.Entry(history.DecayedSum));
            if (row >= 0 && entry > 0)
            {
                past.Add((item, row, model.HistoryWeights[row], entry));
            }
        }

        return [.. past];
    }

    /// <summary>Why there was no taste to go by.</summary>
    private static Reason OfPopularity(OfferIndex index, UserProfile profile) =>
        new("popular", (index.Model, profile.Record.Consent) switch
        {
            (null, _) => "There is no model yet",
            (_, false) => "Popular; not personal, because you objected",
            _ => "Popular; we do not know your taste yet",
        });
}
