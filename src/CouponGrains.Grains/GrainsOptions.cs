using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;

namespace CouponGrains.Grains;

/// <summary>How the grains pace themselves.</summary>
public sealed class GrainsOptions
{
    /// <summary>How often a silo looks for a new model, changed campaigns and a changed catalog; above 0, at most an
    /// hour. Hints make it faster, never slower.</summary>
    public TimeSpan ReplicaPoll { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the grain that changed something waits for the other silos to have seen it; 0 to 30
    /// seconds.</summary>
    public TimeSpan HintWait { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>After how many events a profile is stored; at least 1.</summary>
    public int SnapshotEvents { get; set; } = 50;

    /// <summary>After how long a changed profile is stored at the latest; above 0.</summary>
    public TimeSpan SnapshotPeriod { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>True if this silo trains on a GPU: of the silos that train it is taken first.</summary>
    public bool HasGpu { get; set; }

    /// <summary>After how long what users tell of new items is stored at the latest, and after how long again each silo
    /// sees it; above 0.</summary>
    public TimeSpan EvidencePeriod { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a user's offers may be answered as before while nothing has happened: what the response model
    /// makes of the hour and of the time since his last event moves slowly. 0, which ranks each time anew, to a
    /// minute.</summary>
    public TimeSpan OffersLifetime { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Users that a wave looks at before it notes its progress; 1 to 10000.</summary>
    public int WaveBatch { get; set; } = 200;

    /// <summary>Users that a wave asks at the same time; 1 to 256.</summary>
    public int WaveParallel { get; set; } = 16;

    /// <summary>How often coupons are looked through for those whose time is over, and waves are looked after; above
    /// 0.</summary>
    public TimeSpan Upkeep { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How closely coupons may follow one another for one user, over all campaigns; none by default.</summary>
    public FrequencyCaps ShopCaps { get; set; } = new();

    /// <summary>How often each webhook endpoint looks for messages that wait for it; above 0.</summary>
    public TimeSpan WebhookPoll { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long messages are kept for a replay; above 0.</summary>
    public TimeSpan WebhookMemory { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long is told of an import after its end; above 0.</summary>
    public TimeSpan ImportMemory { get; set; } = TimeSpan.FromDays(30);

    /// <summary>True if webhook endpoints may be on this machine or a private network, and without TLS.</summary>
    public bool PrivateWebhooks { get; set; }

    /// <summary>Budgets above which it takes two persons to let a campaign spend; at most one of a currency, none below
    /// 0. None by default.</summary>
    public IReadOnlyList<Money> ApprovalAbove { get; set; } = [];

    /// <summary>The fingerprint of the key of pseudonyms, without which no user is taken in; null takes users by any
    /// id.</summary>
    public string? Pseudonyms { get; set; }

    /// <summary>The first rule that is broken, in one line, or null.</summary>
    internal string? Check() => this switch
    {
        { ReplicaPoll.Ticks: <= 0 } => $"{nameof(ReplicaPoll)} is {ReplicaPoll}, but must be above 0.",
        { ReplicaPoll.TotalHours: > 1 } => $"{nameof(ReplicaPoll)} is {ReplicaPoll}, but must be at most an hour.",
        { HintWait.Ticks: < 0 } or { HintWait.TotalSeconds: > 30 } =>
            $"{nameof(HintWait)} is {HintWait}, but must be 0 to 30 seconds.",
        { SnapshotEvents: < 1 } => $"{nameof(SnapshotEvents)} is {SnapshotEvents}, but must be at least 1.",
        { SnapshotPeriod.Ticks: <= 0 } => $"{nameof(SnapshotPeriod)} is {SnapshotPeriod}, but must be above 0.",
        { EvidencePeriod.Ticks: <= 0 } => $"{nameof(EvidencePeriod)} is {EvidencePeriod}, but must be above 0.",
        { OffersLifetime.Ticks: < 0 } or { OffersLifetime.TotalMinutes: > 1 } =>
            $"{nameof(OffersLifetime)} is {OffersLifetime}, but must be 0 to a minute.",
        { WaveBatch: < 1 or > 10_000 } => $"{nameof(WaveBatch)} is {WaveBatch}, but must be 1 to 10000.",
        { WaveParallel: < 1 or > 256 } => $"{nameof(WaveParallel)} is {WaveParallel}, but must be 1 to 256.",
        { Upkeep.Ticks: <= 0 } => $"{nameof(Upkeep)} is {Upkeep}, but must be above 0.",
        _ when ShopCaps.Check() is { } refusal => $"{nameof(ShopCaps)}: {refusal.Detail}",
        { WebhookPoll.Ticks: <= 0 } => $"{nameof(WebhookPoll)} is {WebhookPoll}, but must be above 0.",
        { WebhookMemory.Ticks: <= 0 } => $"{nameof(WebhookMemory)} is {WebhookMemory}, but must be above 0.",
        { ImportMemory.Ticks: <= 0 } => $"{nameof(ImportMemory)} is {ImportMemory}, but must be above 0.",
        _ when ApprovalAbove.Any(limit => limit.Minor < 0)
            || ApprovalAbove.DistinctBy(limit => limit.Currency).Count() < ApprovalAbove.Count =>
            $"{nameof(ApprovalAbove)} must hold at most one amount of a currency, and none below 0.",
        _ => null,
    };
}
