using CouponGrains.Domain.Webhooks;

namespace CouponGrains.Contracts.Webhooks;

/// <summary>One endpoint that is told what happens, and the posting to it. The key is its id.</summary>
[Alias("cg.webhook"), GrainInterfaceType("cg.webhook")]
public interface IWebhookGrain : IGrainWithStringKey
{
    /// <summary>Creates the endpoint. The same address and types again answer it as it is; others are
    /// refused.</summary>
    [Alias("create")]
    Task<Answer<WebhookView>> Create(string url, IReadOnlyList<string> types, CancellationToken cancel = default);

    /// <summary>The endpoint without its secret.</summary>
    [Alias("show")]
    Task<Answer<WebhookView>> Show(CancellationToken cancel = default);

    /// <summary>Gives it a new secret; the one before signs too for a day.</summary>
    [Alias("rotate")]
    Task<Answer<WebhookView>> Rotate(CancellationToken cancel = default);

    /// <summary>Has it told again after it was disabled, what waited included.</summary>
    [Alias("enable")]
    Task<Answer<WebhookView>> Enable(CancellationToken cancel = default);

    /// <summary>Deletes it with what is on its way to it.</summary>
    [Alias("delete")]
    Task<Answer<WebhookView>> Delete(CancellationToken cancel = default);

    /// <summary>Sends it a message that tells of nothing.</summary>
    [Alias("test")]
    Task<Answer<WebhookReplay>> Test(CancellationToken cancel = default);

    /// <summary>Sends again all that happened since an instant.</summary>
    [Alias("replay")]
    Task<Answer<WebhookReplay>> Replay(DateTimeOffset since, CancellationToken cancel = default);

    /// <summary>The newest deliveries, at most 100, newest first.</summary>
    [Alias("deliveries")]
    Task<Answer<WebhookDeliveries>> Deliveries(CancellationToken cancel = default);
}

/// <summary>An endpoint as people see it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Url">Its address.</param>
/// <param name="Types">What it wants to be told; empty for all.</param>
/// <param name="Status">Whether it is told.</param>
/// <param name="FailingSince">Since when nothing has arrived.</param>
/// <param name="At">When it was made.</param>
/// <param name="Secret">What signs; told when it is made or changed, and never again.</param>
[GenerateSerializer, Immutable, Alias("cg.webhook-view")]
public sealed record WebhookView(
    [property: Id(0)] string Id, [property: Id(1)] string Url, [property: Id(2)] IReadOnlyList<string> Types,
    [property: Id(3)] WebhookStatus Status, [property: Id(4)] DateTimeOffset? FailingSince,
    [property: Id(5)] DateTimeOffset At, [property: Id(6)] string? Secret = null)
{
    /// <summary>The endpoint without its secret.</summary>
    public static WebhookView Of(WebhookEndpoint endpoint) => new(
        endpoint.Id, endpoint.Url, endpoint.Types, endpoint.Status, endpoint.FailingSince, endpoint.At);
}

/// <summary>The endpoints.</summary>
/// <param name="Endpoints">In the order of their ids.</param>
[GenerateSerializer, Immutable, Alias("cg.webhook-list")]
public sealed record WebhookList([property: Id(0)] IReadOnlyList<WebhookView> Endpoints);

/// <summary>Messages that are sent, again or for a test.</summary>
/// <param name="Messages">How many.</param>
[GenerateSerializer, Immutable, Alias("cg.webhook-replay")]
public sealed record WebhookReplay([property: Id(0)] int Messages);

/// <summary>Deliveries of an endpoint.</summary>
/// <param name="Deliveries">The deliveries.</param>
[GenerateSerializer, Immutable, Alias("cg.webhook-deliveries")]
public sealed record WebhookDeliveries([property: Id(0)] IReadOnlyList<DeliveryView> Deliveries);

/// <summary>A delivery as people see it.</summary>
/// <param name="Message">The id of the message.</param>
/// <param name="Type">What it tells of.</param>
/// <param name="At">When that happened.</param>
/// <param name="State">Where the delivery stands.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="NextAt">When it is tried next.</param>
/// <param name="Last">What the last try brought.</param>
[GenerateSerializer, Immutable, Alias("cg.delivery-view")]
public sealed record DeliveryView(
    [property: Id(0)] string Message, [property: Id(1)] string Type, [property: Id(2)] DateTimeOffset At,
    [property: Id(3)] DeliveryState State, [property: Id(4)] int Attempts, [property: Id(5)] DateTimeOffset? NextAt,
    [property: Id(6)] string? Last);
