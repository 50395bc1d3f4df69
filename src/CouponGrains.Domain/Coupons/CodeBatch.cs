using CouponGrains.Domain.Audit;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Domain.Coupons;

/// <summary>A wish to make codes in advance, for leaflets and mailings: nobody's until a user claims one, which issues
/// him the coupon.</summary>
/// <param name="Campaign">Who pays.</param>
/// <param name="Name">The caller's name: the same name makes the codes once. 1 to 128 characters.</param>
/// <param name="Offer">What each code gives.</param>
/// <param name="Count">How many; see <see cref="CodeRules.CountMax"/>.</param>
public sealed record CodeOrder(CampaignId Campaign, string Name, OfferId Offer, int Count);

/// <summary>Codes made in advance, and how far that is.</summary>
public sealed record CodeBatch
{
    /// <summary>Who pays.</summary>
    public required CampaignId Campaign { get; init; }

    /// <summary>Its name within the campaign.</summary>
    public required string Name { get; init; }

    /// <summary>What each code gives.</summary>
    public required OfferId Offer { get; init; }

    /// <summary>How many there shall be.</summary>
    public required int Wanted { get; init; }

    /// <summary>How many there are; never more than <see cref="Wanted"/>.</summary>
    public int Made { get; init; }

    /// <summary>How many were claimed.</summary>
    public int Claimed { get; init; }

    /// <summary>When it was ordered.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>True once all are made.</summary>
    public bool Done => Made == Wanted;
}

/// <summary>The answer to an order of codes.</summary>
/// <param name="Batch">The batch, new or known; null if refused.</param>
/// <param name="Refusal">Why not.</param>
public sealed record CodeBatchAnswer(CodeBatch? Batch, Refusal? Refusal);

/// <summary>Which orders of codes are accepted.</summary>
public static class CodeRules
{
    /// <summary>How the key begins by which a code becomes a coupon.</summary>
    public const string KeyPrefix = "code:";

    /// <summary>The most codes of a batch.</summary>
    public const int CountMax = 10_000_000;

    /// <summary>The most codes made, or read, in one step.</summary>
    public const int StepMax = 10_000;

    /// <summary>What is wrong with an order as such, or null.</summary>
    public static Refusal? Check(CodeOrder order) =>
        !IdRules.IsValid(order.Name)
            ? new(RefusalCodes.InvalidId, $"A batch's name has 1 to {IdRules.LengthMax} characters.", "/name")
        : order.Count is < 1 or > CountMax
            ? new(RefusalCodes.InvalidValue, $"A batch has 1 to {CountMax} codes, but {order.Count} were asked for.",
                "/count")
        : null;

    /// <summary>The refusal of codes for an offer that the campaign does not have, or not any more.</summary>
    public static Refusal UnknownOffer(CampaignId campaign, OfferId offer) =>
        new(RefusalCodes.UnknownOffer, $"Campaign {campaign} has no offer {offer} in force.", "/offer");

    /// <summary>True for the key of such an issue, which is no caller's to choose.</summary>
    public static bool IsOfCode(string key) => key.StartsWith(KeyPrefix, StringComparison.Ordinal);

    /// <summary>The issue by which a code becomes a user's coupon: its key is the code's, so claiming it twice is
    /// claiming it once.</summary>
    public static IssueRequest IssueOf(UserId user, string code, OfferId offer) =>
        new(KeyPrefix + code, user, offer, ModelVersion.None, 0, 1);

    /// <summary>The known batch, if the order asks for the same again; otherwise why not.</summary>
    public static CodeBatchAnswer Repeat(CodeOrder order, CodeBatch known) =>
        known.Offer == order.Offer && known.Wanted == order.Count
            ? new(known, null)
            : new(null, new(RefusalCodes.DuplicateOtherContent, "This name was used for other codes.", "/name"));
}

/// <summary>Where codes are kept that were made in advance, or that many share. Claiming one is the ledger's.</summary>
public interface ICodeStore
{
    /// <summary>Begins a batch of codes, once for a name; makes none yet. Refused without such an offer of the
    /// campaign. What is given to be recorded is so in the same transaction, if the batch is new.</summary>
    Task<CodeBatchAnswer> Order(
        CodeOrder order, DateTimeOffset now, CancellationToken cancel, AuditEntry? audit = null);

    /// <summary>Makes up to <paramref name="count"/> codes of a batch, in one transaction with its progress; never more
    /// than are wanted. Answers the batch, or null if there is none.</summary>
    Task<CodeBatch?> Make(CampaignId campaign, string name, int count, CancellationToken cancel);

    /// <summary>The batches of a campaign, in the order in which they were ordered.</summary>
    Task<IReadOnlyList<CodeBatch>> Batches(CampaignId campaign, CancellationToken cancel);

    /// <summary>Gives an offer a shared code, once for a code. Refused without such an offer of the campaign, and if
    /// another offer has the code. What is given to be recorded is so in the same transaction, if the code is
    /// new.</summary>
    Task<SharedCodeAnswer> Share(
        SharedCodeOrder order, DateTimeOffset now, CancellationToken cancel, AuditEntry? audit = null);

    /// <summary>The shared codes of a campaign, in the order of their names.</summary>
    Task<IReadOnlyList<SharedCode>> Shared(CampaignId campaign, CancellationToken cancel);

    /// <summary>The codes of a batch in the order in which they were made, after the first
    /// <paramref name="after"/>.</summary>
    Task<IReadOnlyList<string>> Codes(
        CampaignId campaign, string name, int after, int limit, CancellationToken cancel);
}
