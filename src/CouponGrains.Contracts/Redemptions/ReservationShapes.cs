using CouponGrains.Domain;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Contracts.Redemptions;

[GenerateSerializer, Alias("cg.reservation-request")]
internal struct ReservationRequestShape
{
    [Id(0)] public RedemptionRequest Checkout;
    [Id(1)] public TimeSpan Hold;
}

[RegisterConverter, RegisterCopier]
internal sealed class ReservationRequestConverter : Shaped<ReservationRequest, ReservationRequestShape>
{
    public override ReservationRequestShape ConvertToSurrogate(in ReservationRequest value) =>
        new() { Checkout = value.Checkout, Hold = value.Hold };

    public override ReservationRequest ConvertFromSurrogate(in ReservationRequestShape shape) =>
        new(shape.Checkout, shape.Hold);
}

[GenerateSerializer, Alias("cg.reservation")]
internal struct ReservationShape
{
    [Id(0)] public string Key;
    [Id(1)] public string Code;
    [Id(2)] public UserId User;
    [Id(3)] public CampaignId Campaign;
    [Id(4)] public string Order;
    [Id(5)] public Discount Discount;
    [Id(6)] public DateTimeOffset At;
    [Id(7)] public DateTimeOffset Until;
    [Id(8)] public ReservationState State;
}

[RegisterConverter, RegisterCopier]
internal sealed class ReservationConverter : Shaped<Reservation, ReservationShape>
{
    public override ReservationShape ConvertToSurrogate(in Reservation value) => new()
    {
        Key = value.Key,
        Code = value.Code,
        User = value.User,
        Campaign = value.Campaign,
        Order = value.Order,
        Discount = value.Discount,
        At = value.At,
        Until = value.Until,
        State = value.State,
    };

    public override Reservation ConvertFromSurrogate(in ReservationShape shape) => new()
    {
        Key = shape.Key,
        Code = shape.Code,
        User = shape.User,
        Campaign = shape.Campaign,
        Order = shape.Order,
        Discount = shape.Discount,
        At = shape.At,
        Until = shape.Until,
        State = shape.State,
    };
}

[GenerateSerializer, Alias("cg.reservation-answer")]
internal struct ReservationAnswerShape
{
    [Id(0)] public RedemptionStatus Status;
    [Id(1)] public Reservation? Reservation;
    [Id(2)] public bool IsRepeat;
}

[RegisterConverter, RegisterCopier]
internal sealed class ReservationAnswerConverter : Shaped<ReservationAnswer, ReservationAnswerShape>
{
    public override ReservationAnswerShape ConvertToSurrogate(in ReservationAnswer value) =>
        new() { Status = value.Status, Reservation = value.Reservation, IsRepeat = value.IsRepeat };

    public override ReservationAnswer ConvertFromSurrogate(in ReservationAnswerShape shape) =>
        new(shape.Status, shape.Reservation, shape.IsRepeat);
}
