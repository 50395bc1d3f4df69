using System.Text.Json;
using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Campaigns;
using CouponGrains.Contracts.Shop;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CouponGrains.Api.Campaigns;

/// <summary>Campaigns: made as drafts, changed by revision, moved between statuses, pushed in waves.</summary>
internal static class CampaignsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/campaigns", List);
        routes.MapPost("/campaigns", Create);
        routes.MapGet("/campaign-templates", Templates);
        routes.MapGet("/campaigns/{id}", Show);
        routes.MapPatch("/campaigns/{id}", Change);
        routes.MapPost("/campaigns/{id}/activate", Move(CampaignStatus.Active));
        routes.MapPost("/campaigns/{id}/pause", Move(CampaignStatus.Paused));
        routes.MapPost("/campaigns/{id}/archive", Move(CampaignStatus.Archived));
        routes.MapPost("/campaigns/{id}/simulate", Simulate);
        routes.MapPost("/campaigns/{id}/waves", Push);
        routes.MapGet("/campaigns/{id}/waves/{name}", Wave);
    }

    private static async Task<IResult> List(
        string? status, string? limit, string? cursor, IGrainFactory grains, CancellationToken cancel)
    {
        var only = Address.Choice<CampaignStatus>(status, "status");
        var campaigns = await grains.GetGrain<IShopGrain>(0).Campaigns(cancel);
        return Reply.Sorted(
            campaigns.Where(campaign => only is null || campaign.Status == only), limit, cursor, campaign => campaign.Id.Value);
    }

    private static IResult Templates(string? limit, string? cursor) =>
        Reply.Ordered(CampaignTemplates.All, limit, cursor, template => template.Name);

    private static async Task<IResult> Show(string id, IGrainFactory grains, CancellationToken cancel) =>
        Reply.Tagged(await grains.Campaign(id).Show(cancel), view => view, view => view.Campaign.Revision);

    private static async Task<IResult> Create(HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var (campaign, order) = await Body.Read<Campaign, TemplateOrder>(http, "template");
        if (order is not null)
        {
            var made = await grains.GetGrain<ICampaignGrain>(order.Id.Value).Create(order, cancel);
            Tag(http, made.Value);
            return Reply.Of(made, StatusCodes.Status201Created);
        }

        if (campaign!.Status != CampaignStatus.Draft || campaign.Revision != 1)
        {
            return Problem.Of(new Refusal(
                RefusalCodes.InvalidValue, "A campaign begins as revision 1 of a draft; POST …/activate starts it.",
                "/status"));
        }

        var answer = await grains.GetGrain<ICampaignGrain>(campaign.Id.Value).Put(campaign, cancel);
        Tag(http, answer.Value);
        return Reply.Of(answer, StatusCodes.Status201Created);
    }

    /// <summary>A merge patch (RFC 7396). With <c>If-Match</c> it applies to that revision alone.</summary>
    private static async Task<IResult> Change(
        string id, HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var grain = grains.Campaign(id);
        var patch = await Body.ReadElement(http);
        var shown = await grain.Show(cancel);
        if (!shown.Succeeded)
        {
            return Problem.Of(shown.Refusal);
        }

        var current = shown.Value.Campaign;
        if (EntityTags.Check(http.Request, current) is { } changedMeanwhile)
        {
            return Problem.Of(changedMeanwhile);
        }

        var merged = MergePatch.Apply(JsonSerializer.SerializeToElement(current, WireJson.Options), patch);
        var changed = Body.Convert<Campaign>(merged);
        if (changed.Id != current.Id || changed.Status != current.Status || changed.Revision != current.Revision)
        {
            return Problem.Of(new Refusal(
                RefusalCodes.InvalidValue,
                "Id and revision cannot be patched; the status moves by POST …/activate, pause, archive."));
        }

        var answer = await grain.Put(changed with { Revision = current.Revision + 1 }, cancel);
        Tag(http, answer.Value);
        return Reply.Of(answer);
    }

    private static Func<string, HttpContext, IGrainFactory, CancellationToken, Task<IResult>> Move(
        CampaignStatus status) => async (id, http, grains, cancel) =>
    {
        var grain = grains.Campaign(id);
        var answer = EntityTags.Revisions(http.Request) switch
        {
            null => await grain.SetStatus(status, cancel),
            [var revision] => await grain.SetStatusOf(revision, status, cancel),
            _ => new Refusal(RefusalCodes.RevisionChanged, "If-Match names no single revision."),
        };
        Tag(http, answer.Value);
        return Reply.Of(answer);
    };

    private static async Task<IResult> Simulate(
        string id, HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var campaign = new CampaignId(Address.Id(id, "id"));
        var body = await Body.ReadOr(http, new SimulationRequest());
        return Reply.Of(await grains.GetGrain<ISimulatorGrain>(0).Simulate(campaign, body.Users, body.At, cancel));
    }

    private static async Task<IResult> Push(string id, HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var grain = grains.Campaign(id);
        var body = await Body.Read<WaveRequest>(http);
        return IdRules.IsValid(body.Name)
            ? Reply.Of(await grain.Push(body.Name, cancel), StatusCodes.Status202Accepted)
            : Problem.Of(new Refusal(RefusalCodes.InvalidId, "A wave's name has 1 to 128 characters.", "/name"));
    }

    private static async Task<IResult> Wave(string id, string name, IGrainFactory grains, CancellationToken cancel) =>
        Reply.Of(await grains.Campaign(id).Wave(Address.Id(name, "name"), cancel));

    private static void Tag(HttpContext http, Campaign? campaign)
    {
        if (campaign is not null)
        {
            http.Response.Headers.ETag = EntityTags.Of(campaign);
        }
    }
}

/// <summary>A wish to try a campaign out on so many users, as of <c>at</c>: now, or its start, if left out.</summary>
internal sealed record SimulationRequest(int Users = 200, DateTimeOffset? At = null);

/// <summary>A push to everybody a campaign addresses.</summary>
internal sealed record WaveRequest(string Name);
