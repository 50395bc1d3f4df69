using System.Numerics.Tensors;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Domain.Ranking;

/// <summary>The offers in force of the active campaigns with their embeddings under one model: what a silo ranks from.
/// Immutable.</summary>
public sealed class OfferIndex
{
    private readonly Offer[] _offers;
    private readonly Dictionary<CampaignId, Campaign> _campaigns;
    private readonly Campaign[] _numbered;
    private readonly int[] _campaignOf;
    private readonly float[] _embeddings;
    private readonly float[] _norms;
    private readonly double[] _affinityNorms;
    private readonly float[] _popularity;
    private readonly bool[] _areNew;
    private readonly TypicalUse?[] _uses;

    private OfferIndex(
        ModelSnapshot? model, Offer[] offers, Dictionary<CampaignId, Campaign> campaigns, CatalogIndex catalog,
            FrequencyCaps shopCaps)
    {
        ShopCaps = shopCaps;
        _uses = new TypicalUse?[offers.Length];
        Model = model;
        Catalog = catalog;
        _offers = offers;
        _campaigns = campaigns;
        _numbered = [.. campaigns.Values];
        Caps = [.. _numbered.Select(campaign => campaign.Caps.Frequency).Append(shopCaps).Distinct()];
        var numbers = _numbered.Index().ToDictionary(c => c.Item.Id, c => c.Index);
        _campaignOf = Array.ConvertAll(offers, offer => numbers[offer.Campaign]);
        _embeddings = new float[checked(offers.Length * (model?.Factors.Rank ?? 0))];
        _norms = new float[offers.Length];
        _affinityNorms = new double[offers.Length];
        _popularity = new float[offers.Length];
        _areNew = new bool[offers.Length];
        Neighbours = model is null ? OfferNeighbours.None : Embed(model);
        Affinities = new(_embeddings, offers.Length, model?.Factors.Rank ?? 0);
        Response = new(this);
        Scorer = Response.HasModel ? Response : null;
    }

    /// <summary>Nothing to rank.</summary>
    public static OfferIndex Empty { get; } = Build(null, [], CatalogIndex.Empty);

    /// <summary>The model, or null.</summary>
    public ModelSnapshot? Model { get; }

    /// <summary>The offers, in the order of their ids.</summary>
    public IReadOnlyList<Offer> Offers => _offers;

    /// <summary>The campaigns by id.</summary>
    public IReadOnlyDictionary<CampaignId, Campaign> Campaigns => _campaigns;

    /// <summary>The catalog it was built with.</summary>
    public CatalogIndex Catalog { get; }

    /// <summary>How closely coupons may follow one another for one user, over all campaigns.</summary>
    public FrequencyCaps ShopCaps { get; }

    /// <summary>Tells how a user responds to the offers: <see cref="Response"/>, unless another one was given; null
    /// without a response model.</summary>
    public IResponseScorer? Scorer { get; private set; }

    /// <summary>E, one row <c>e_c</c> for each offer, shape (offers, k); empty without a model.</summary>
    public ReadOnlySpan<float> Embeddings => _embeddings;

    /// <summary>The scan for the offers closest to a taste.</summary>
    public AffinityScan Affinities { get; }

    /// <summary>The response model over these offers.</summary>
    public ResponseScorer Response { get; }

    /// <summary>The campaigns by number.</summary>
    internal ReadOnlySpan<Campaign> Numbered => _numbered;

    /// <summary>The frequency caps that differ, of the shop and of its campaigns.</summary>
    internal FrequencyCaps[] Caps { get; }

    /// <summary>n.</summary>
    internal OfferNeighbours Neighbours { get; }

    /// <summary>Builds the index of the active campaigns among <paramref name="campaigns"/>.</summary>
    /// <param name="model">The model, or null.</param>
    /// <param name="campaigns">The campaigns with their offers in force.</param>
    /// <param name="catalog">The items.</param>
    /// <param name="shopCaps">The shop's frequency caps; none if left out.</param>
    public static OfferIndex Build(
        ModelSnapshot? model, IReadOnlyList<(Campaign Campaign, IReadOnlyList<Offer> Offers)> campaigns,
            CatalogIndex catalog, FrequencyCaps? shopCaps = null)
    {
        var active = campaigns.Where(c => c.Campaign.Status == CampaignStatus.Active).ToList();
        return new(
            model,
            [.. active.SelectMany(c => c.Offers).OrderBy(o => o.Id)],
            active.ToDictionary(c => c.Campaign.Id, c => c.Campaign),
            catalog,
            shopCaps ?? new());
    }

