using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Shop;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CouponGrains.Api.Campaigns;

/// <summary>What has been used of the campaigns' budgets, as the ledger has it.</summary>
internal static class BudgetsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/budgets", List);
        routes.MapGet("/budgets/{id}", Show);
    }

    private static async Task<IResult> List(
        string? status, string? limit, string? cursor, IGrainFactory grains, CancellationToken cancel)
    {
        var only = Address.Choice<CampaignStatus>(status, "status");
        var (count, after) = Address.Page(limit, cursor);
        var campaigns = (await grains.GetGrain<IShopGrain>(0).Campaigns(cancel))
            .Where(campaign => only is null || campaign.Status == only)
            .Where(campaign => after is null || string.CompareOrdinal(campaign.Id.Value, after) > 0)
            .Take(count + 1);
        var answers = await Task.WhenAll(campaigns.Select(c => grains.Campaign(c.Id).Show(cancel)));
        Budget[] budgets = [.. answers.Where(answer => answer.Succeeded).Select(answer => Budget.Of(answer.Value!))];
        return Reply.Page(budgets, count, budget => budget.Campaign.Value);
    }

    private static async Task<IResult> Show(string id, IGrainFactory grains, CancellationToken cancel) =>
        Reply.Tagged(await grains.Campaign(id).Show(cancel), Budget.Of);
}

/// <summary>The budget of a campaign.</summary>
/// <param name="Campaign">The campaign.</param>
/// <param name="Limit">The most that all its redemptions together may give.</param>
/// <param name="Spent">Discounts of redemptions in force.</param>
/// <param name="Reserved">What is set aside for reservations.</param>
/// <param name="Left">What may still be given.</param>
/// <param name="Issued">Coupons issued.</param>
/// <param name="Redeemed">Redemptions in force.</param>
internal sealed record Budget(
    CampaignId Campaign, Money Limit, Money Spent, Money Reserved, Money Left, long Issued, long Redeemed)
{
    public static Budget Of(Contracts.Campaigns.CampaignView view)
    {
        var use = view.Use;
        return new(view.Campaign.Id, use.Limit, use.Spent, use.Reserved, use.Left, use.Issued, use.Redeemed);
    }
}
