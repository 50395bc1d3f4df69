using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Models;
using CouponGrains.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CouponGrains.Api.Models;

/// <summary>The models of the store and the one in force.</summary>
internal static class ModelsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/models", List);
        routes.MapGet("/models/{version}", Show);
        routes.MapPost("/models/{version}/promote", Promote);
        routes.MapPost("/models/roll-back", RollBack);
    }

    private static async Task<IResult> List(IGrainFactory grains, CancellationToken cancel) =>
        Reply.Json(await grains.GetGrain<IModelRegistryGrain>(0).List(cancel));

    private static async Task<IResult> Show(string version, IGrainFactory grains, CancellationToken cancel)
    {
        var model = new ModelVersion(Address.Ordinal(version, "version"));
        var models = (await grains.GetGrain<IModelRegistryGrain>(0).List(cancel)).Models;
        return models.FirstOrDefault(manifest => manifest.Version == model) is { } found
            ? Reply.Json(found)
            : Problem.Of(new Refusal(RefusalCodes.UnknownModel, $"There is no model {model}."));
    }

    private static async Task<IResult> RollBack(HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var body = await Body.Read<PromoteRequest>(http);
        return Reply.Of(await grains.GetGrain<IModelRegistryGrain>(0).RollBack(body.Reason, cancel));
    }

    private static async Task<IResult> Promote(
        string version, HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var model = new ModelVersion(Address.Ordinal(version, "version"));
        var body = await Body.Read<PromoteRequest>(http);
        return Reply.Of(await grains.GetGrain<IModelRegistryGrain>(0).Promote(model, body.Reason, cancel));
    }
}

/// <summary>Why an operator puts a model into force.</summary>
internal sealed record PromoteRequest(string Reason);
