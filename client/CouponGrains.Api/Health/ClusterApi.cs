using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CouponGrains.Api.Health;

/// <summary>The silos and what is active on them.</summary>
internal static class ClusterApi
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/cluster", Show);

    private static async Task<IResult> Show(IGrainFactory grains, CancellationToken cancel) =>
        Reply.Json(await grains.GetGrain<IClusterGrain>(0).Show(cancel));
}
