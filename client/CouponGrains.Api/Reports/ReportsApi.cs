using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Reports;
using CouponGrains.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CouponGrains.Api.Reports;

/// <summary>Counts by day, and the course of a budget.</summary>
internal static class ReportsApi
{
    private const int DaysMax = 366;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/reports/days", Days);
        routes.MapGet("/campaigns/{id}/course", Course);
        routes.MapGet("/campaigns/{id}/refusals", Refusals);
    }

    private static async Task<IResult> Days(string? days, IGrainFactory grains, CancellationToken cancel) =>
        Reply.Json(await Report(grains).Days(Address.Number(days, "days", 1, DaysMax, 30), cancel));

    private static async Task<IResult> Course(string id, IGrainFactory grains, CancellationToken cancel) =>
        Reply.Of(await Report(grains).Course(new CampaignId(Address.Id(id, "id")), cancel));

    private static async Task<IResult> Refusals(
        string id, string? days, IGrainFactory grains, CancellationToken cancel) =>
        Reply.Of(await grains.GetGrain<IRefusalsGrain>(Address.Id(id, "id"))
            .Show(Address.Number(days, "days", 1, DaysMax, 30), cancel));

    private static IReportGrain Report(IGrainFactory grains) => grains.GetGrain<IReportGrain>(0);
}
