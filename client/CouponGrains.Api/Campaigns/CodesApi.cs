using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Campaigns;
using CouponGrains.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CouponGrains.Api.Campaigns;

/// <summary>Codes made in advance: ordered, watched, fetched; and those that many share.</summary>
internal static class CodesApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/campaigns/{id}/codes", Order);
        routes.MapGet("/campaigns/{id}/codes/{name}", Show);
        routes.MapGet("/campaigns/{id}/codes/{name}/file", File);
        routes.MapPost("/campaigns/{id}/shared-codes", Share);
        routes.MapGet("/campaigns/{id}/shared-codes", Shared);
    }

    private static async Task<IResult> Order(
        string id, HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var campaign = new CampaignId(Address.Id(id, "id"));
        var body = await Body.Read<CodesWanted>(http);
        var answer = await grains.Campaign(id).OrderCodes(new(campaign, body.Name, body.Offer, body.Count), cancel);
        return Reply.Of(answer, StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> Show(
        string id, string name, IGrainFactory grains, CancellationToken cancel) =>
        Reply.Of(await grains.Campaign(id).Codes(Address.Id(name, "name"), cancel));

    /// <summary>The codes made so far, one a line, in the order in which they were made.</summary>
    private static async Task<IResult> File(
        string id, string name, IGrainFactory grains, CancellationToken cancel)
    {
        var (grain, batch) = (grains.Campaign(id), Address.Id(name, "name"));
        var first = await grain.CodePage(batch, 0, cancel);
        return first.Succeeded
            ? Results.Stream(body => Write(grain, batch, first.Value, body, cancel), "text/plain")
            : Problem.Of(first.Refusal);
    }

    private static async Task<IResult> Share(
        string id, HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var campaign = new CampaignId(Address.Id(id, "id"));
        var body = await Body.Read<SharedCodeWanted>(http);
        return Reply.Of(
            await grains.Campaign(id).ShareCode(new(campaign, body.Code, body.Offer), cancel), StatusCodes.Status201Created);
    }

    private static async Task<IResult> Shared(
        string id, string? limit, string? cursor, IGrainFactory grains, CancellationToken cancel)
    {
        var answer = await grains.Campaign(Address.Id(id, "id")).SharedCodes(cancel);
        return answer.Succeeded
            ? Reply.Ordered(answer.Value.Codes, limit, cursor, code => code.Code)
            : Problem.Of(answer.Refusal);
    }

    private static async Task Write(
        ICampaignGrain grain, string batch, CodePage page, Stream body, CancellationToken cancel)
    {
        await using var text = new StreamWriter(body, leaveOpen: true) { NewLine = "\n" };
        for (var written = 0; page.Codes.Count > 0;)
        {
            foreach (var code in page.Codes)
            {
                await text.WriteLineAsync(code);
            }

            written += page.Codes.Count;
            page = (await grain.CodePage(batch, written, cancel)).Value ?? new([]);
        }
    }
}

/// <summary>A wish to make codes in advance; the name is its key.</summary>
internal sealed record CodesWanted(string Name, OfferId Offer, int Count);

/// <summary>A wish to give an offer a code that many users share.</summary>
internal sealed record SharedCodeWanted(string Code, OfferId Offer);
