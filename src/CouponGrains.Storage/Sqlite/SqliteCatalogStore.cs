using System.Runtime.CompilerServices;
using CouponGrains.Domain.Audit;
using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;

namespace CouponGrains.Storage.Sqlite;

/// <summary>The items and what users told of new ones. Their order is that of the ids' code points.</summary>
internal sealed class SqliteCatalogStore(SqliteWriter writer, SqliteReaders readers) : ICatalogStore
{
    private const int Page = 1_000;

    private const string PutOne =
        "INSERT INTO item_evidence (item_id, model, tastes, mass) VALUES (?, ?, ?, ?) ON CONFLICT (item_id)"
        + " DO UPDATE SET model = excluded.model, tastes = excluded.tastes, mass = excluded.mass";

    private const string Upsert =
        "INSERT INTO items (id, data) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET data = excluded.data";

    public Task Put(IReadOnlyList<Item> items, CancellationToken cancel, AuditEntry? audit = null)
    {
        var rows = items.Select(item => (item.Id, Data: StoreJson.Write(item))).ToList();
        return writer.Write(session =>
        {
            foreach (var (id, data) in rows)
            {
                session[Upsert].Bind(id.Value).Bind(data).Run();
            }

            SqliteCounters.Add(session, SqliteCounters.CatalogStamp, 1);
            SqliteAuditLog.Record(session, audit);
            return rows.Count;
        }, cancel);
    }

    public Task<IReadOnlyList<Item>> Get(IReadOnlyCollection<ItemId> ids, CancellationToken cancel) =>
        readers.Read<IReadOnlyList<Item>>(session => [.. ids.Select(id => Find(session, id)).OfType<Item>()], cancel);

    public async IAsyncEnumerable<Item> ReadAll(ItemId? after, [EnumeratorCancellation] CancellationToken cancel)
    {
        var last = after?.Value ?? "";
        while (true)
        {
            var from = last;
            var page = await readers.Read(session =>
                session["SELECT id, data FROM items WHERE id > ? ORDER BY id LIMIT ?"].Bind(from).Bind(Page).All(Read), cancel);
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

    public Task PutEvidence(IReadOnlyList<ItemEvidence> evidence, CancellationToken cancel)
    {
        var rows = evidence.Select(e => (e.Item, Model: e.Model.Number, Tastes: StoreFloats.Bytes(e.Tastes), e.Mass)).ToList();
        return rows.Count == 0 ? Task.CompletedTask : writer.Write(session =>
        {
            session["DELETE FROM item_evidence WHERE model <> ?"].Bind(rows[0].Model).Run();
            foreach (var (item, model, tastes, mass) in rows)
            {
                session[PutOne].Bind(item.Value).Bind(model).Bind(tastes.AsSpan()).Bind(mass).Run();
            }

            SqliteCounters.Add(session, SqliteCounters.EvidenceStamp, 1);
            return rows.Count;
        }, cancel);
    }

    public Task<ItemEvidence?> GetEvidence(ItemId item, ModelVersion model, CancellationToken cancel) => readers.Read(session =>
        session["SELECT item_id, model, tastes, mass FROM item_evidence WHERE item_id = ? AND model = ?"]
            .Bind(item.Value).Bind(model.Number).First(ReadEvidence), cancel);

    public async IAsyncEnumerable<ItemEvidence> ReadEvidence(ModelVersion model, [EnumeratorCancellation] CancellationToken cancel)
    {
        var last = "";
        while (true)
        {
            var after = last;
            var page = await readers.Read(session =>
                session["SELECT item_id, model, tastes, mass FROM item_evidence WHERE item_id > ? AND model = ? ORDER BY item_id LIMIT ?"]
                    .Bind(after).Bind(model.Number).Bind(Page).All(ReadEvidence), cancel);
            foreach (var evidence in page)
            {
                yield return evidence;
            }

            if (page.Count < Page)
            {
                yield break;
            }

            last = page[^1].Item.Value;
        }
    }

    public Task<long> EvidenceStamp(CancellationToken cancel) =>
        readers.Read(session => SqliteCounters.Read(session, SqliteCounters.EvidenceStamp), cancel);

    internal static Item? Find(SqliteSession session, ItemId id) =>
        session["SELECT id, data FROM items WHERE id = ?"].Bind(id.Value).First(Read);

    private static Item Read(SqliteStatement row) =>
        row.TextOrNull(1) is { } data ? StoreJson.Read<Item>(data) : Item.FirstSeen(new(row.Text(0)));

    private static ItemEvidence ReadEvidence(SqliteStatement row) =>
        new(new(row.Text(0)), new(row.Int64(1)), StoreFloats.Of(row.Bytes(2)), row.Double(3));
}
