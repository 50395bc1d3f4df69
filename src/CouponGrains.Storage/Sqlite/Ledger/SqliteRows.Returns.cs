using CouponGrains.Domain;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Storage.Ledger;

namespace CouponGrains.Storage.Sqlite.Ledger;

// The rows of returns.
internal sealed partial class SqliteRows
{
    public StoredReturn? FindReturn(string key) =>
        session["SELECT data, request, pieces FROM returns WHERE key = ?"].Bind(key).First(row => new StoredReturn(
            StoreJson.Read<OrderReturn>(row.Text(0)), row.Bytes(1), StoreJson.Read<int[]>(row.Text(2))));

    public IReadOnlyList<IReadOnlyList<int>> Returned(UserId user, string order) =>
        session["SELECT pieces FROM returns WHERE user_id = ? AND order_id = ?"]
            .Bind(user.Value).Bind(order).All(row => StoreJson.Read<int[]>(row.Text(0)));

    public void Insert(StoredReturn stored) =>
        session["INSERT INTO returns (key, request, user_id, order_id, pieces, data) VALUES (?, ?, ?, ?, ?, ?)"]
            .Bind(stored.Return.Key).Bind(stored.Request).Bind(stored.Return.User.Value).Bind(stored.Return.Order)
            .Bind(StoreJson.Write(stored.Pieces)).Bind(StoreJson.Write(stored.Return))
            .Run();
}
