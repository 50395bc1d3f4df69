using CouponGrains.Domain.Events;
using CouponGrains.Domain.Experiments;

namespace CouponGrains.Domain.Profiles;

/// <summary>The newest events of one user as bytes, a tenth of what they take as objects: they are looked at seldom,
/// and kept for everybody in memory.</summary>
internal sealed class PackedEvents
{
    private byte[] _bytes = [];

    /// <summary>Those of a snapshot.</summary>
    internal PackedEvents(UserId user, IReadOnlyList<UserEvent> events)
    {
        if (events.Count > 0)
        {
            _bytes = [.. events.SelectMany(e => Pack(user, e))];
            Count = events.Count;
        }
    }

    /// <summary>How many there are.</summary>
    internal int Count { get; private set; }

    /// <summary>Adds one, and lets the oldest go if there are more than <paramref name="most"/> then.</summary>
    internal void Add(UserId user, UserEvent e, int most)
    {
        var begin = 0;
        if (Count == most)
        {
            using var old = new MemoryStream(_bytes);
            using var reader = new BinaryReader(old);
            begin = reader.Read7BitEncodedInt() + (int)old.Position;
            Count--;
        }

        _bytes = [.. _bytes.AsSpan(begin), .. Pack(user, e)];
        Count++;
    }

    /// <summary>The events, oldest first.</summary>
    internal UserEvent[] Unpack(UserId user)
    {
        var events = new UserEvent[Count];
        using var stream = new MemoryStream(_bytes);
        using var reader = new BinaryReader(stream);
        for (var i = 0; i < events.Length; i++)
        {
            reader.Read7BitEncodedInt();
            events[i] = Read(user, reader);
        }

        return events;
    }

    /// <summary>An event behind its length.</summary>
    private static byte[] Pack(UserId user, UserEvent e)
    {
        using var body = new MemoryStream(64);
        using (var writer = new BinaryWriter(body, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            Write(user, e, writer);
        }

        using var whole = new MemoryStream((int)body.Length + 2);
        using var length = new BinaryWriter(whole);
        length.Write7BitEncodedInt((int)body.Length);
        body.WriteTo(whole);
        return whole.ToArray();
    }

    private static void Write(UserId user, UserEvent e, BinaryWriter to)
    {
        to.Write7BitEncodedInt((int)e.Kind);
        to.Write7BitEncodedInt((int)PartsOf(user, e));
        to.Write(e.Id.Value);
        to.Write7BitEncodedInt64(e.At.UtcTicks);
        to.Write7BitEncodedInt(e.Quantity);
        Optional(e.User == user ? null : e.User.Value);
        Optional(e.Item?.Value);
        Optional(e.Order);
        Optional(e.Query);
        Optional(e.Offer?.Value);
        Optional(e.CouponCode);
        if (e.Amount is { } amount)
        {
            to.Write7BitEncodedInt64(amount.Minor);
            to.Write(amount.Currency.Code);
        }

        if (e.Dwell is { } dwell)
        {
            to.Write7BitEncodedInt64(dwell.Ticks);
        }

        if (e.Rating is { } rating)
        {
            to.Write7BitEncodedInt(rating);
        }

        if (e.Propensity is { } propensity)
        {
            to.Write(propensity);
        }

        if (e.Exposure is { } exposure)
        {
            to.Write7BitEncodedInt64(exposure.Model.Number);
            to.Write7BitEncodedInt(exposure.Position);
            to.Write7BitEncodedInt64(exposure.At.UtcTicks);
            to.Write(exposure.Score);
            to.Write(exposure.RedemptionProbability ?? double.NaN);
        }

        void Optional(string? text)
        {
            if (text is not null)
            {
                to.Write(text);
            }
        }
    }

    private static UserEvent Read(UserId user, BinaryReader from)
    {
        var (kind, parts) = ((EventKind)from.Read7BitEncodedInt(), (Parts)from.Read7BitEncodedInt());
        var (id, at, quantity) = (from.ReadString(), from.Read7BitEncodedInt64(), from.Read7BitEncodedInt());
        var (other, item) = (Optional(Parts.User), Optional(Parts.Item));
        var (order, query) = (Optional(Parts.Order), Optional(Parts.Query));
        var (offer, code) = (Optional(Parts.Offer), Optional(Parts.CouponCode));
        return new()
        {
            Id = new(id),
            User = other is null ? user : new(other),
            Kind = kind,
            At = new(at, TimeSpan.Zero),
            Quantity = quantity,
            Item = item is null ? null : new(item),
            Order = order,
            Query = query,
            Offer = offer is null ? null : new(offer),
            CouponCode = code,
            Amount = Has(Parts.Amount) ? new(from.Read7BitEncodedInt64(), new(from.ReadString())) : null,
            Dwell = Has(Parts.Dwell) ? new(from.Read7BitEncodedInt64()) : null,
            Rating = Has(Parts.Rating) ? from.Read7BitEncodedInt() : null,
            Propensity = Has(Parts.Propensity) ? from.ReadDouble() : null,
            Exposure = Has(Parts.Exposure) ? ReadExposure(from) : null,
        };

        bool Has(Parts part) => (parts & part) != 0;

        string? Optional(Parts part) => Has(part) ? from.ReadString() : null;
    }

    private static Exposure ReadExposure(BinaryReader from)
    {
        var (model, position) = (from.Read7BitEncodedInt64(), from.Read7BitEncodedInt());
        var at = new DateTimeOffset(from.Read7BitEncodedInt64(), TimeSpan.Zero);
        var (score, probability) = (from.ReadDouble(), from.ReadDouble());
        return new(new(model), position, at, score, double.IsNaN(probability) ? null : probability);
    }

    private static Parts PartsOf(UserId user, UserEvent e) =>
        (e.User == user ? 0 : Parts.User) | (e.Item is null ? 0 : Parts.Item) | (e.Order is null ? 0 : Parts.Order)
        | (e.Query is null ? 0 : Parts.Query) | (e.Offer is null ? 0 : Parts.Offer)
        | (e.CouponCode is null ? 0 : Parts.CouponCode) | (e.Amount is null ? 0 : Parts.Amount)
        | (e.Dwell is null ? 0 : Parts.Dwell) | (e.Rating is null ? 0 : Parts.Rating)
        | (e.Propensity is null ? 0 : Parts.Propensity) | (e.Exposure is null ? 0 : Parts.Exposure);

    /// <summary>What an event has beside what all have.</summary>
    [Flags]
    private enum Parts
    {
        User = 1,
        Item = 2,
        Order = 4,
        Query = 8,
        Offer = 16,
        CouponCode = 32,
        Amount = 64,
        Dwell = 128,
        Rating = 256,
        Propensity = 512,
        Exposure = 1024,
    }
}
