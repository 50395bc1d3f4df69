using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Shop;
using CouponGrains.Domain;
using CouponGrains.Domain.Profiles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CouponGrains.Api.Profiles;

/// <summary>Users and their profiles.</summary>
internal static class UsersApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/users", List);
        routes.MapGet("/users/{id}", Show);
        routes.MapPut("/users/{id}", Describe);
        routes.MapDelete("/users/{id}", Forget);
        routes.MapGet("/users/{id}/similar", Similar);
    }

    private static async Task<IResult> List(
        string? limit, string? cursor, IGrainFactory grains, CancellationToken cancel)
    {
        var (count, after) = Address.Page(limit, cursor);
        UserId? last = after is null ? null : new UserId(after);
        var users = await grains.GetGrain<IShopGrain>(0).Users(last, count + 1, cancel);
        return Reply.Page(users, count, user => user.Id.Value);
    }

    private static async Task<IResult> Show(string id, IGrainFactory grains, CancellationToken cancel) =>
        Reply.Tagged(await grains.User(id).Show(cancel), ProfileShape.Of);

    private static async Task<IResult> Describe(
        string id, HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var user = grains.User(id);
        var body = await Body.Read<UserDescription>(http);
        var record = new UserRecord
        {
            Id = new(Address.Id(id, "id")),
            Attributes = body.Attributes ?? new Dictionary<string, string>(),
            Consent = body.Consent ?? true,
        };
        return Reply.Of(await user.Describe(record, cancel));
    }

    private static async Task<IResult> Forget(string id, IGrainFactory grains, CancellationToken cancel) =>
        Reply.Of(await grains.User(id).Forget(cancel));

    private static async Task<IResult> Similar(
        string id, string? count, IGrainFactory grains, CancellationToken cancel) =>
        Reply.List(await grains.User(id).Similar(Address.Number(count, "count", 1, 100, 10), cancel));
}
