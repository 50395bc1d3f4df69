using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Ranking;
using CouponGrains.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CouponGrains.Api.Ranking;

/// <summary>The offers that suit a user, with reasons: asked for, or chosen to be shown, which the log keeps.</summary>
internal static class OffersApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/users/{id}/offers", Offers);
        routes.MapPost("/users/{id}/exposures", Expose);
    }

    private static async Task<IResult> Offers(
        string id, string? count, string? campaign, string? explain, IGrainFactory grains, KnownOffers<byte[]> known,
        CancellationToken cancel)
    {
        var (tag, offers) = await known.Ask(grains.User(id), Query(count, campaign, explain), cancel);
        return new Tagged(EntityTags.Quoted(tag), offers);
    }

    /// <summary>The question of <c>?count=&amp;campaign=&amp;explain=</c>.</summary>
    internal static OffersQuery Query(string? count, string? campaign, string? explain)
    {
        CampaignId? only = campaign is null ? null : new CampaignId(Address.Id(campaign, "campaign"));
        return new(Address.Number(count, "count", 1, 100, 10), only, !Address.Flag(explain, "explain", true));
    }

    private static async Task<IResult> Expose(
        string id, HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var body = await Body.Read<ExposureRequest>(http);
        var user = grains.User(id);
        return await KeysInFlight.Once(http, new(user.GetPrimaryKeyString()), body.Key, async key => Reply.Of(
            await user.Expose(new(key, body.Count, body.Campaign), cancel), StatusCodes.Status201Created));
    }
}

/// <summary>A wish to show a user a list. The key may stand in the header <c>Idempotency-Key</c> instead.</summary>
internal sealed record ExposureRequest(int Count = 10, CampaignId? Campaign = null, string? Key = null);
