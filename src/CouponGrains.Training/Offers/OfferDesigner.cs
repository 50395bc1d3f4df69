using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Training.Offers;

/// <summary>Draws designs, segment by segment, and keeps the legal ones that are not like another.</summary>
/// <remarks>The generator of the model designs. A model without one (no offer epochs), or with one on which the gates
/// closed, designs by resampling: the
/// shop's own offers where there are any, and otherwise the segment's own taste as scope with everything else drawn
/// evenly.</remarks>
internal sealed class OfferDesigner(ModelSnapshot model, CatalogIndex catalog, IReadOnlyList<float[]> history)
{
    /// <summary>Draws for each offer wanted, before giving up.</summary>
    private const int DrawsPerOffer = 64;

    private const double GoldenRatio = 0.618033988749895;

    private readonly GeneratorWeights? _generator = GeneratorWeights.Of(model) is { Used: true } generator ? generator : null;
    private readonly UserSegments _segments = UserSegments.Of(model);
    private readonly ScopeFactors _scopes = new(catalog, model.Factors);

    /// <summary>Designs the decoder refused.</summary>
    public int Refused { get; private set; }

    /// <summary>Designs passed over because they repeat an earlier one, or nearly.</summary>
    public int Repeated { get; private set; }

    /// <summary>Up to <paramref name="count"/> offers, numbered from 1. Two offers of one kind and scope differ by
    /// more than one step of the depth or of the amount.</summary>
    public List<Offer> Design(CampaignId campaign, Guardrails guardrails, int count, int seed, CancellationToken cancel)
    {
        var random = new Random(seed);
        var offers = new List<Offer>();
        var place = random.NextDouble();
        for (var draw = 0; draw < count * DrawsPerOffer && offers.Count < count; draw++)
        {
            cancel.ThrowIfCancellationRequested();
            place = (place + GoldenRatio) % 1;
            var raw = Draw(_segments.Centroids[_segments.At(place)], guardrails, random);
            var design = new OfferDesign(raw.Kinds, raw.Depth, raw.Threshold, raw.Validity, _scopes.Scores(raw.Scope))
            {
                Form = raw.Form, Repeats = raw.Repeats,
            };
            var id = IdOf(campaign, offers.Count + 1);
            var (offer, _) = OfferDecoder.Decode(design, id, campaign, guardrails, catalog);
            if (offer is null)
            {
                Refused++;
            }
            else if (offers.Exists(other => IsLike(offer, other, guardrails)))
            {
                Repeated++;
            }
            else
            {
                offers.Add(offer with { Source = OfferSource.Generated, DesignedBy = model.Version });
            }
        }

        return offers;
    }

    private RawDesign Draw(float[] taste, Guardrails guardrails, Random random)
    {
        if (_generator is not null)
        {
            return _generator.Design(DesignCode.Condition(taste, guardrails), random);
        }

        if (history.Count > 0)
        {
            return RawDesign.Of(history[random.Next(history.Count)]);
        }

        var kinds = new float[Enum.GetValues<OfferKind>().Length];
        kinds[(int)guardrails.Kinds[random.Next(guardrails.Kinds.Count)] - 1] = 1;
        var scope = taste.Select(t => t + (0.5f * (random.NextSingle() - 0.5f))).ToArray();
        return new(kinds, random.NextSingle(), random.NextSingle(), random.NextSingle(), random.NextSingle(),
            random.NextSingle(), DesignCode.Unit(scope));
    }

    private OfferId IdOf(CampaignId campaign, int number)
    {
        var end = $"-{model.Version}-{number}";
        return new(campaign.Value[..Math.Min(campaign.Value.Length, IdRules.LengthMax - end.Length)] + end);
    }

    private static bool IsLike(Offer a, Offer b, Guardrails guardrails) =>
        a.Kind == b.Kind
        && a.Gift == b.Gift
        && a.Scope.Categories.ToHashSet().SetEquals(b.Scope.Categories)
        && a.Scope.Items.ToHashSet().SetEquals(b.Scope.Items)
        && Math.Abs(a.PercentBasisPoints - b.PercentBasisPoints) <= guardrails.DepthStepBasisPoints
        && Math.Abs((a.Amount?.Minor ?? 0) - (b.Amount?.Minor ?? 0)) <= guardrails.AmountStep.Minor;
}
