using CouponGrains.Domain.Audit;

namespace CouponGrains.Domain.Webhooks;

/// <summary>Whether an endpoint is told of anything. The numbers are stored: never reuse one.</summary>
public enum WebhookStatus
{
    /// <summary>It is.</summary>
    Enabled = 1,

    /// <summary>It failed for too long, or said that it is gone; what waits for it waits on.</summary>
    Disabled = 2,
}

/// <summary>An address of the shop that is told what happens, by Standard Webhooks 1.0.</summary>
public sealed record WebhookEndpoint
{
    /// <summary>Its id, chosen by the caller.</summary>
    public required string Id { get; init; }

    /// <summary>Where messages are posted to.</summary>
    public required string Url { get; init; }

    /// <summary>The types that it wants; empty for all.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Signs what is sent; see <see cref="WebhookSignature"/>.</summary>
    public required string Secret { get; init; }

    /// <summary>The secret before, which signs too until <see cref="PreviousUntil"/>.</summary>
    public string? PreviousSecret { get; init; }

    /// <summary>Until when the secret before is used.</summary>
    public DateTimeOffset? PreviousUntil { get; init; }

    /// <summary>Whether it is told of anything.</summary>
    public WebhookStatus Status { get; init; } = WebhookStatus.Enabled;

    /// <summary>Since when nothing has arrived, or null.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>Where the delivery of a message to an endpoint stands. The numbers are stored: never reuse one.</summary>
public enum DeliveryState
{
    /// <summary>It is tried, again if need be.</summary>
    Pending = 1,

    /// <summary>It arrived.</summary>
    Delivered = 2,

    /// <summary>It was tried as often as it is; replay tries again.</summary>
    Failed = 3,
}

/// <summary>A message on its way to an endpoint.</summary>
public sealed record WebhookDelivery
{
    /// <summary>The message.</summary>
    public required OutboxMessage Message { get; init; }

    /// <summary>Where it stands.</summary>
    public DeliveryState State { get; init; } = DeliveryState.Pending;

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>When it is tried next.</summary>
    public DateTimeOffset NextAt { get; init; }

    /// <summary>What the last try brought: the HTTP status, or the fault; null before the first.</summary>
    public string? Last { get; init; }
}

/// <summary>What a try brought.</summary>
/// <param name="Status">The HTTP status, or null if there was no answer.</param>
/// <param name="Fault">What went wrong, in one line, or null.</param>
public readonly record struct DeliveryResult(int? Status, string? Fault)
{
    /// <summary>True for 200 to 299.</summary>
    public bool Arrived => Status is >= 200 and < 300;
}

/// <summary>Where endpoints, messages and deliveries are kept. Messages are written by the other stores, in the
/// transaction of what they tell, if an endpoint wants their type. What is given to be recorded of a change is so in
/// its transaction.</summary>
public interface IWebhookStore
{
    /// <summary>Creates or replaces an endpoint.</summary>
    Task Put(WebhookEndpoint endpoint, CancellationToken cancel, AuditEntry? audit = null);

    /// <summary>The endpoint, or null.</summary>
    Task<WebhookEndpoint?> Get(string id, CancellationToken cancel);

    /// <summary>All endpoints in the order of their ids.</summary>
    Task<IReadOnlyList<WebhookEndpoint>> List(CancellationToken cancel);

    /// <summary>Deletes an endpoint with what is on its way to it. False if there is none.</summary>
    Task<bool> Delete(string id, CancellationToken cancel, AuditEntry? audit = null);

    /// <summary>Sends a message to one endpoint.</summary>
    Task Send(string id, OutboxMessage message, CancellationToken cancel, AuditEntry? audit = null);

    /// <summary>Deliveries of an endpoint that are to be tried at <paramref name="now"/>, the oldest first.</summary>
    Task<IReadOnlyList<WebhookDelivery>> Due(string id, DateTimeOffset now, int limit, CancellationToken cancel);

    /// <summary>Writes what tries brought, in one transaction: the deliveries, and of the endpoint its
    /// status.</summary>
    Task Settle(WebhookEndpoint endpoint, IReadOnlyList<WebhookDelivery> tried, CancellationToken cancel);

    /// <summary>Has every message since an instant that the endpoint wants sent again; answers how many.</summary>
    Task<int> Replay(
        string id, DateTimeOffset since, DateTimeOffset now, CancellationToken cancel, AuditEntry? audit = null);

    /// <summary>The newest deliveries of an endpoint, newest first.</summary>
    Task<IReadOnlyList<WebhookDelivery>> Deliveries(string id, int limit, CancellationToken cancel);

    /// <summary>Forgets messages from before an instant that wait for nobody; answers how many.</summary>
    Task<int> Forget(DateTimeOffset before, CancellationToken cancel);
}
