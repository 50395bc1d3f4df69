using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Shop;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CouponGrains.Api.Shop;

/// <summary>How much there is.</summary>
internal static class OverviewApi
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/overview", Show);

    private static async Task<IResult> Show(IGrainFactory grains, CancellationToken cancel) =>
        Reply.Json(await grains.GetGrain<IShopGrain>(0).Overview(cancel));
}
