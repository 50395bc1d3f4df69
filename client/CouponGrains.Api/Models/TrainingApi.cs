using System.Globalization;
using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Models;
using CouponGrains.Domain.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CouponGrains.Api.Models;

/// <summary>Training runs: started, watched, cancelled.</summary>
internal static class TrainingApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/training-runs", List);
        routes.MapPost("/training-runs", Start);
        routes.MapGet("/training-runs/{run}", Show);
        routes.MapDelete("/training-runs/{run}", Cancel);
    }

    private static async Task<IResult> List(
        string? limit, string? cursor, IGrainFactory grains, CancellationToken cancel) =>
        Reply.Ordered(
            await Trainer(grains).Runs(cancel), limit, cursor,
            run => run.Run.ToString(CultureInfo.InvariantCulture));

    private static async Task<IResult> Start(HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var options = await Body.ReadOr(http, new TrainingOptions());
        return Reply.Of(await Trainer(grains).Start(options, cancel), StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> Show(string run, IGrainFactory grains, CancellationToken cancel) =>
        Reply.Of(await Trainer(grains).Run(Address.Ordinal(run, "run"), cancel));

    private static async Task<IResult> Cancel(string run, IGrainFactory grains, CancellationToken cancel) =>
        Reply.Of(await Trainer(grains).Cancel(Address.Ordinal(run, "run"), cancel), StatusCodes.Status202Accepted);

    private static ITrainerGrain Trainer(IGrainFactory grains) => grains.GetGrain<ITrainerGrain>(0);
}
