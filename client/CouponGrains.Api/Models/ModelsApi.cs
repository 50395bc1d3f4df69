using System.Globalization;
using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Models;
using CouponGrains.Domain;
using CouponGrains.Domain.Models;
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
        routes.MapGet("/models/history", History);
        routes.MapGet("/models/{version}", Show);
        routes.MapPost("/models/{version}/promote", Promote);
        routes.MapPost("/models/roll-back", RollBack);
    }

    private static async Task<IResult> List(
        string? limit, string? cursor, IGrainFactory grains, CancellationToken cancel)
    {
        var (current, models, _) = await grains.GetGrain<IModelRegistryGrain>(0).List(cancel);
        var page = Reply.OrderedPage(models, limit, cursor, model => Text(model.Version.Number));
        return Tagged.Of(new ModelPage(current, page.Data, page.HasMore, page.NextCursor));
    }

    private static async Task<IResult> History(
        string? limit, string? cursor, IGrainFactory grains, CancellationToken cancel)
    {
        var history = (await grains.GetGrain<IModelRegistryGrain>(0).List(cancel)).History;
        // The steps have no names; they are counted from the first one, which stays the first.
        var steps = history.Select((step, i) => (Step: step, Place: Text(history.Count - i))).ToArray();
        var page = Reply.OrderedPage(steps, limit, cursor, step => step.Place);
        return Reply.Json(new Page<ModelPromotion>(
            [.. page.Data.Select(step => step.Step)], page.HasMore, page.NextCursor));
    }

    private static async Task<IResult> Show(string version, IGrainFactory grains, CancellationToken cancel)
    {
        var model = new ModelVersion(Address.Ordinal(version, "version"));
        var models = (await grains.GetGrain<IModelRegistryGrain>(0).List(cancel)).Models;
        return models.FirstOrDefault(manifest => manifest.Version == model) is { } found
            ? Tagged.Of(found)
            : Problem.Of(new Refusal(RefusalCodes.UnknownModel, $"There is no model {model}."));
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

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

/// <summary>A page of the models.</summary>
/// <param name="Current">The model in force; 0 if none is.</param>
/// <param name="Data">The models, newest first.</param>
/// <param name="HasMore">True if there are older ones.</param>
/// <param name="NextCursor">What <c>cursor</c> asks for them, or null.</param>
internal sealed record ModelPage(
    ModelVersion Current, IReadOnlyList<ModelManifest> Data, bool HasMore, string? NextCursor);