    /// <summary>The same index with another teller of responses.</summary>
    public OfferIndex With(IResponseScorer? scorer)
    {
        var copy = (OfferIndex)MemberwiseClone();
        copy.Scorer = scorer;
        return copy;
    }

    /// <summary><c>e_c</c> of an offer, shape (k); empty without a model.</summary>
    public ReadOnlySpan<float> Embedding(int offer)
    {
        var rank = Model?.Factors.Rank ?? 0;
        return _embeddings.AsSpan(offer * rank, rank);
    }

    /// <summary>One use of an offer on a typical cart. Looked up when it is first asked for, which costs a pass over
    /// its items.</summary>
    public TypicalUse Use(int offer) => _uses[offer]
        ??= OfferEstimate.Typical(_offers[offer], CampaignOf(offer).Guardrails, Catalog);

    /// <summary>The campaign of an offer.</summary>
    internal Campaign CampaignOf(int offer) => _numbered[_campaignOf[offer]];

    /// <summary>Its place in <see cref="Numbered"/>.</summary>
    internal int CampaignNumberOf(int offer) => _campaignOf[offer];

    /// <summary><c>‖e_c‖</c> of an offer; 0 if the model knows nothing of what it covers.</summary>
    public float Norm(int offer) => _norms[offer];

    /// <summary><c>‖(e_c, n_c)‖</c> of an offer, with n_c the neighbour part of every item, and with the length that
    /// provisional rows are expected to have; of a plain SVD <see cref="Norm"/>.</summary>
    public double AffinityNorm(int offer) => _affinityNorms[offer];

    /// <summary>How popular what an offer covers is, 0 to 1: the mean of the items' popularity weighted by
    /// <c>c</c>. Items that came after training are left out: of how popular they are nothing is known yet.</summary>
    public float Popularity(int offer) => _popularity[offer];

    /// <summary>True if at least half of an offer, by <c>c²</c>, is on items that came after training: its embedding is
    /// mostly a guess.</summary>
    public bool IsNew(int offer) => _areNew[offer];

    /// <summary>Fills in what the model says of each offer alone, and answers n.</summary>
    private OfferNeighbours Embed(ModelSnapshot model)
    {
        var vectors = Array.ConvertAll(_offers, offer => CouponVector.Of(offer, Catalog, model.Factors));
        var neighbours = OfferNeighbours.Build(model, vectors);
        for (var i = 0; i < _offers.Length; i++)
        {
            vectors[i].Embed(model).CopyTo(_embeddings, i * model.Factors.Rank);
            _norms[i] = TensorPrimitives.Norm(Embedding(i));
            _affinityNorms[i] = Math.Sqrt(
                ((double)_norms[i] * _norms[i]) + SquaredSpread(vectors[i], model) + neighbours.SquaredNorm(i));
            _popularity[i] = MeanPopularity(vectors[i], model);
            _areNew[i] = IsNew(vectors[i], model.Factors);
        }

        return neighbours;
    }

    private static float MeanPopularity(CouponVector vector, ModelSnapshot model)
    {
        var (sum, weights) = (0.0, 0.0);
        for (var i = 0; i < vector.Rows.Count && !model.Factors.IsProvisional(vector.Rows[i]); i++)
        {
            sum += vector.Values[i] * model.Popularity[vector.Rows[i]];
            weights += vector.Values[i];
        }

        return weights > 0 ? (float)(sum / weights) : 0;
    }

    /// <summary>The unknown parts of different rows point anywhere, so their squares add up.</summary>
    private static double SquaredSpread(CouponVector vector, ModelSnapshot model)
    {
        var sum = 0.0;
        for (var i = vector.Rows.Count - 1; i >= 0 && model.Factors.IsProvisional(vector.Rows[i]); i--)
        {
            var row = vector.Rows[i];
            sum += Math.Pow((double)vector.Values[i] * model.TargetWeights[row] * model.Factors.Spread(row), 2);
        }

        return sum;
    }

    private static bool IsNew(CouponVector vector, ItemFactors factors)
    {
        var (all, news) = (0.0, 0.0);
        for (var i = 0; i < vector.Rows.Count; i++)
        {
            var square = (double)vector.Values[i] * vector.Values[i];
            all += square;
            news += factors.IsProvisional(vector.Rows[i]) ? square : 0;
        }

        return news > 0 && news >= all / 2;
    }
}
