using CouponGrains.Contracts;
using CouponGrains.Contracts.Campaigns;
using CouponGrains.Contracts.Models;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Models;

namespace CouponGrains.SiloHost.SampleShop;

/// <summary>Opens the sample shop: trains, publishes, opens a campaign, designs its offers, pushes coupons, and shows
/// what came out. Every step looks first whether it has been done.</summary>
internal sealed partial class SampleShopOpening(
    HostSettings settings, IClusterClient cluster, IHostApplicationLifetime lifetime, TimeProvider time,
    Progress progress,
    ILogger<SampleShopOpening> log) : BackgroundService
{
    private const string Opened = "opened";
    private const int Offers = 40;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await lifetime.HasStarted(stoppingToken))
        {
            return;
        }

        var greeting = new Greeting(cluster, settings, progress);
        try
        {
            await OpenOnce(greeting, stoppingToken);
            await greeting.Addresses(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The next start goes on.
        }
    }

    private async Task OpenOnce(Greeting greeting, CancellationToken cancel)
    {
        // Without a trainer there is nothing to open with; a later start with one does it.
        if (!settings.Trains || SampleShopState.Read(settings.Data) is not { } state || state.Done.Contains(Opened))
        {
            return;
        }

        try
        {
            await Open(greeting, cancel);
            (state with { Done = [.. state.Done, Opened] }).Write(settings.Data);
        }
        catch (RefusedException e)
        {
            LogRefused(log, e.Refusal.ToString());
        }
    }

    private async Task Open(Greeting greeting, CancellationToken cancel)
    {
        await Train(cancel);
        var grain = cluster.GetGrain<ICampaignGrain>(WelcomeCampaign.Id.Value);
        await OpenCampaign(grain, cancel);
        await greeting.Watch(cancel);
        await Push(grain, cancel);
        await greeting.Coupons(cancel);
    }

    private async Task Train(CancellationToken cancel)
    {
        var registry = cluster.GetGrain<IModelRegistryGrain>(0);
        if ((await registry.List(cancel)).Current != ModelVersion.None)
        {
            return;
        }

        var began = time.GetTimestamp();
        var trainer = cluster.GetGrain<ITrainerGrain>(0);
        var options = new TrainingOptions
        {
            Rank = settings.Rank,
            OfferEpochs = settings.OfferEpochs,
            Reason = "first start",
        };
        var started = await trainer.Start(options, cancel);
        var run = started.Refusal?.Code == RefusalCodes.TrainingInProgress
            ? (await trainer.Runs(cancel))[0]
            : Value(started);
        while (run.State == TrainingState.Running)
        {
            progress.Going($"{run.Progress.Stage}: {run.Progress.Message}", run.Progress.Share);
            await Task.Delay(Look, time, cancel);
            run = Value(await trainer.Run(run.Run, cancel));
        }

        if (run.State != TrainingState.Published)
        {
            throw new RefusedException(
                run.Refusal ?? new Refusal(RefusalCodes.TrainingFailed, $"The first run ended as {run.State}."));
        }

        var model = (await registry.List(cancel)).Models[0];
        progress.Done(
            $"model {run.Model} in force: hit rate at 10 {model.Metrics.HitRate10:P1} "
            + $"(popularity {model.Metrics.PopularityHitRate10:P1})",
            time.GetElapsedTime(began));
    }

    private async Task OpenCampaign(ICampaignGrain grain, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        var shown = await grain.Show(cancel);
        var campaign = shown.Value?.Campaign ?? Value(await grain.Put(WelcomeCampaign.From(time.GetUtcNow()), cancel));
        if (campaign.Status == CampaignStatus.Draft)
        {
            Value(await grain.SetStatus(CampaignStatus.Active, cancel));
        }

        if (shown.Value is null or { Offers.Count: 0 })
        {
            var designed = Value(await cluster.GetGrain<ITrainerGrain>(0).Design(campaign.Id, Offers, 1, cancel));
            progress.Done($"campaign «{campaign.Name}», {campaign.Budget}, {designed.Added} offers designed",
                time.GetElapsedTime(began));
        }
    }

    private async Task Push(ICampaignGrain grain, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        var wave = Value(await grain.Push(WelcomeCampaign.Wave, cancel));
        while (!wave.Done)
        {
            progress.Going($"wave: {wave.Seen:N0} users, {wave.Issued:N0} coupons", 0.99);
            await Task.Delay(Look, time, cancel);
            wave = Value(await grain.Wave(WelcomeCampaign.Wave, cancel));
        }

        progress.Done($"{wave.Issued:N0} coupons pushed to {wave.Seen:N0} users", time.GetElapsedTime(began));
    }

    private static T Value<T>(Answer<T> answer)
        where T : class => answer.Value ?? throw new RefusedException(answer.Refusal!);

    [LoggerMessage(4002, LogLevel.Error, "The sample shop could not be opened: {Refusal}")]
    private static partial void LogRefused(ILogger log, string refusal);
}
