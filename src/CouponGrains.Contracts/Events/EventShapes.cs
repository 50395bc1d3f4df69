using CouponGrains.Domain;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Experiments;

namespace CouponGrains.Contracts.Events;

[GenerateSerializer, Alias("cg.event")]
internal struct UserEventShape
{
    [Id(0)] public EventId Id;
    [Id(1)] public UserId User;
    [Id(2)] public EventKind Kind;
    [Id(3)] public DateTimeOffset At;
    [Id(4)] public ItemId? Item;
    [Id(5)] public int Quantity;
    [Id(6)] public Money? Amount;
    [Id(7)] public string? Order;
    [Id(8)] public TimeSpan? Dwell;
    [Id(9)] public string? Query;
    [Id(10)] public OfferId? Offer;
    [Id(11)] public string? CouponCode;
    [Id(12)] public int? Rating;
    [Id(13)] public double? Propensity;
    [Id(14)] public Exposure? Exposure;
}

[RegisterConverter, RegisterCopier]
internal sealed class UserEventConverter : Shaped<UserEvent, UserEventShape>
{
    public override UserEventShape ConvertToSurrogate(in UserEvent value) => new()
    {
        Id = value.Id,
        User = value.User,
        Kind = value.Kind,
        At = value.At,
        Item = value.Item,
        Quantity = value.Quantity,
        Amount = value.Amount,
        Order = value.Order,
        Dwell = value.Dwell,
        Query = value.Query,
        Offer = value.Offer,
        CouponCode = value.CouponCode,
        Rating = value.Rating,
        Propensity = value.Propensity,
        Exposure = value.Exposure,
    };

    public override UserEvent ConvertFromSurrogate(in UserEventShape shape) => new()
    {
        Id = shape.Id,
        User = shape.User,
        Kind = shape.Kind,
        At = shape.At,
        Item = shape.Item,
        Quantity = shape.Quantity,
        Amount = shape.Amount,
        Order = shape.Order,
        Dwell = shape.Dwell,
        Query = shape.Query,
        Offer = shape.Offer,
        CouponCode = shape.CouponCode,
        Rating = shape.Rating,
        Propensity = shape.Propensity,
        Exposure = shape.Exposure,
    };
}

[GenerateSerializer, Alias("cg.recorded-event")]
internal struct RecordedEventShape
{
    [Id(0)] public long Sequence;
    [Id(1)] public UserEvent Event;
}

[RegisterConverter, RegisterCopier]
internal sealed class RecordedEventConverter : Shaped<RecordedEvent, RecordedEventShape>
{
    public override RecordedEventShape ConvertToSurrogate(in RecordedEvent value) =>
        new() { Sequence = value.Sequence, Event = value.Event };

    public override RecordedEvent ConvertFromSurrogate(in RecordedEventShape shape) =>
        new(shape.Sequence, shape.Event);
}
