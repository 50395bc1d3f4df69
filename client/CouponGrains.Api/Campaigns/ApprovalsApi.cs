using System.Globalization;
using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Shop;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CouponGrains.Api.Campaigns;

/// <summary>The approval of what one person may not decide alone. The request is made by whoever activates the campaign
/// or raises its budget.</summary>
internal static class ApprovalsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/approvals", Waiting);
        routes.MapGet("/campaigns/{id}/approvals", List);
        routes.MapPost("/campaigns/{id}/approvals", Decide);
    }

    private static async Task<IResult> Waiting(
        string? limit, string? cursor, IGrainFactory grains, CancellationToken cancel) => Reply.Ordered(
        (await grains.GetGrain<IShopGrain>(0).WaitingApprovals(cancel)).Approvals, limit, cursor,
        asked => $"{asked.Wanted.Id}/{asked.Number.ToString(CultureInfo.InvariantCulture)}");

    private static async Task<IResult> List(
        string id, string? limit, string? cursor, IGrainFactory grains, CancellationToken cancel)
    {
        var answer = await grains.Campaign(id).Approvals(cancel);
        return answer.Succeeded
            ? Reply.Ordered(
                answer.Value.Approvals, limit, cursor, asked => asked.Number.ToString(CultureInfo.InvariantCulture))
            : Problem.Of(answer.Refusal);
    }

    private static async Task<IResult> Decide(
        string id, HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var grain = grains.Campaign(id);
        var body = await Body.Read<ApprovalDecision>(http);
        return Reply.Of(await grain.DecideApproval(body.Request, body.Decision == Verdict.Approve, body.Note, cancel));
    }
}

/// <summary>What may be decided.</summary>
internal enum Verdict
{
    Approve = 1,
    Reject = 2,
}

/// <summary>A decision of a request for approval, by its number.</summary>
internal sealed record ApprovalDecision(int Request, Verdict Decision, string Note = "");
