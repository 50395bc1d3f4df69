using CouponGrains.Domain.Events;

namespace CouponGrains.Domain.Tests.Events;

public sealed class EventRulesTests
{
    private static readonly UserEvent Purchase = Samples.Event(1, EventKind.Purchase, 1).Event;

    [Fact]
    public void A_sound_event_of_every_kind_is_accepted() => Assert.All(Enum.GetValues<EventKind>(), kind =>
        Assert.Null(Check(
            Purchase with { Kind = kind, Query = "cola", Rating = 5, CouponCode = "c", Propensity = 1 })));

    [Fact]
    public void An_unsound_event_is_refused_by_name()
    {
        Refused(RefusalCodes.UnknownEventKind, "/kind", Purchase with { Kind = (EventKind)99 });
        Refused(RefusalCodes.DateOutOfRange, "/at", Purchase with { At = EventRules.Earliest.AddTicks(-1) });
        Refused(RefusalCodes.DateOutOfRange, "/at",
            Purchase with { At = Samples.Noon + EventRules.ClockSkewMax + TimeSpan.FromTicks(1) });
        Refused(RefusalCodes.InvalidValue, "/quantity", Purchase with { Quantity = 0 });
        Refused(RefusalCodes.NegativePrice, "/amount", Purchase with { Amount = Samples.Dollars(-0.01m) });
        Refused(RefusalCodes.InvalidValue, "/dwell", Purchase with { Dwell = TimeSpan.FromTicks(-1) });
        Refused(RefusalCodes.InvalidValue, "/dwell", Purchase with { Dwell = TimeSpan.FromHours(25) });
        Refused(RefusalCodes.InvalidValue, "/query", Purchase with { Query = new('x', EventRules.QueryLengthMax + 1) });
        Refused(RefusalCodes.InvalidId, "/order", Purchase with { Order = new('x', IdRules.LengthMax + 1) });
        Refused(RefusalCodes.InvalidId, "/order", Purchase with { Order = "" });
        Refused(RefusalCodes.InvalidId, "/couponCode", Purchase with { CouponCode = new('x', IdRules.LengthMax + 1) });
        Refused(RefusalCodes.InvalidValue, "/rating", Purchase with { Rating = 6 });
        Refused(RefusalCodes.InvalidValue, "/propensity", Purchase with { Propensity = double.NaN });
        Refused(RefusalCodes.MissingField, "/item", Purchase with { Item = null });
        Refused(RefusalCodes.MissingField, "/query", Purchase with { Kind = EventKind.Search, Query = " " });
        Refused(RefusalCodes.MissingField, "/couponCode", Purchase with { Kind = EventKind.Redeemed });
    }

    private static Refusal? Check(UserEvent e) => EventRules.Check(e, Samples.Noon);

    private static void Refused(string code, string pointer, UserEvent e)
    {
        var refusal = Check(e);
        Assert.Equal((code, pointer), (refusal?.Code, refusal?.Pointer));
    }
}
