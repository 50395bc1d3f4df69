using CouponGrains.Domain;
using Microsoft.AspNetCore.Http;

namespace CouponGrains.Api.Wire;

/// <summary>What a code means on the wire.</summary>
internal sealed record ProblemKind(string Title, int Status, bool Retryable);

/// <summary>The status of each code, in one table. A code that is not listed is a value that was understood and
/// refused: 422.</summary>
internal static class ProblemKinds
{
    private const int Malformed = StatusCodes.Status400BadRequest;
    private const int Missing = StatusCodes.Status404NotFound;
    private const int Conflict = StatusCodes.Status409Conflict;
    private const int TooLarge = StatusCodes.Status413PayloadTooLarge;
    private const int Refused = StatusCodes.Status422UnprocessableEntity;
    private const int Unavailable = StatusCodes.Status503ServiceUnavailable;

    private static readonly Dictionary<string, (int Status, bool Retryable)> Table = new(StringComparer.Ordinal)
    {
        [RefusalCodes.MalformedBody] = (Malformed, false),
        [RefusalCodes.MalformedRequest] = (Malformed, false),
        [RefusalCodes.MissingField] = (Malformed, false),
        [RefusalCodes.UnknownField] = (Malformed, false),
        [RefusalCodes.DuplicateField] = (Malformed, false),
        [RefusalCodes.WrongType] = (Malformed, false),
        [RefusalCodes.InvalidId] = (Malformed, false),
        [RefusalCodes.UnknownHost] = (StatusCodes.Status421MisdirectedRequest, false),
        [RefusalCodes.CrossSite] = (StatusCodes.Status403Forbidden, false),
        [RefusalCodes.Unauthenticated] = (StatusCodes.Status401Unauthorized, false),
        [RefusalCodes.Forbidden] = (StatusCodes.Status403Forbidden, false),
        [RefusalCodes.UnknownKey] = (Missing, false),
        [RefusalCodes.UnsupportedMediaType] = (StatusCodes.Status415UnsupportedMediaType, false),
        [RefusalCodes.BodyTooLarge] = (TooLarge, false),
        [RefusalCodes.BatchTooLarge] = (TooLarge, false),
        [RefusalCodes.UnknownAddress] = (Missing, false),
        [RefusalCodes.MethodNotAllowed] = (StatusCodes.Status405MethodNotAllowed, false),
        [RefusalCodes.UnknownUser] = (Missing, false),
        [RefusalCodes.UnknownItem] = (Missing, false),
        [RefusalCodes.UnknownCampaign] = (Missing, false),
        [RefusalCodes.UnknownOffer] = (Missing, false),
        [RefusalCodes.UnknownCoupon] = (Missing, false),
        [RefusalCodes.UnknownModel] = (Missing, false),
        [RefusalCodes.UnknownRun] = (Missing, false),
        [RefusalCodes.UnknownTemplate] = (Missing, false),
        [RefusalCodes.UnknownWave] = (Missing, false),
        [RefusalCodes.UnknownDecision] = (Missing, false),
        [RefusalCodes.UnknownRedemption] = (Missing, false),
        [RefusalCodes.UnknownApproval] = (Missing, false),
        [RefusalCodes.UnknownWebhook] = (Missing, false),
        [RefusalCodes.UnknownBatch] = (Missing, false),
        [RefusalCodes.UnknownOperation] = (Missing, false),
        [RefusalCodes.DuplicateOtherContent] = (Conflict, false),
        [RefusalCodes.RecordedByShop] = (Conflict, false),
        [RefusalCodes.AlreadyExists] = (Conflict, false),
        [RefusalCodes.OtherCart] = (Conflict, false),
        [RefusalCodes.CampaignNotActive] = (Conflict, false),
        [RefusalCodes.ApprovalRequired] = (Conflict, false),
        [RefusalCodes.ApprovalDecided] = (Conflict, false),
        [RefusalCodes.ApprovalBySame] = (StatusCodes.Status403Forbidden, false),
        [RefusalCodes.NoModel] = (Conflict, true),
        [RefusalCodes.TooLittleData] = (Conflict, false),
        [RefusalCodes.TrainingInProgress] = (Conflict, true),
        [RefusalCodes.GateFailed] = (Conflict, false),
        [RefusalCodes.VersionConflict] = (Conflict, true),
        [RefusalCodes.ConsentWithdrawn] = (Conflict, false),
        [RefusalCodes.StockExhausted] = (Conflict, false),
        [RefusalCodes.OfferEnded] = (StatusCodes.Status410Gone, false),
        [RefusalCodes.OffersInForce] = (Conflict, false),
        [RefusalCodes.NoUsableTime] = (Conflict, false),
        [RefusalCodes.CapReached] = (Conflict, false),
        [RefusalCodes.CouponNotOpen] = (Conflict, false),
        [RefusalCodes.NoSuitableOffer] = (Conflict, false),
        [RefusalCodes.RevisionChanged] = (StatusCodes.Status412PreconditionFailed, true),
        [RefusalCodes.InFlight] = (Conflict, true),
        [RefusalCodes.TooManyRequests] = (StatusCodes.Status429TooManyRequests, true),
        [RefusalCodes.NoTrainSilo] = (Unavailable, true),
        [RefusalCodes.NoServeSilo] = (Unavailable, true),
        [RefusalCodes.NoDevice] = (Unavailable, false),
        [RefusalCodes.Unavailable] = (Unavailable, true),
        [RefusalCodes.StoreNotWritable] = (Unavailable, true),
        [RefusalCodes.InternalError] = (StatusCodes.Status500InternalServerError, true),
        // Answers to a redemption.
        ["already_redeemed"] = (Conflict, false),
        ["rolled_back"] = (Conflict, false),
        ["not_stackable"] = (Conflict, false),
        ["order_returned"] = (Conflict, false),
        ["nothing_left"] = (Conflict, false),
        ["below_margin_floor"] = (Conflict, false),
        ["campaign_cap_reached"] = (Conflict, false),
        ["user_cap_reached"] = (Conflict, false),
        ["budget_exhausted"] = (Conflict, true),
        ["reserved"] = (Conflict, true),
        ["released"] = (Conflict, false),
        ["not_claimed"] = (Conflict, false),
        ["user_limit_reached"] = (Conflict, true),
        ["user_value_reached"] = (Conflict, true),
        ["campaign_limit_reached"] = (Conflict, true),
        ["campaign_value_reached"] = (Conflict, true),
        ["unknown_reservation"] = (Missing, false),
        ["reservation_expired"] = (StatusCodes.Status410Gone, false),
        ["expired"] = (StatusCodes.Status410Gone, false),
        ["voided"] = (StatusCodes.Status410Gone, false),
    };

    /// <summary>The kind of <paramref name="code"/>.</summary>
    public static ProblemKind Of(string code)
    {
        var (status, retryable) = Table.GetValueOrDefault(code, (Refused, false));
        return new(char.ToUpperInvariant(code[0]) + code[1..].Replace('_', ' '), status, retryable);
    }
}
