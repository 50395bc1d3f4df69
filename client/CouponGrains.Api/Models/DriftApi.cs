using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CouponGrains.Api.Models;

/// <summary>How far the shop has moved from what the model in force was trained on.</summary>
internal static class DriftApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/models/drift", Show);
        routes.MapPost("/models/drift", Measure);
    }

    private static async Task<IResult> Show(IGrainFactory grains, CancellationToken cancel) =>
        Reply.Json(await grains.GetGrain<IDriftGrain>(0).Show(cancel));

    private static async Task<IResult> Measure(IGrainFactory grains, CancellationToken cancel) =>
        Reply.Json(await grains.GetGrain<IDriftGrain>(0).Measure(cancel));
}
