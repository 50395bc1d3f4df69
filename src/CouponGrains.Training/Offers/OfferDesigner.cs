using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Offers;
using CouponGrains.Training.Offers.Judgement;

namespace CouponGrains.Training.Offers;

/// <summary>Draws designs, segment by segment, and keeps the legal ones that are not like another.</summary>
/// <remarks>The generator of the model designs. Where the gates closed on it, the baseline that the judgement names
/// does: the copula; history, which is the shop's own offers drawn again; or the grid, which draws everything evenly. A
/// model without generator (no offer epochs) draws the shop's own offers again. Where there are none to draw again, the
/// designs that the generator learned from are; without such, the segment's own taste is the scope, and everything else
/// is drawn evenly.</remarks>
internal sealed class OfferDesigner(ModelSnapshot model, CatalogIndex catalog, IReadOnlyList<float[]> history)
{
    /// <summary>Draws for each offer wanted, before giving up.</summary>
    private const int DrawsPerOffer = 64;

    private const double GoldenRatio = 0.618033988749895;

    private readonly Draw _draw = DrawOf(model, history);
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
            var segment = _segments.At(place);
            var raw = _draw(segment, _segments.Centroids[segment], guardrails, random);
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

    private delegate RawDesign Draw(int segment, float[] taste, Guardrails guardrails, Random random);

    private static Draw DrawOf(ModelSnapshot model, IReadOnlyList<float[]> history)
    {
        var generator = GeneratorWeights.Of(model);
        Draw again = history.Count > 0
            ? (_, _, _, random) => RawDesign.Of(history[random.Next(history.Count)])
            : generator?.Learned is { } learned
                ? (_, _, _, random) => generator.Words.Raw(learned.Draw(generator.Words, random), random)
                : ByTaste;
        if (generator is null)
        {
            return again;
        }

        return (generator.Instead < 0 ? "" : DesignJudgement.Baselines[generator.Instead]) switch
        {
            "" => (segment, taste, guardrails, random) =>
                generator.Design(segment, DesignCode.Condition(taste, guardrails), random),
            "copula" when DesignCopula.Of(model.Tensors, generator.Words) is { } copula =>
                (segment, _, _, random) => copula.Design(segment, random),
            "grid" => (_, _, guardrails, random) => Evenly(
                generator.Columns.Scopes.Prototypes[random.GetItems(generator.Columns.Prototypes, 1)[0]], guardrails,
                random),
            _ => again,
        };
    }

    private static RawDesign ByTaste(int segment, float[] taste, Guardrails guardrails, Random random) =>
        Evenly(DesignCode.Unit([.. taste.Select(t => t + (0.5f * (random.NextSingle() - 0.5f)))]), guardrails, random);

    private static RawDesign Evenly(float[] scope, Guardrails guardrails, Random random)
    {
        var kinds = new float[Enum.GetValues<OfferKind>().Length];
        kinds[(int)guardrails.Kinds[random.Next(guardrails.Kinds.Count)] - 1] = 1;
        return new(kinds, random.NextSingle(), random.NextSingle(), random.NextSingle(), random.NextSingle(),
            random.NextSingle(), scope);
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
