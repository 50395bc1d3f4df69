using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Webhooks;
using CouponGrains.Storage.Ledger;

namespace CouponGrains.Storage.Sqlite.Ledger;

/// <summary>The ledger's rows, read and written one by one in the transaction of a connection. With the one writer of
/// the store nothing can come between; constraints of the tables stand behind it.</summary>
internal sealed partial class SqliteRows(SqliteSession session) : ILedgerRows
{
    public StoredOffer? FindOffer(OfferId id) => SqliteCampaignStore.FindOffer(session, id);

    public Campaign Campaign(CampaignId id) => SqliteCampaignStore.Find(session, id)
        ?? throw new InvalidOperationException("An offer names its campaign.");

    public Item Item(ItemId id) => SqliteCatalogStore.Find(session, id) ?? Domain.Catalog.Item.FirstSeen(id);

    public RecordedEvent Record(UserEvent e)
    {
        var result = SqliteEventLog.Append(session, [e])[0];
        return result.Status == AppendStatus.Conflict
            ? Record(e with { Id = new($"coupon:{Guid.NewGuid():N}") })
            : new(result.Sequence, e);
    }

    public void Tell(OutboxMessage message) => SqliteOutbox.Add(session, message);

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
