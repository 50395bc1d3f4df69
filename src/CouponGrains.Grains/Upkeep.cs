using CouponGrains.Contracts.Campaigns;
using CouponGrains.Contracts.Models;
using CouponGrains.Contracts.Reports;
using CouponGrains.Contracts.Transfers;
using CouponGrains.Contracts.Webhooks;
using CouponGrains.Domain;
using CouponGrains.Domain.Access;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Transfers;
using CouponGrains.Domain.Webhooks;
using CouponGrains.Grains.Audit;
using CouponGrains.Grains.Coupons;
using CouponGrains.Grains.Redemptions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CouponGrains.Grains;

/// <summary>Wakes what must go on without being asked: campaigns, whose waves and batches of codes go on when they
/// wake, imports that are not done, webhook endpoints, the expiry of coupons, the measurement of drift, the count of
/// refusals, and the look at the audit log. Every silo does it, so that it outlives any of them; doing it twice does
/// nothing twice. A part that fails keeps none of the others from being done.</summary>
internal sealed partial class Upkeep(
    IGrainFactory grains, ICampaignStore campaigns, IWebhookStore webhooks, IKeyStore keys, IImportStore imports,
    RedemptionInstruments instruments, AuditWatch audit, TimeProvider time,
    IOptions<GrainsOptions> options, ILogger<Upkeep> log) : BackgroundService
{
    /// <summary>How long a key of one user, which names him, is kept after it ran out.</summary>
    private static readonly TimeSpan KeyMemory = TimeSpan.FromHours(1);

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var pause = options.Value.Upkeep;
            foreach (var part in new[] { Campaigns, Webhooks, Imports, Memory, Expiry, Drift, TellRefused, audit.Look })
            {
                try
                {
                    await part(stoppingToken);
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    Failed(log, e);
                    pause = pause < Retry ? pause : Retry;
                }
            }

            await Task.Delay(pause, time, stoppingToken);
        }
    }

    private async Task Campaigns(CancellationToken cancel)
    {
        var budgets = new List<(CampaignId, BudgetUse)>();
        foreach (var campaign in await campaigns.List(cancel))
        {
            if (campaign.Status != CampaignStatus.Archived)
            {
                var woken = await grains.GetGrain<ICampaignGrain>(campaign.Id.Value).Show(cancel);
                budgets.AddRange(woken.Value is { } view ? [(campaign.Id, view.Use)] : []);
            }
        }

        instruments.Budgets(budgets);
    }

    private async Task Webhooks(CancellationToken cancel)
    {
        foreach (var endpoint in await webhooks.List(cancel))
        {
            await grains.GetGrain<IWebhookGrain>(endpoint.Id).Show(cancel);
        }
    }

    private async Task Imports(CancellationToken cancel)
    {
        foreach (var import in await imports.Open(cancel))
        {
            await grains.GetGrain<IImportGrain>(import).Show(cancel);
        }
    }

    private async Task Memory(CancellationToken cancel)
    {
        await imports.Forget(time.GetUtcNow() - options.Value.ImportMemory, cancel);
        await webhooks.Forget(time.GetUtcNow() - options.Value.WebhookMemory, cancel);
        await keys.Forget(time.GetUtcNow() - KeyMemory, cancel);
    }

    private Task Expiry(CancellationToken cancel) => grains.GetGrain<IExpiryGrain>(0).Sweep(cancel);

    private Task Drift(CancellationToken cancel) => grains.GetGrain<IDriftGrain>(0).Look(cancel);

    private async Task TellRefused(CancellationToken cancel)
    {
        foreach (var campaign in instruments.Refusals.Campaigns)
        {
            var refused = instruments.Refusals.Take(campaign);
            try
            {
                await (campaign == RefusalCounts.All
                    ? grains.GetGrain<IReportGrain>(0).Refused(refused, cancel)
                    : grains.GetGrain<IRefusalsGrain>(campaign).Add(refused, cancel));
            }
            catch
            {
                foreach (var (reason, count) in refused)
                {
                    instruments.Refusals.Add(campaign, reason, count);
                }

                throw;
            }
        }
    }

    [LoggerMessage(1000, LogLevel.Warning, "Upkeep failed and is tried again.")]
    private static partial void Failed(ILogger log, Exception fault);
}
