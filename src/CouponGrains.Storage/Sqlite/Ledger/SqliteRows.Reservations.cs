using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Storage.Ledger;

namespace CouponGrains.Storage.Sqlite.Ledger;

// The rows of reservations, and the budgets that they move.
internal sealed partial class SqliteRows
{
    private const string ReservationColumns =
        "key, code, user_id, campaign_id, order_id, discount, at, until, state, request, cart, day, ended_at";

    public StoredReservation? FindReservation(string key) =>
        session[$"SELECT {ReservationColumns} FROM reservations WHERE key = ?"].Bind(key).First(ReadReservation);

    public StoredReservation? HolderOf(string code) =>
        session[$"SELECT {ReservationColumns} FROM reservations WHERE code = ? AND state = 1"].Bind(code)
            .First(ReadReservation);

    public void Insert(StoredReservation stored, int? redemptionsMax)
    {
        var reservation = stored.Reservation;
        var minor = reservation.Discount.Total.Minor;
        session["""
            INSERT INTO reservations
              (key, request, code, user_id, campaign_id, order_id, amount, discount, cart, day, at, until, state)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
            """]
            .Bind(reservation.Key).Bind(stored.Request).Bind(reservation.Code).Bind(reservation.User.Value)
            .Bind(reservation.Campaign.Value).Bind(reservation.Order).Bind(minor)
            .Bind(StoreJson.Write(reservation.Discount)).Bind(StoreJson.Write(stored.Cart)).Bind(stored.Day)
            .Bind(reservation.At).Bind(reservation.Until)
            .Run();
        Move(reservation.Campaign, stored.Day, reserved: minor, held: 1, redemptionsMax: redemptionsMax);
    }

    public void End(StoredReservation stored, ReservationState state, DateTimeOffset now)
    {
        var reservation = stored.Reservation;
        var ended = session["UPDATE reservations SET state = ?, ended_at = ? WHERE key = ? AND state = 1"]
            .Bind((int)state).Bind(now).Bind(reservation.Key).Run();
        Require(ended == 1, "The reservation holds nothing any more.");
        Move(reservation.Campaign, stored.Day, reserved: -reservation.Discount.Total.Minor, held: -1);
    }

    /// <summary>True if the time of a reservation is over that still holds.</summary>
    public bool AnyDue(DateTimeOffset now) =>
        session["SELECT EXISTS (SELECT 1 FROM reservations WHERE state = 1 AND until <= ?)"].Bind(now)
            .First(row => row.Int32(0)) == 1;

    public int ReleaseDue(DateTimeOffset now)
    {
        var due = session[$"SELECT {ReservationColumns} FROM reservations WHERE state = 1 AND until <= ?"].Bind(now)
            .All(ReadReservation);
        due.ForEach(stored => End(stored, ReservationState.Expired, now));
        return due.Count;
    }

    private static StoredReservation ReadReservation(SqliteStatement row) => new(
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
        }, row.Bytes(9), StoreJson.Read<Cart>(row.Text(10)), row.Int32(11), row.InstantOrNull(12));
}
