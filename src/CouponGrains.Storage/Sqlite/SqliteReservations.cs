using CouponGrains.Domain;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Storage.Sqlite;

/// <summary>The rows of reservations, and the budgets that they move.</summary>
internal static class SqliteReservations
{
    private const string Columns =
        "key, code, user_id, campaign_id, order_id, discount, at, until, state, request, day, cart";

    /// <summary>A reservation as it is stored.</summary>
    public sealed record Stored(Reservation Reservation, byte[] Request, int Day, Cart Cart);

    public static Stored? Find(SqliteSession session, string key) =>
        session[$"SELECT {Columns} FROM reservations WHERE key = ?"].Bind(key).First(Read);

    /// <summary>The reservation that holds a coupon, or null.</summary>
    public static Stored? HolderOf(SqliteSession session, string code) =>
        session[$"SELECT {Columns} FROM reservations WHERE code = ? AND state = 1"].Bind(code).First(Read);

    /// <summary>How many reservations the user holds in a campaign.</summary>
    public static int CountHeld(SqliteSession session, UserId user, CampaignId campaign) =>
        session["SELECT count(*) FROM reservations WHERE user_id = ? AND campaign_id = ? AND state = 1"]
            .Bind(user.Value).Bind(campaign.Value).First(row => row.Int32(0));

    /// <summary>Inserts a reservation and sets its discount aside. Throws if a limit stands against it.</summary>
    public static void Insert(SqliteSession session, Stored stored, int? redemptionsMax)
    {
        var reservation = stored.Reservation;
        session["""
            INSERT INTO reservations
              (key, request, code, user_id, campaign_id, order_id, amount, discount, cart, day, at, until, state)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
            """]
            .Bind(reservation.Key).Bind(stored.Request).Bind(reservation.Code).Bind(reservation.User.Value)
            .Bind(reservation.Campaign.Value).Bind(reservation.Order).Bind(reservation.Discount.Total.Minor)
            .Bind(StoreJson.Write(reservation.Discount)).Bind(StoreJson.Write(stored.Cart)).Bind(stored.Day)
            .Bind(reservation.At).Bind(reservation.Until).Run();
        SqliteBudgets.Move(session, new(reservation.Campaign, stored.Day)
        {
            Reserved = reservation.Discount.Total.Minor,
            Held = 1,
        }, redemptionsMax);
    }

    /// <summary>Ends a reservation that holds, and gives back what it holds.</summary>
    public static void End(SqliteSession session, Stored stored, ReservationState state, DateTimeOffset now)
    {
        var ended = session["UPDATE reservations SET state = ?, ended_at = ? WHERE key = ? AND state = 1"]
            .Bind((int)state).Bind(now).Bind(stored.Reservation.Key).Run();
        if (ended != 1)
        {
            throw new InvalidOperationException("The reservation holds nothing any more.");
        }

        SqliteBudgets.Move(session, new(stored.Reservation.Campaign, stored.Day)
        {
            Reserved = -stored.Reservation.Discount.Total.Minor,
            Held = -1,
        });
    }

    /// <summary>True if the time of a reservation is over that still holds.</summary>
    public static bool AnyDue(SqliteSession session, DateTimeOffset now) =>
        session["SELECT EXISTS (SELECT 1 FROM reservations WHERE state = 1 AND until <= ?)"].Bind(now)
            .First(row => row.Int32(0)) == 1;

    /// <summary>Ends the reservations whose time is over; answers how many.</summary>
    public static int ReleaseDue(SqliteSession session, DateTimeOffset now)
    {
        if (!AnyDue(session, now))
        {
            return 0;
        }

        var due = session[$"SELECT {Columns} FROM reservations WHERE state = 1 AND until <= ?"].Bind(now).All(Read);
        due.ForEach(stored => End(session, stored, ReservationState.Expired, now));
        return due.Count;
    }

    private static Stored Read(SqliteStatement row) => new(
        new()
        {
            Key = row.Text(0),
            Code = row.Text(1),
            User = new(row.Text(2)),
            Campaign = new(row.Text(3)),
            Order = row.Text(4),
            Discount = StoreJson.Read<Discount>(row.Text(5)),
            At = row.Instant(6),
            Until = row.Instant(7),
            State = (ReservationState)row.Int32(8),
        }, row.Bytes(9), row.Int32(10), StoreJson.Read<Cart>(row.Text(11)));
}
