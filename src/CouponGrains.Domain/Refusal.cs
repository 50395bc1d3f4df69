namespace CouponGrains.Domain;

/// <summary>Why a request was refused. A refusal is an answer, not an exception: callers may show it, count it by its
/// code, and act on it.</summary>
/// <param name="Code">A stable code in snake_case, the same in HTTP, on the command line and in reports; one of
/// <see cref="RefusalCodes"/>.</param>
/// <param name="Detail">One sentence for people: what was wrong and what would be right.</param>
/// <param name="Pointer">Where in the request (RFC 6901), or null if the request as a whole is meant.</param>
public sealed record Refusal(string Code, string Detail, string? Pointer = null)
{
    /// <inheritdoc/>
    public override string ToString() => Pointer is null ? $"{Code}: {Detail}" : $"{Code} at {Pointer}: {Detail}";
}

/// <summary>All refusal codes, in one table.</summary>
public static class RefusalCodes
{
#pragma warning disable CS1591 // The names are the codes; each is explained where it is given.
    public const string InvalidId = "invalid_id";
    public const string InvalidValue = "invalid_value";
    public const string NegativePrice = "negative_price";
    public const string UnknownEventKind = "unknown_event_kind";
    public const string DateOutOfRange = "date_out_of_range";
    public const string DuplicateOtherContent = "duplicate_other_content";
    public const string BatchTooLarge = "batch_too_large";
    public const string MalformedRow = "malformed_row";
    public const string MissingField = "missing_field";
    public const string UnknownField = "unknown_field";
    public const string DuplicateField = "duplicate_field";
    public const string WrongType = "wrong_type";
    public const string MalformedBody = "malformed_body";
    public const string MalformedRequest = "malformed_request";
    public const string BodyTooLarge = "body_too_large";
    public const string UnsupportedMediaType = "unsupported_media_type";
    public const string UnknownAddress = "unknown_address";
    public const string MethodNotAllowed = "method_not_allowed";
    public const string MissingUser = "missing_user";
    public const string DuplicateRow = "duplicate_row";
    public const string NotAnItem = "not_an_item";
    public const string QuantityNotPositive = "quantity_not_positive";
    public const string PriceNotPositive = "price_not_positive";
    public const string CurrencyMismatch = "currency_mismatch";
    public const string UnknownUser = "unknown_user";
    public const string NotAPseudonym = "not_a_pseudonym";
    public const string PseudonymsDiffer = "pseudonyms_differ";
    public const string UnknownItem = "unknown_item";
    public const string UnknownCampaign = "unknown_campaign";
    public const string UnknownOffer = "unknown_offer";
    public const string UnknownCoupon = "unknown_coupon";
    public const string RecordedByShop = "recorded_by_shop";
    public const string UnknownModel = "unknown_model";
    public const string UnknownRun = "unknown_run";
    public const string UnknownWave = "unknown_wave";
    public const string UnknownBatch = "unknown_batch";
    public const string UnknownOperation = "unknown_operation";
    public const string UnknownDecision = "unknown_decision";
    public const string UnknownApproval = "unknown_approval";
    public const string UnknownRedemption = "unknown_redemption";
    public const string OtherCart = "other_cart";
    public const string AlreadyExists = "already_exists";
    public const string CampaignNotActive = "campaign_not_active";
    public const string OfferOutsideGuardrails = "offer_outside_guardrails";
    public const string NothingAllowed = "nothing_allowed";
    public const string MarginFloorAbovePrice = "margin_floor_above_price";
    public const string ItemsLeftCatalog = "items_left_catalog";
    public const string UnknownTemplate = "unknown_template";
    public const string StockExhausted = "stock_exhausted";
    public const string OfferEnded = "offer_ended";
    public const string OffersInForce = "offers_in_force";
    public const string NoUsableTime = "no_usable_time";
    public const string NoModel = "no_model";
    public const string TooLittleData = "too_little_data";
    public const string TrainingInProgress = "training_in_progress";
    public const string TrainingCancelled = "training_cancelled";
    public const string TrainingFailed = "training_failed";
    public const string GateFailed = "gate_failed";
    public const string VersionConflict = "version_conflict";
    public const string RevisionChanged = "revision_changed";
    public const string ArtifactCorrupt = "artifact_corrupt";
    public const string StoreVersionNewer = "store_version_newer";
    public const string StoreNotWritable = "store_not_writable";
    public const string StoreInUse = "store_in_use";
    public const string StoreCorrupt = "store_corrupt";
    public const string StoreUnreachable = "store_unreachable";
    public const string FileNotUsable = "file_not_usable";
    public const string PortInUse = "port_in_use";
    public const string BadOption = "bad_option";
    public const string ConsentWithdrawn = "consent_withdrawn";
    public const string ApprovalRequired = "approval_required";
    public const string ApprovalDecided = "approval_decided";
    public const string ApprovalBySame = "approval_by_same";
    public const string CapReached = "cap_reached";
    public const string BudgetExhausted = "budget_exhausted";
    public const string BudgetBelowSpent = "budget_below_spent";
    public const string PrivateAddress = "private_address";
    public const string UnknownWebhook = "unknown_webhook";
    public const string UnknownHost = "unknown_host";
    public const string CrossSite = "cross_site";
    public const string Unauthenticated = "unauthenticated";
    public const string Forbidden = "forbidden";
    public const string UnknownKey = "unknown_key";
    public const string LedgerBroken = "ledger_broken";
    public const string AuditBroken = "audit_broken";
    public const string CouponNotOpen = "coupon_not_open";
    public const string NoSuitableOffer = "no_suitable_offer";
    public const string NoTrainSilo = "no_train_silo";
    public const string NoServeSilo = "no_serve_silo";
    public const string NoDevice = "no_device";
    public const string InFlight = "in_flight";
    public const string TooManyRequests = "too_many_requests";
    public const string Unavailable = "unavailable";
    public const string InternalError = "internal_error";
#pragma warning restore CS1591
}

/// <summary>Carries a <see cref="Refusal"/> out of code that has no answer to return it in: reading a corrupt artifact,
/// opening a store of a newer version, training on too little data. Caught at the door (command line, HTTP, the
/// training run), never inside.</summary>
public sealed class RefusedException : Exception
{
    /// <summary>Wraps <paramref name="refusal"/>.</summary>
    public RefusedException(Refusal refusal)
        : base(refusal.ToString()) => Refusal = refusal;

    /// <summary>The same, from its parts.</summary>
    public RefusedException(string code, string detail)
        : this(new Refusal(code, detail))
    {
    }

    /// <summary>What was refused and why.</summary>
    public Refusal Refusal { get; }
}
