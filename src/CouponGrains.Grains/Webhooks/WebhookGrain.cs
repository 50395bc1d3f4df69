using CouponGrains.Contracts;
using CouponGrains.Contracts.Webhooks;
using CouponGrains.Domain.Audit;
using CouponGrains.Domain;
using CouponGrains.Domain.Webhooks;
using CouponGrains.Grains.Audit;
using Microsoft.Extensions.Options;

namespace CouponGrains.Grains.Webhooks;

/// <summary>One endpoint: its settings, and the posting of what waits for it. The store is the truth, so a message is
/// posted at least once; the receiver knows a repeated one by its id.</summary>
[ServeRole, GrainType("webhook")]
internal sealed class WebhookGrain(
    IWebhookStore store, WebhookSender sender, AuditDesk audit, TimeProvider time, IOptions<GrainsOptions> options)
    : Grain, IWebhookGrain, IRemindable
{
    private const string Reminder = "deliver";
    private const int AtOnce = 16;
    private const int DeliveriesMax = 100;
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    private IGrainTimer? _posting;

    private string Id => this.GetPrimaryKeyString();

    public override async Task OnActivateAsync(CancellationToken cancel) => Post(await store.Get(Id, cancel));

    public async Task<Answer<WebhookView>> Create(string url, IReadOnlyList<string> types, CancellationToken cancel)
    {
        if (await store.Get(Id, cancel) is { } known)
        {
            return known.Url == url && known.Types.SequenceEqual(types)
                ? WebhookView.Of(known)
                : new Refusal(RefusalCodes.AlreadyExists, $"There is an endpoint {Id} already.", "/id");
        }

        var endpoint = new WebhookEndpoint
        {
            Id = Id,
            Url = url,
            Types = [.. types],
            Secret = WebhookSignature.NewSecret(),
            At = time.GetUtcNow(),
        };
        if (WebhookRules.Check(endpoint, options.Value.PrivateWebhooks) is { } refusal)
        {
            return refusal;
        }

        await Save(AuditActions.WebhookCreate, null, endpoint, cancel);
        return WebhookView.Of(endpoint) with { Secret = endpoint.Secret };
    }

    public async Task<Answer<WebhookView>> Show(CancellationToken cancel) =>
        await store.Get(Id, cancel) is { } endpoint ? WebhookView.Of(endpoint) : Unknown();

    public async Task<Answer<WebhookView>> Rotate(CancellationToken cancel)
    {
        if (await store.Get(Id, cancel) is not { } known)
        {
            return Unknown();
        }

        var endpoint = WebhookRules.Rotate(known, WebhookSignature.NewSecret(), time.GetUtcNow());
        await Save(AuditActions.WebhookRotate, known, endpoint, cancel);
        return WebhookView.Of(endpoint) with { Secret = endpoint.Secret };
    }

    public async Task<Answer<WebhookView>> Enable(CancellationToken cancel)
    {
        if (await store.Get(Id, cancel) is not { } known)
        {
            return Unknown();
        }

        var endpoint = known with { Status = WebhookStatus.Enabled, FailingSince = null };
        await Save(AuditActions.WebhookEnable, known, endpoint, cancel);
        return WebhookView.Of(endpoint);
    }

    public async Task<Answer<WebhookView>> Delete(CancellationToken cancel)
    {
        if (await store.Get(Id, cancel) is not { } known)
        {
            return Unknown();
        }

        await store.Delete(Id, cancel, Entry(AuditActions.WebhookDelete, known, null));
        Post(null);
        await Forget(cancel);
        return WebhookView.Of(known);
    }

    public async Task<Answer<WebhookReplay>> Test(CancellationToken cancel)
    {
        if (await store.Get(Id, cancel) is null)
        {
            return Unknown();
        }

        await store.Send(Id, OutboxMessages.Test(Id, time.GetUtcNow()), cancel, Entry(AuditActions.WebhookTest, null, null));
        return new WebhookReplay(1);
    }

    public async Task<Answer<WebhookReplay>> Replay(DateTimeOffset since, CancellationToken cancel) =>
        await store.Get(Id, cancel) is null
            ? Unknown()
            : new WebhookReplay(await store.Replay(Id, since, time.GetUtcNow(), cancel, audit.Entry(
                AuditActions.WebhookReplay, AuditTargets.Webhook(Id), AuditDesk.Told("/since", since))));

    public async Task<Answer<WebhookDeliveries>> Deliveries(CancellationToken cancel)
    {
        if (await store.Get(Id, cancel) is null)
        {
            return Unknown();
        }

        var deliveries = await store.Deliveries(Id, DeliveriesMax, cancel);
        return new WebhookDeliveries([.. deliveries.Select(d => new DeliveryView(
            d.Message.Id, d.Message.Type, d.Message.At, d.State, d.Attempts,
            d.State == DeliveryState.Pending ? d.NextAt : null, d.Last))]);
    }

    /// <summary>Being woken is enough: what waits is posted from then on.</summary>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (await store.Get(Id, CancellationToken.None) is not { Status: WebhookStatus.Enabled })
        {
            await Forget(CancellationToken.None);
        }
    }

    /// <summary>What is recorded of a change: not the secrets.</summary>
    private AuditEntry Entry(string action, WebhookEndpoint? before, WebhookEndpoint? after) => audit.Entry(
        action, AuditTargets.Webhook(Id), before is null ? null : WebhookView.Of(before),
        after is null ? null : WebhookView.Of(after));

    private async Task Save(
        string action, WebhookEndpoint? before, WebhookEndpoint endpoint, CancellationToken cancel)
    {
        await store.Put(endpoint, cancel, Entry(action, before, endpoint));
        await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod, cancel);
        Post(endpoint);
    }

    private async Task Forget(CancellationToken cancel)
    {
        if (await this.GetReminder(Reminder, cancel) is { } reminder)
        {
            await this.UnregisterReminder(reminder, cancel);
        }
    }

    /// <summary>Posts from now on, or not any more.</summary>
    private void Post(WebhookEndpoint? endpoint)
    {
        if (endpoint is { Status: WebhookStatus.Enabled })
        {
            // Beside the grain's other work: an endpoint that is slow must not hold up who asks for it.
            _posting ??= this.RegisterGrainTimer(Step, new GrainTimerCreationOptions(
                TimeSpan.Zero, options.Value.WebhookPoll) { KeepAlive = true, Interleave = true });
            return;
        }

        _posting?.Dispose();
        _posting = null;
    }

    /// <summary>Posts what is due, page after page.</summary>
    private async Task Step(CancellationToken cancel)
    {
        while (await PostPage(cancel))
        {
        }
    }

    /// <summary>Posts a page; true if there may be another.</summary>
    private async Task<bool> PostPage(CancellationToken cancel)
    {
        if (await store.Get(Id, cancel) is not { Status: WebhookStatus.Enabled } endpoint)
        {
            Post(null);
            return false;
        }

        var due = await store.Due(Id, time.GetUtcNow(), AtOnce, cancel);
        if (due.Count == 0)
        {
            return false;
        }

        var results = await Task.WhenAll(due.Select(d => sender.Send(endpoint, d.Message, time.GetUtcNow(), cancel)));
        var (after, tried) = (endpoint, new List<WebhookDelivery>());
        foreach (var (delivery, result) in due.Zip(results))
        {
            (after, var next) = WebhookRules.After(after, delivery, result, time.GetUtcNow());
            tried.Add(next);
        }

        await store.Settle(after, tried, cancel);
        return due.Count == AtOnce;
    }

    private Refusal Unknown() => new(RefusalCodes.UnknownWebhook, $"There is no endpoint {Id}.");
}
