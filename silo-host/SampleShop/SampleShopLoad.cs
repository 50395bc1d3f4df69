using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Profiles;
using CouponGrains.Storage.Import;

namespace CouponGrains.SiloHost.SampleShop;

/// <summary>Fills an empty store with the sample shop, through the ports, before any grain is active. Batches are
/// durable one by one; a start after a kill goes on.</summary>
internal sealed class SampleShopLoad(
    HostSettings settings, IEventLog events, IUserStore users, ICatalogStore catalog, ICampaignStore campaigns,
    TimeProvider time, Progress progress, UserNaming naming) : IHostedService
{
    private const int Batch = 5_000;
    private const int OfferBatch = 200;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await Begin(cancellationToken) is not { } state)
        {
            return;
        }

        var shop = new CompleteJourney(settings.SampleShop!, time.GetUtcNow());
        var shift = TimeSpan.FromDays(state.ShiftDays);
        state = await Step(state, "items", "items", () =>
            InBatches(shop.Items(), Batch, (items, cancel) => catalog.Put(items, cancel), cancellationToken));
        state = await Step(state, "users", "users with demographics", () =>
            InBatches(shop.Users(), Batch, Put, cancellationToken));
        state = await Step(state, "campaigns", "past campaigns", () =>
            InBatches(
            shop.Campaigns(), 1, (batch, cancel) => PutCampaign(Move(batch[0], shift), cancel), cancellationToken));
        state = await Step(state, "offers", "coupons of past campaigns", () =>
            InBatches(
            shop.Offers(), OfferBatch, (offers, cancel) => campaigns.AddOffers(offers, cancel), cancellationToken));
        state = await Step(state, "purchases", "purchases", () =>
            InBatches(shop.Purchases(), Batch, (batch, cancel) => Append(batch, shift, cancel), cancellationToken));
        await Step(state, "redemptions", "redemptions", () =>
            InBatches(shop.Redemptions(), Batch, (batch, cancel) => Append(batch, shift, cancel), cancellationToken));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Where to go on, or null if there is nothing to load: it is switched off, or the store is already a
    /// shop's own.</summary>
    private async Task<SampleShopState?> Begin(CancellationToken cancel)
    {
        if (settings.SampleShop is null)
        {
            return null;
        }

        if (SampleShopState.Read(settings.Data) is { } state)
        {
            return state;
        }

        if ((await events.Size(cancel)).Events > 0)
        {
            return null;
        }

        var last = new CompleteJourney(settings.SampleShop, time.GetUtcNow()).Purchases()
            .Max(outcome => outcome.Value?.At) ?? time.GetUtcNow();
        // Whole weeks, so that a Saturday stays a Saturday; never into the future.
        var days = Math.Max(0, (int)(time.GetUtcNow() - last).TotalDays / 7 * 7);
        state = new() { ShiftDays = days };
        state.Write(settings.Data);
        return state;
    }

    private async Task<SampleShopState> Step(SampleShopState state, string name, string what, Func<Task<Loaded>> load)
    {
        if (state.Done.Contains(name))
        {
            return state;
        }

        var began = time.GetTimestamp();
        var loaded = await load();
        progress.Done(loaded.ToString(what), time.GetElapsedTime(began));
        var next = state with { Done = [.. state.Done, name] };
        next.Write(settings.Data);
        return next;
    }

    private static async Task<Loaded> InBatches<T>(
        IEnumerable<RowOutcome<T>> rows, int size, Func<IReadOnlyList<T>, CancellationToken, Task> put,
        CancellationToken cancel)
        where T : class
    {
        var count = 0L;
        var refused = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var chunk in rows.Chunk(size))
        {
            foreach (var refusal in chunk.Select(row => row.Refusal).OfType<Refusal>())
            {
                refused[refusal.Code] = refused.GetValueOrDefault(refusal.Code) + 1;
            }

            T[] batch = [.. chunk.Select(row => row.Value).OfType<T>()];
            count += batch.Length;
            if (batch.Length > 0)
            {
                await put(batch, cancel);
            }
        }

        return new(count, refused);
    }

    private Task<AppendResult[]> Append(IReadOnlyList<UserEvent> batch, TimeSpan shift, CancellationToken cancel) =>
        events.Append([.. batch.Select(e => e with { At = e.At + shift, User = naming.Of(e.User) })], cancel);

    private Task Put(IReadOnlyList<UserRecord> batch, CancellationToken cancel) =>
        users.Put([.. batch.Select(user => user with { Id = naming.Of(user.Id) })], cancel);

    private async Task PutCampaign(Campaign campaign, CancellationToken cancel)
    {
        if (await campaigns.Get(campaign.Id, cancel) is null)
        {
            await campaigns.Put(campaign, cancel);
        }
    }

    private static Campaign Move(Campaign campaign, TimeSpan shift) =>
        campaign with { Start = campaign.Start + shift, End = campaign.End + shift };

    /// <summary>What became of the rows: those taken in, and those refused by the code of the refusal.</summary>
    private readonly record struct Loaded(long Count, IReadOnlyDictionary<string, int> Refused)
    {
        public string ToString(string what) => Refused.Count == 0
            ? $"{Count:N0} {what}"
            : $"{Count:N0} {what} (refused: {string.Join(", ", Refused.Select(r => $"{r.Value:N0} {r.Key}"))})";
    }
}
