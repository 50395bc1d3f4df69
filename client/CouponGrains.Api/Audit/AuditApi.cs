using System.Globalization;
using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Audit;
using CouponGrains.Domain;
using CouponGrains.Domain.Audit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CouponGrains.Api.Audit;

/// <summary>Who changed what, and whether the chain of it holds.</summary>
internal static class AuditApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/audit-events", List);
        routes.MapGet("/audit-events/verification", Verify);
    }

    private static async Task<IResult> List(
        string? actor, string? action, string? target, string? since, string? until, string? limit, string? cursor,
        IGrainFactory grains, CancellationToken cancel)
    {
        var count = Address.Limit(limit);
        var before = cursor is null ? long.MaxValue : Address.Ordinal(cursor, "cursor");
        var filter = new AuditFilter
        {
            Actor = actor,
            Action = action,
            Target = target,
            Since = Address.Instant(since, "since"),
            Until = Address.Instant(until, "until"),
        };
        var found = await Grain(grains).Find(filter, before, count + 1, cancel);
        return found.Succeeded
            ? Reply.Page(found.Value.Events, count, e => e.Number.ToString(CultureInfo.InvariantCulture))
            : Problem.Of(found.Refusal);
    }

    private static async Task<IResult> Verify(string? noted, IGrainFactory grains, CancellationToken cancel)
    {
        var head = noted is null ? null : AuditHead.Parse(noted);
        return noted is not null && head is null
            ? Problem.Of(new Refusal(
                RefusalCodes.InvalidValue, "A noted head is NUMBER:HASH, as a verification answers it.", "?noted"))
            : Reply.Json(await Grain(grains).Verify(head, cancel));
    }

    private static IAuditGrain Grain(IGrainFactory grains) => grains.GetGrain<IAuditGrain>(0);
}
