using CouponGrains.Contracts.Campaigns;
using CouponGrains.Contracts.Shop;
using CouponGrains.Contracts.Transfers;
using CouponGrains.Contracts.Webhooks;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Domain.Transfers;
using CouponGrains.Domain.Webhooks;
using CouponGrains.Grains.Events;
using CouponGrains.Grains.Transfers;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace CouponGrains.Grains.Shop;

/// <summary>Reads lists from the stores, and hands on what files bring.</summary>
[StatelessWorker, GrainType("shop")]
internal sealed class ShopGrain(
    IEventLog log, IModelStore models, ICampaignStore campaigns, IUserStore users, ICatalogStore items,
    IApprovalStore approvals, IWebhookStore webhooks, ILedger ledger, IImportStore imports, ImportDesk desk, FeedbackCounts feedback,
    IOptions<GrainsOptions> options) : Grain, IShopGrain
{
    public async Task<ShopOverview> Overview(CancellationToken cancel) => new(
        (await log.Size(cancel)).Events, await models.Current(cancel), (await campaigns.List(cancel)).Count,
        feedback.All);

    public async Task<IReadOnlyList<Campaign>> Campaigns(CancellationToken cancel) => [.. await campaigns.List(cancel)];

    public async Task<CampaignApprovals> WaitingApprovals(CancellationToken cancel) => new(await approvals.Waiting(cancel));

    public async Task<WebhookList> Webhooks(CancellationToken cancel) =>
        new([.. (await webhooks.List(cancel)).Select(WebhookView.Of)]);

    public async Task<IReadOnlyList<UserRecord>> Users(UserId? after, int limit, CancellationToken cancel)
    {
        CheckLimit(limit);
        return await users.ReadAll(after, cancel).Take(limit).ToArrayAsync(cancel);
    }

    public Task<string?> Pseudonyms(CancellationToken cancel) => Task.FromResult(options.Value.Pseudonyms);

    public async Task<IReadOnlyList<Item>> Items(ItemId? after, int limit, CancellationToken cancel)
    {
        CheckLimit(limit);
        return await items.ReadAll(after, cancel).Take(limit).ToArrayAsync(cancel);
    }

    public async Task<IReadOnlyList<RecordedEvent>> Events(long after, int limit, CancellationToken cancel)
    {
        CheckLimit(limit);
        return await log.ReadAll(after, cancel).Take(limit).ToArrayAsync(cancel);
    }

    public Task<IReadOnlyList<Coupon>> Coupons(string? after, int limit, CancellationToken cancel)
    {
        CheckLimit(limit);
        return ledger.Coupons(after, limit, cancel);
    }

    public Task<IReadOnlyList<Redemption>> Redemptions(string? after, int limit, CancellationToken cancel)
    {
        CheckLimit(limit);
        return ledger.Redemptions(after, limit, cancel);
    }

    public Task<IReadOnlyList<ImportOutcome>> Take(ImportPart part, CancellationToken cancel) => desk.Take(part, cancel);

    public async Task<IReadOnlyList<FileImport>> Imports(string? after, int limit, CancellationToken cancel)
    {
        CheckLimit(limit);
        return
        [
            .. (await imports.List(after, limit, cancel))
                .Select(import => import with { Counts = import.Counts with { Errors = [] } }),
        ];
    }

    private static void CheckLimit(int limit)
    {
        if (limit is < 1 or > 1_000)
        {
            throw new RefusedException(RefusalCodes.InvalidValue, $"The limit must be 1 to 1000, but was {limit}.");
        }
    }
}
