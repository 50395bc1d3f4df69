using System.Runtime.CompilerServices;
using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;

namespace CouponGrains.Storage.Sqlite;

/// <summary>The items. Their order is that of the ids' code points.</summary>
internal sealed class SqliteCatalogStore(SqliteWriter writer, SqliteReaders readers) : ICatalogStore
{
    private const int Page = 1_000;

    private const string Upsert =
        "INSERT INTO items (id, data) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET data = excluded.data";

    public Task Put(IReadOnlyList<Item> items, CancellationToken cancel)
    {
        var rows = items.Select(item => (item.Id, Data: StoreJson.Write(item))).ToList();
        return writer.Write(session =>
        {
            foreach (var (id, data) in rows)
            {
                session[Upsert].Bind(id.Value).Bind(data).Run();
            }

            SqliteCounters.Add(session, SqliteCounters.CatalogStamp, 1);
            return rows.Count;
        }, cancel);
    }

    public Task<IReadOnlyList<Item>> Get(IReadOnlyCollection<ItemId> ids, CancellationToken cancel) =>
        readers.Read<IReadOnlyList<Item>>(session => [.. ids.Select(id => Find(session, id)).OfType<Item>()], cancel);

    public async IAsyncEnumerable<Item> ReadAll([EnumeratorCancellation] CancellationToken cancel)
    {
        var last = "";
        while (true)
        {
            var after = last;
            var page = await readers.Read(session =>
                session["SELECT id, data FROM items WHERE id > ? ORDER BY id LIMIT ?"].Bind(after).Bind(Page).All(Read), cancel);
            foreach (var item in page)
            {
                yield return item;
            }

            if (page.Count < Page)
            {
                yield break;
            }

            last = page[^1].Id.Value;
        }
    }

    public Task<long> Stamp(CancellationToken cancel) =>
        readers.Read(session => SqliteCounters.Read(session, SqliteCounters.CatalogStamp), cancel);

    internal static Item? Find(SqliteSession session, ItemId id) =>
        session["SELECT id, data FROM items WHERE id = ?"].Bind(id.Value).First(Read);

    private static Item Read(SqliteStatement row) =>
        row.TextOrNull(1) is { } data ? StoreJson.Read<Item>(data) : Item.FirstSeen(new(row.Text(0)));
}
