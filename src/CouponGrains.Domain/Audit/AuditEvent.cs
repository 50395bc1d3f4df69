using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace CouponGrains.Domain.Audit;

/// <summary>What became of a change.</summary>
public enum AuditOutcome
{
    /// <summary>It is done. Where the store allows it, the record was written in the same transaction.</summary>
    Done = 1,

    /// <summary>It is about to be made, and a record of how it ended follows. One that has none ended with its silo,
    /// and nobody knows how.</summary>
    Begun = 2,

    /// <summary>It was begun and failed.</summary>
    Failed = 3,
}

/// <summary>One value that a change moved.</summary>
/// <param name="Path">Where it stands in the thing changed (RFC 6901); empty for the thing as a whole.</param>
/// <param name="Before">The JSON before, null if there was none; in place of a long one
/// <c>sha256:</c> and its digest.</param>
/// <param name="After">The JSON after, likewise.</param>
public sealed record AuditDifference(string Path, string? Before, string? After);

/// <summary>A change that is to be recorded. Holds nothing of a user: his id stands in it as
/// <see cref="AuditTargets.User"/>.</summary>
public record AuditEntry
{
    /// <summary>When it was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who made it.</summary>
    public required Actor Actor { get; init; }

    /// <summary>What was done; one of <see cref="AuditActions"/>.</summary>
    public required string Action { get; init; }

    /// <summary>To what; made by <see cref="AuditTargets"/>.</summary>
    public required string Target { get; init; }

    /// <summary>What became of it.</summary>
    public AuditOutcome Outcome { get; init; } = AuditOutcome.Done;

    /// <summary>The request that asked for it, as in the answer's <c>X-Request-Id</c>; empty if there was
    /// none.</summary>
    public string Request { get; init; } = "";

    /// <summary>What it moved.</summary>
    public IReadOnlyList<AuditDifference> Changes { get; init; } = [];
}

/// <summary>A recorded change: a link of the chain.</summary>
public sealed record AuditEvent : AuditEntry
{
    /// <summary>An entry with its place in the chain.</summary>
    [SetsRequiredMembers]
    public AuditEvent(AuditEntry entry, long number, string previous, string hash)
        : base(entry)
    {
        Number = number;
        Previous = previous;
        Hash = hash;
    }

    /// <summary>1, 2, 3, … without a gap.</summary>
    public long Number { get; init; }

    /// <summary>The hash of the record before it; of the first, <see cref="AuditHead.NoHash"/>.</summary>
    public string Previous { get; init; }

    /// <summary>SHA-256 over <see cref="Previous"/> and everything that the record says, in lower-case
    /// hexadecimal.</summary>
    public string Hash { get; init; }
}

/// <summary>The end of the chain. Who notes it elsewhere can prove later that nothing up to there was written
/// anew.</summary>
/// <param name="Number">The number of the newest record; 0 if there is none.</param>
/// <param name="Hash">Its hash.</param>
public sealed record AuditHead(long Number, string Hash)
{
    /// <summary>Stands before the first record.</summary>
    public static readonly string NoHash = new('0', SHA256.HashSizeInBytes * 2);

    /// <summary>The end of an empty chain.</summary>
    public static AuditHead None { get; } = new(0, NoHash);

    /// <summary>Reads <c>NUMBER:HASH</c>, as <see cref="ToString"/> writes it; null for anything else.</summary>
    public static AuditHead? Parse(string text) => text.Split(':') is [var number, var hash]
        && long.TryParse(number, out var parsed) && parsed > 0 && hash.Length == NoHash.Length
        && hash.All(char.IsAsciiHexDigit)
        ? new(parsed, hash.ToLowerInvariant())
        : null;

    /// <summary>Number and hash.</summary>
    public override string ToString() => $"{Number}:{Hash}";
}

/// <summary>What may be done, in the order of the loop.</summary>
public static class AuditActions
{
#pragma warning disable CS1591 // The names say it.
    public const string ItemsPut = "items.put";
    public const string UserForget = "user.forget";
    public const string ImportBegin = "import.begin";
    public const string ImportCancel = "import.cancel";
    public const string CampaignCreate = "campaign.create";
    public const string CampaignChange = "campaign.change";
    public const string CampaignActivate = "campaign.activate";
    public const string CampaignPause = "campaign.pause";
    public const string CampaignArchive = "campaign.archive";
    public const string CampaignAsk = "campaign.ask";
    public const string CampaignApprove = "campaign.approve";
    public const string CampaignReject = "campaign.reject";
    public const string CampaignPush = "campaign.push";
    public const string CampaignCodes = "campaign.codes";
    public const string OffersAdd = "offers.add";
    public const string OfferWithdraw = "offer.withdraw";
    public const string OfferApprove = "offer.approve";
    public const string OfferReject = "offer.reject";
    public const string ModelPromote = "model.promote";
    public const string TrainingStart = "training.start";
    public const string TrainingCancel = "training.cancel";
    public const string TrainingSchedule = "training.schedule";
    public const string KeyCreate = "key.create";
    public const string KeyRotate = "key.rotate";
    public const string KeyRevoke = "key.revoke";
    public const string WebhookCreate = "webhook.create";
    public const string WebhookRotate = "webhook.rotate";
    public const string WebhookEnable = "webhook.enable";
    public const string WebhookDelete = "webhook.delete";
    public const string WebhookTest = "webhook.test";
    public const string WebhookReplay = "webhook.replay";
#pragma warning restore CS1591
}

/// <summary>What a change may be made to.</summary>
public static class AuditTargets
{
    /// <summary>The catalog.</summary>
    public const string Items = "items";

    /// <summary>What is trained, and when.</summary>
    public const string Training = "training";

    /// <summary>A campaign.</summary>
    public static string Campaign(CampaignId id) => $"campaign/{id}";

    /// <summary>An offer.</summary>
    public static string Offer(OfferId id) => $"offer/{id}";

    /// <summary>A model.</summary>
    public static string Model(ModelVersion version) => $"model/{version.Number}";

    /// <summary>A training run.</summary>
    public static string Run(long run) => $"training/{run}";

    /// <summary>A key of the API.</summary>
    public static string Key(string id) => $"key/{id}";

    /// <summary>A file that was taken up.</summary>
    public static string Import(string id) => $"import/{id}";

    /// <summary>A webhook endpoint.</summary>
    public static string Webhook(string id) => $"webhook/{id}";

    /// <summary>A user, by a digest of his id, so that the log names nobody and still tells whether somebody whose id
    /// is known stands in it.</summary>
    public static string User(UserId id) => $"user/{Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes("coupongrains user " + id.Value)).AsSpan(0, 16))}";
}
