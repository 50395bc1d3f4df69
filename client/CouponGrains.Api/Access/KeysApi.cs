using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Access;
using CouponGrains.Domain;
using CouponGrains.Domain.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CouponGrains.Api.Access;

/// <summary>Keys of the API. A secret is told once, in the answer that makes it.</summary>
internal static class KeysApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/keys", List);
        routes.MapPost("/keys", Create);
        routes.MapPost("/keys/{id}/rotate", Rotate);
        routes.MapPost("/keys/{id}/revoke", Revoke);
        routes.MapPost("/users/{id}/keys", CreateForUser);
    }

    private static async Task<IResult> List(
        string? user, string? limit, string? cursor, IGrainFactory grains, CancellationToken cancel)
    {
        var (count, after) = Address.Page(limit, cursor);
        var keys = user is null
            ? await Keys(grains).List(after, count + 1, cancel)
            : await Keys(grains).OfUser(new(Address.Id(user, "user")), after, count + 1, cancel);
        return Reply.Page([.. keys.Select(key => KeyView.Of(key))], count, key => key.Id);
    }

    private static async Task<IResult> Create(HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var body = await Body.Read<NewKey>(http);
        var kind = body.Kind ?? KeyKind.Server;
        return await Make(grains, new()
        {
            Id = "", Name = body.Name, Kind = kind, Hash = "", At = default, ExpiresAt = body.ExpiresAt,
            Scopes = body.Scopes ?? (kind == KeyKind.Client ? [Scopes.EventsWrite] : Scopes.Shop),
            Origins = body.Origins ?? [],
        }, cancel);
    }

    /// <summary>A key for a user's own browser or app, which a shop's server asks for when he signs in.</summary>
    private static async Task<IResult> CreateForUser(
        string id, HttpContext http, IGrainFactory grains, TimeProvider time, CancellationToken cancel)
    {
        var user = new UserId(Address.Id(id, "id"));
        var body = await Body.ReadOr(http, new NewUserKey());
        var lifetime = body.Lifetime ?? KeyRules.SessionUsually;
        if (lifetime <= TimeSpan.Zero || lifetime > KeyRules.SessionMax)
        {
            return Problem.Of(new Refusal(
                RefusalCodes.InvalidValue, "A key of one user lives at most a day.", "/lifetimeSeconds"));
        }

        return await Make(grains, new()
        {
            Id = "", Name = "A user's own", Kind = KeyKind.Client, Hash = "", At = default, User = user,
            ExpiresAt = time.GetUtcNow() + lifetime, Scopes = body.Scopes ?? Scopes.Client, Origins = body.Origins ?? [],
        }, cancel);
    }

    private static async Task<IResult> Rotate(
        string id, HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var body = await Body.ReadOr(http, new KeyRotation());
        var found = await Keys(grains).Find(Address.Id(id, "id"), cancel);
        var secret = KeySecret.Of(found?.Kind ?? KeyKind.Server, id);
        var key = await Keys(grains).Rotate(id, KeySecret.Hash(secret), body.Overlap ?? KeyRules.OverlapUsually, cancel);
        return Reply.Json(KeyView.Of(key, secret));
    }

    private static async Task<IResult> Revoke(string id, IGrainFactory grains, CancellationToken cancel) =>
        Reply.Json(KeyView.Of(await Keys(grains).Revoke(Address.Id(id, "id"), cancel)));

    /// <summary>Gives a key its id and secret, and keeps it.</summary>
    private static async Task<IResult> Make(IGrainFactory grains, AccessKey key, CancellationToken cancel)
    {
        var (id, secret) = KeySecret.New(key.Kind);
        var kept = await Keys(grains).Create(key with { Id = id, Hash = KeySecret.Hash(secret) }, cancel);
        return Reply.Json(KeyView.Of(kept, secret), StatusCodes.Status201Created);
    }

    private static IKeysGrain Keys(IGrainFactory grains) => grains.GetGrain<IKeysGrain>(0);
}

/// <summary>A key to make: <c>kind</c> is a server's if left out, <c>scopes</c> what such a key usually has.</summary>
internal sealed record NewKey(
    string Name, KeyKind? Kind = null, IReadOnlyList<string>? Scopes = null, DateTimeOffset? ExpiresAt = null,
    IReadOnlyList<string>? Origins = null);

/// <summary>A key of one user to make: for an hour and all that such a key may have, if left out.</summary>
internal sealed record NewUserKey(
    IReadOnlyList<string>? Scopes = null, TimeSpan? Lifetime = null, IReadOnlyList<string>? Origins = null);

/// <summary>How long the secret before stays good: a day if left out.</summary>
internal sealed record KeyRotation(TimeSpan? Overlap = null);

/// <summary>A key as people see it; its secret only when it was just made.</summary>
internal sealed record KeyView(
    string Id, string Name, KeyKind Kind, IReadOnlyList<string> Scopes, UserId? User, IReadOnlyList<string> Origins,
    DateTimeOffset At, DateTimeOffset? RotatedAt, DateTimeOffset? PreviousUntil, DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt, string? Secret)
{
    public static KeyView Of(AccessKey key, string? secret = null) => new(
        key.Id, key.Name, key.Kind, key.Scopes, key.User, key.Origins, key.At, key.RotatedAt, key.PreviousUntil,
        key.ExpiresAt, key.RevokedAt, secret);
}
