using System.Globalization;
using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Ranking;
using CouponGrains.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CouponGrains.Api.Ranking;

/// <summary>What was decided for a user: each coupon issued to him and each offer shown in a list, and why.</summary>
internal static class DecisionsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/users/{id}/decisions", List);
        routes.MapGet("/users/{id}/decisions/{decision}/explanation", Explain);
    }

    private static async Task<IResult> List(
        string id, string? limit, string? cursor, IGrainFactory grains, CancellationToken cancel)
    {
        var count = Address.Limit(limit);
        var before = cursor is null ? long.MaxValue : Address.Ordinal(cursor, "cursor");
        var found = await grains.User(id).Decisions(before, count + 1, cancel);
        return Reply.Page(found, count, decision => decision.Sequence.ToString(CultureInfo.InvariantCulture));
    }

    private static async Task<IResult> Explain(
        string id, string decision, IGrainFactory grains, CancellationToken cancel) =>
        Reply.Of<DecisionExplanation>(
            await grains.User(id).Explain(new EventId(Address.Id(decision, "decision")), cancel));
}
