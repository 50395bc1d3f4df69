using System.Security.Cryptography;
using CouponGrains.Domain;
using CouponGrains.Domain.Models.Response;
using CouponGrains.Domain.Ranking;

namespace CouponGrains.Contracts.Ranking;

/// <summary>A question for offers.</summary>
/// <param name="Count">How many at the most, 1 to 100.</param>
/// <param name="Campaign">Only of this campaign, or null.</param>
/// <param name="Unexplained">True leaves the reasons out, which is quicker.</param>
[GenerateSerializer, Immutable, Alias("cg.offers-query")]
public sealed record OffersQuery(
    [property: Id(0)] int Count = 10, [property: Id(1)] CampaignId? Campaign = null,
    [property: Id(2)] bool Unexplained = false);

/// <summary>A wish to show a user a list of offers; what comes back is what is to be shown, and the log has
/// it.</summary>
/// <param name="Key">The caller's key of the list: the same key logs nothing twice.</param>
/// <param name="Count">How many at the most, 1 to 100.</param>
/// <param name="Campaign">Only of this campaign, or null.</param>
[GenerateSerializer, Immutable, Alias("cg.expose-command")]
public sealed record ExposeCommand(
    [property: Id(0)] string Key, [property: Id(1)] int Count = 10, [property: Id(2)] CampaignId? Campaign = null);

/// <summary>The offers for a user.</summary>
/// <param name="Offers">Best first, with reasons.</param>
/// <param name="Model">The model behind them.</param>
/// <param name="Personal">False if the user's own taste had no part in it.</param>
/// <param name="Basis">What the responses rest on: <see cref="ResponseBasis.Segment"/> if any of them does; null
/// without a response model.</param>
[GenerateSerializer, Immutable, Alias("cg.offers-answer")]
public sealed record OffersAnswer(
    [property: Id(0)] IReadOnlyList<RankedOffer> Offers, [property: Id(1)] ModelVersion Model, [property: Id(2)] bool Personal,
    [property: Id(3)] ResponseBasis? Basis = null);

/// <summary>The offers for a user as JSON, by <see cref="Wire.WireJson.Options"/> in UTF-8.</summary>
/// <param name="Tag">Names what they are: other bytes have another tag.</param>
/// <param name="Json">An <see cref="OffersAnswer"/>; null if whoever asked has what the tag names.</param>
[GenerateSerializer, Immutable, Alias("cg.tagged-offers")]
public sealed record TaggedOffers([property: Id(0)] string Tag, [property: Id(1)] byte[]? Json)
{
    private const int HashBytes = 12;

    /// <summary>Offers with their tag.</summary>
    public static TaggedOffers Of(byte[] json) =>
        new(Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, HashBytes)), json);

    /// <summary>What to tell whoever has <paramref name="known"/>.</summary>
    public TaggedOffers Beside(string? known) => known == Tag ? this with { Json = null } : this;
}
