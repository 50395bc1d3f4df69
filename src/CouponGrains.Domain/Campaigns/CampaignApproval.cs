using CouponGrains.Domain.Audit;

namespace CouponGrains.Domain.Campaigns;

/// <summary>Where a request for approval stands.</summary>
public enum ApprovalStatus
{
    /// <summary>Nobody has decided.</summary>
    Waiting = 1,

    /// <summary>Approved: the campaign is what was asked for.</summary>
    Approved = 2,

    /// <summary>Rejected: the campaign is as it was.</summary>
    Rejected = 3,

    /// <summary>The campaign was changed meanwhile, or something else was asked for: there is nothing left to
    /// decide.</summary>
    Lapsed = 4,
}

/// <summary>A wish to let a campaign spend more than one person may decide. It holds the very revision that comes into
/// force when another person approves it.</summary>
public sealed record CampaignApproval
{
    /// <summary>The longest note.</summary>
    public const int NoteLengthMax = 1_000;

    /// <summary>1, 2, 3, … for each campaign.</summary>
    public required int Number { get; init; }

    /// <summary>The campaign as it shall be: the revision after the one that was stored.</summary>
    public required Campaign Wanted { get; init; }

    /// <summary>Who asked.</summary>
    public required Actor AskedBy { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>Where it stands.</summary>
    public ApprovalStatus Status { get; init; } = ApprovalStatus.Waiting;

    /// <summary>Who decided, or null.</summary>
    public Actor? DecidedBy { get; init; }

    /// <summary>When, or null.</summary>
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>Why, in the words of who decided.</summary>
    public string Note { get; init; } = "";
}

/// <summary>Which campaigns need a second person, and who that may be.</summary>
public static class ApprovalRules
{
    /// <summary>True if a change puts a budget above its currency's threshold into force: a campaign becomes active, or
    /// the budget of an active one is raised or gets another currency.</summary>
    /// <param name="before">The campaign as it is stored, or null.</param>
    /// <param name="after">The campaign as it shall be.</param>
    /// <param name="above">Thresholds, at most one of a currency; a currency without one needs no approval.</param>
    public static bool IsNeeded(Campaign? before, Campaign after, IReadOnlyList<Money> above) =>
        after.Status == CampaignStatus.Active
        && above.Any(limit => limit.Currency == after.Budget.Currency && after.Budget.Minor > limit.Minor)
        && (before is not { Status: CampaignStatus.Active } || before.Budget.Currency != after.Budget.Currency
            || after.Budget.Minor > before.Budget.Minor);

    /// <summary>Why <paramref name="by"/> cannot decide, or null.</summary>
    public static Refusal? Check(CampaignApproval asked, Actor by, string note)
    {
        if (note.Length > CampaignApproval.NoteLengthMax)
        {
            return new(RefusalCodes.InvalidValue,
                $"A note has at most {CampaignApproval.NoteLengthMax} characters.", "/note");
        }

        if (asked.Status != ApprovalStatus.Waiting)
        {
            return new(RefusalCodes.ApprovalDecided, asked.Status == ApprovalStatus.Lapsed
                ? $"Request {asked.Number} has lapsed: the campaign was changed, or something else was asked for."
                : $"Request {asked.Number} has been decided.", "/request");
        }

        return asked.AskedBy == by
            ? new(RefusalCodes.ApprovalBySame, $"{by} asked for it; another person must decide.")
            : null;
    }
}

/// <summary>Where requests for approval are kept. A request lapses, in the same transaction, when its campaign is
/// stored with any change.</summary>
public interface IApprovalStore
{
    /// <summary>Asks for approval with the next number of the campaign; one that waited lapses. If just that is waiting
    /// for the same person already, answers it and changes nothing.</summary>
    Task<CampaignApproval> Ask(
        Campaign wanted, Actor by, DateTimeOffset at, CancellationToken cancel, AuditEntry? audit = null);

    /// <summary>The requests of a campaign, the newest first.</summary>
    Task<IReadOnlyList<CampaignApproval>> List(CampaignId campaign, CancellationToken cancel);

    /// <summary>The requests that wait, of all campaigns, the oldest first.</summary>
    Task<IReadOnlyList<CampaignApproval>> Waiting(CancellationToken cancel);

    /// <summary>Stores a decision and, where it approves, the campaign that was wanted, as
    /// <see cref="ICampaignStore.Put"/> does, all in one transaction with what is to be recorded of it. False if the
    /// request does not wait any more, or the stored revision is not the one before it.</summary>
    Task<bool> Decide(CampaignApproval decided, IReadOnlyList<AuditEntry> audit, CancellationToken cancel);
}
