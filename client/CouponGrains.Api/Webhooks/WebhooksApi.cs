using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Shop;
using CouponGrains.Contracts.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CouponGrains.Api.Webhooks;

/// <summary>Endpoints of the shop that are told what happens.</summary>
internal static class WebhooksApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/webhook-endpoints", List);
        routes.MapPost("/webhook-endpoints", Create);
        routes.MapGet("/webhook-endpoints/{id}", Do((grain, cancel) => grain.Show(cancel)));
        routes.MapDelete("/webhook-endpoints/{id}", Do((grain, cancel) => grain.Delete(cancel)));
        routes.MapPost("/webhook-endpoints/{id}/rotate", Do((grain, cancel) => grain.Rotate(cancel)));
        routes.MapPost("/webhook-endpoints/{id}/enable", Do((grain, cancel) => grain.Enable(cancel)));
        routes.MapPost("/webhook-endpoints/{id}/test", Do((grain, cancel) => grain.Test(cancel)));
        routes.MapPost("/webhook-endpoints/{id}/replay", Replay);
        routes.MapGet("/webhook-endpoints/{id}/deliveries", Deliveries);
    }

    private static async Task<IResult> List(
        string? limit, string? cursor, IGrainFactory grains, CancellationToken cancel) =>
        Reply.Sorted(
            (await grains.GetGrain<IShopGrain>(0).Webhooks(cancel)).Endpoints, limit, cursor, endpoint => endpoint.Id);

    private static async Task<IResult> Create(HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var body = await Body.Read<NewEndpoint>(http);
        var grain = grains.GetGrain<IWebhookGrain>(Address.Id(body.Id, "id"));
        return Reply.Of(await grain.Create(body.Url, body.Types ?? [], cancel), StatusCodes.Status201Created);
    }

    private static async Task<IResult> Replay(
        string id, HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var body = await Body.Read<ReplaySince>(http);
        var grain = grains.GetGrain<IWebhookGrain>(Address.Id(id, "id"));
        return Reply.Of(await grain.Replay(body.Since, cancel), StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> Deliveries(
        string id, string? limit, string? cursor, IGrainFactory grains, CancellationToken cancel)
    {
        var answer = await grains.GetGrain<IWebhookGrain>(Address.Id(id, "id")).Deliveries(cancel);
        return answer.Succeeded
            ? Reply.Ordered(answer.Value.Deliveries, limit, cursor, delivery => delivery.Message)
            : Problem.Of(answer.Refusal);
    }

    private static Func<string, IGrainFactory, CancellationToken, Task<IResult>> Do<T>(
        Func<IWebhookGrain, CancellationToken, Task<Contracts.Answer<T>>> call)
        where T : class =>
        async (id, grains, cancel) =>
            Reply.Of(await call(grains.GetGrain<IWebhookGrain>(Address.Id(id, "id")), cancel));
}

/// <summary>An endpoint to be told of <c>types</c>, of all if left out.</summary>
internal sealed record NewEndpoint(string Id, string Url, IReadOnlyList<string>? Types = null);

/// <summary>From when on everything is sent again.</summary>
internal sealed record ReplaySince(DateTimeOffset Since);
