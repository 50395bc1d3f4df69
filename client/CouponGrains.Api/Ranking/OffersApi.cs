using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Ranking;
using CouponGrains.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CouponGrains.Api.Ranking;

/// <summary>The offers that suit a user, with reasons.</summary>
internal static class OffersApi
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/users/{id}/offers", Offers);

    private static async Task<IResult> Offers(
        string id, string? count, string? campaign, IGrainFactory grains, CancellationToken cancel)
    {
        CampaignId? only = campaign is null ? null : new CampaignId(Address.Id(campaign, "campaign"));
        var query = new OffersQuery(Address.Number(count, "count", 1, 100, 10), only);
        return Reply.Json(await grains.User(id).Offers(query, cancel));
    }
}
