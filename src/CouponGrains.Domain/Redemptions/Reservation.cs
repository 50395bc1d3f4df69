using CouponGrains.Domain.Offers;

namespace CouponGrains.Domain.Redemptions;

/// <summary>Where a reservation stands. The numbers are stored: never reuse one.</summary>
public enum ReservationState
{
    /// <summary>It holds the coupon and its part of the budget.</summary>
    Held = 1,

    /// <summary>It was redeemed.</summary>
    Redeemed = 2,

    /// <summary>It was given up.</summary>
    Released = 3,

    /// <summary>Its time ran out.</summary>
    Expired = 4,
}

/// <summary>A wish to reserve a coupon for a cart, to be redeemed when the user has paid.</summary>
/// <param name="Checkout">What shall be redeemed; its key is the reservation's, and the redemption's later.</param>
/// <param name="Hold">For how long, see <see cref="ReservationRules"/>.</param>
public sealed record ReservationRequest(RedemptionRequest Checkout, TimeSpan Hold);

/// <summary>A coupon set aside for an order, with the discount that it will give.</summary>
public sealed record Reservation
{
    /// <summary>The caller's key, which is its id.</summary>
    public required string Key { get; init; }

    /// <summary>The coupon's code.</summary>
    public required string Code { get; init; }

    /// <summary>Whose.</summary>
    public required UserId User { get; init; }

    /// <summary>Who pays.</summary>
    public required CampaignId Campaign { get; init; }

    /// <summary>The shop's order.</summary>
    public required string Order { get; init; }

    /// <summary>What will be taken off.</summary>
    public required Discount Discount { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The instant from which it holds nothing any more.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>Where it stands.</summary>
    public ReservationState State { get; init; } = ReservationState.Held;
}

/// <summary>What became of a wish to reserve or to release.</summary>
/// <param name="Status"><see cref="RedemptionStatus.Reserved"/> or <see cref="RedemptionStatus.Released"/> on success;
/// otherwise the first check that fails.</param>
/// <param name="Reservation">The reservation, on success.</param>
/// <param name="IsRepeat">True if the key had reserved before, and this is the answer of then.</param>
public sealed record ReservationAnswer(
    RedemptionStatus Status, Reservation? Reservation = null, bool IsRepeat = false);

/// <summary>Decides what becomes of reservations. Pure: the ledger reads, asks here, and writes.</summary>
/// <remarks>What was reserved in time is redeemed as long as the reservation lasts, even if the coupon or its campaign
/// has ended meanwhile: the user was promised the price that he is paying.</remarks>
public static class ReservationRules
{
    /// <summary>How long a reservation lasts if nothing is said.</summary>
    public static readonly TimeSpan HoldUsually = TimeSpan.FromMinutes(15);

    /// <summary>The shortest reservation.</summary>
    public static readonly TimeSpan HoldMin = TimeSpan.FromSeconds(1);

    /// <summary>The longest reservation.</summary>
    public static readonly TimeSpan HoldMax = TimeSpan.FromDays(7);

    /// <summary>What is wrong with the request as such, or null.</summary>
    public static Refusal? Check(ReservationRequest request) =>
        !IdRules.IsValid(request.Checkout.Key) || !IdRules.IsValid(request.Checkout.Order)
            ? new(RefusalCodes.InvalidId,
                $"A reservation's key and order have 1 to {IdRules.LengthMax} characters each.")
        : request.Hold < HoldMin || request.Hold > HoldMax
            ? new(RefusalCodes.InvalidValue,
                $"A reservation lasts from {HoldMin} to {HoldMax}, but {request.Hold} was asked for.", "/hold")
        : null;

    /// <summary>The state at <paramref name="now"/>: a time that ran out ends a reservation whether or not somebody has
    /// noted it. One that was noted as ended stays so, even if the clock is set back.</summary>
    public static ReservationState StateAt(Reservation reservation, DateTimeOffset now) =>
        reservation.State == ReservationState.Held && now >= reservation.Until
            ? ReservationState.Expired
            : reservation.State;

    /// <summary>The answer to a key that has reserved before with the same content: the same again while it holds or
    /// once it is redeemed, otherwise why it holds nothing any more.</summary>
    public static ReservationAnswer Repeat(Reservation reservation, DateTimeOffset now) =>
        StateAt(reservation, now) switch
        {
            ReservationState.Expired => new(RedemptionStatus.ReservationExpired),
            ReservationState.Released => new(RedemptionStatus.Released),
            _ => new(RedemptionStatus.Reserved, reservation),
        };

    /// <summary>Why a reservation cannot be redeemed, or null. One that is redeemed already is not asked
    /// about.</summary>
    /// <param name="reservation">The reservation.</param>
    /// <param name="orderReturned">True if pieces of its order came back.</param>
    /// <param name="now">The time.</param>
    public static RedemptionStatus? Obstacle(Reservation reservation, bool orderReturned, DateTimeOffset now) =>
        StateAt(reservation, now) switch
        {
            ReservationState.Expired => RedemptionStatus.ReservationExpired,
            ReservationState.Released => RedemptionStatus.Released,
            ReservationState.Redeemed => RedemptionStatus.AlreadyRedeemed,
            _ => orderReturned ? RedemptionStatus.OrderReturned : null,
        };

    /// <summary>The answer to a release, and whether it must be written. One that holds nothing any more is as good as
    /// released; what is redeemed must be rolled back instead.</summary>
    public static (ReservationAnswer Answer, bool Writes) Release(Reservation reservation, DateTimeOffset now) =>
        StateAt(reservation, now) switch
        {
            ReservationState.Redeemed => (new(RedemptionStatus.AlreadyRedeemed), false),
            ReservationState.Held => (
                new(RedemptionStatus.Released, reservation with { State = ReservationState.Released }), true),
            var over => (new(RedemptionStatus.Released, reservation with { State = over }), false),
        };

    /// <summary>The redemption that a reservation becomes.</summary>
    public static Redemption Redeemed(Reservation reservation, DateTimeOffset now) => new()
    {
        Key = reservation.Key,
        Code = reservation.Code,
        User = reservation.User,
        Campaign = reservation.Campaign,
        Order = reservation.Order,
        Discount = reservation.Discount,
        At = now,
    };
}
