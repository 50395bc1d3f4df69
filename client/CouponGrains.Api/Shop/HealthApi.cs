using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Shop;
using CouponGrains.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CouponGrains.Api.Shop;

/// <summary>Probes that tell the truth: alive is a process that answers, ready is a cluster that answers it.</summary>
internal static class HealthApi
{
    public static void Map(IEndpointRouteBuilder routes, ApiOptions options)
    {
        routes.MapGet("/health/live", () => Reply.Json(new Health("live")));
        routes.MapGet("/health/ready", (IGrainFactory grains, TimeProvider time, CancellationToken cancel) =>
            Ready(grains, options.ReadyTimeout, time, cancel));
    }

    private static async Task<IResult> Ready(
        IGrainFactory grains, TimeSpan timeout, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            await grains.GetGrain<IShopGrain>(0).Overview(cancel).WaitAsync(timeout, time, cancel);
            return Reply.Json(new Health("ready"));
        }
        catch (Exception e) when (e is TimeoutException || Door.IsUnavailable(e))
        {
            return Problem.Of(new Refusal(RefusalCodes.Unavailable, "The cluster does not answer yet."));
        }
    }
}

/// <summary>The answer of a probe.</summary>
internal sealed record Health(string Status);
