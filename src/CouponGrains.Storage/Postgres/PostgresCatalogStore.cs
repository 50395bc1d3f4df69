using System.Runtime.CompilerServices;
using CouponGrains.Domain.Audit;
using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;
using Npgsql;

namespace CouponGrains.Storage.Postgres;

/// <summary>The items and what users told of new ones. Their order is that of the ids' code points.</summary>
internal sealed class PostgresCatalogStore(PostgresDatabase database) : ICatalogStore
{
    private const int Page = 1_000;

    private const string Upsert = """
        INSERT INTO items (id, data) SELECT * FROM unnest($1::text[], $2::text[])
        ON CONFLICT (id) DO UPDATE SET data = excluded.data
        """;

    private const string UpsertEvidence = """
        INSERT INTO item_evidence (item_id, model, tastes, mass)
        SELECT * FROM unnest($1::text[], $2::bigint[], $3::bytea[], $4::double precision[])
        ON CONFLICT (item_id) DO UPDATE SET model = excluded.model, tastes = excluded.tastes, mass = excluded.mass
        """;

    public Task Put(IReadOnlyList<Item> items, CancellationToken cancel, AuditEntry? audit = null)
    {
        var rows = PostgresRow.LastOfEach(items, item => item.Id.Value);
        var ids = Array.ConvertAll(rows, item => item.Id.Value);
        var data = Array.ConvertAll(rows, StoreJson.Write);
        return database.Write(async session =>
        {
            var written = await session.Run(Upsert, ids, data);
            await PostgresCounters.Step(session, PostgresCounters.CatalogStamp);
            await PostgresAuditLog.Record(session, audit);
            return written;
        }, cancel);
    }

    public async Task<IReadOnlyList<Item>> Get(IReadOnlyCollection<ItemId> ids, CancellationToken cancel)
    {
        var wanted = ids.Select(id => id.Value).ToArray();
        var found = (await database.Read(session => Find(session, wanted), cancel)).ToDictionary(item => item.Id);
        return [.. ids.Select(id => found.GetValueOrDefault(id)).OfType<Item>()];
    }

    public async IAsyncEnumerable<Item> ReadAll(ItemId? after, [EnumeratorCancellation] CancellationToken cancel)
    {
        var last = after?.Value ?? "";
        while (true)
        {
            var from = last;
            var page = await database.Read(session => session.All(
                "SELECT id, data FROM items WHERE id > $1 ORDER BY id LIMIT $2", Read, from, Page), cancel);
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
        PostgresCounters.Read(database, PostgresCounters.CatalogStamp, cancel);

    public Task PutEvidence(IReadOnlyList<ItemEvidence> evidence, CancellationToken cancel)
    {
        var rows = PostgresRow.LastOfEach(evidence, e => e.Item.Value);
        return rows.Length == 0 ? Task.CompletedTask : database.Write(async session =>
        {
            await session.Run("DELETE FROM item_evidence WHERE model <> $1", rows[0].Model.Number);
            var written = await session.Run(UpsertEvidence,
                Array.ConvertAll(rows, e => e.Item.Value), Array.ConvertAll(rows, e => e.Model.Number),
                Array.ConvertAll(rows, e => StoreFloats.Bytes(e.Tastes)), Array.ConvertAll(rows, e => e.Mass));
            await PostgresCounters.Step(session, PostgresCounters.EvidenceStamp);
            return written;
        }, cancel);
    }

    public Task<ItemEvidence?> GetEvidence(ItemId item, ModelVersion model, CancellationToken cancel) =>
        database.Read(session => session.First(
            "SELECT item_id, model, tastes, mass FROM item_evidence WHERE item_id = $1 AND model = $2", ReadEvidence,
            item.Value, model.Number), cancel);

    public async IAsyncEnumerable<ItemEvidence> ReadEvidence(ModelVersion model, [EnumeratorCancellation] CancellationToken cancel)
    {
        var last = "";
        while (true)
        {
            var after = last;
            var page = await database.Read(session => session.All("""
                SELECT item_id, model, tastes, mass FROM item_evidence WHERE item_id > $1 AND model = $2 ORDER BY
                  item_id LIMIT $3
                """, ReadEvidence, after, model.Number, Page), cancel);
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
        PostgresCounters.Read(database, PostgresCounters.EvidenceStamp, cancel);

    /// <summary>The items that there are of <paramref name="ids"/>, in no order.</summary>
    internal static Task<List<Item>> Find(PostgresSession session, string[] ids) =>
        session.All("SELECT id, data FROM items WHERE id = ANY ($1)", Read, [ids]);

    internal static Item Read(NpgsqlDataReader row) =>
        row.TextOrNull(1) is { } data ? StoreJson.Read<Item>(data) : Item.FirstSeen(new(row.GetString(0)));

    private static ItemEvidence ReadEvidence(NpgsqlDataReader row) =>
        new(new(row.GetString(0)), new(row.GetInt64(1)), StoreFloats.Of(row.Bytes(2)), row.GetDouble(3));
}
