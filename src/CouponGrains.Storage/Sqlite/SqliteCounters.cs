namespace CouponGrains.Storage.Sqlite;

/// <summary>Numbers that grow: how many events and audited changes there are, and the stamps by which replicas see a
/// change.</summary>
internal static class SqliteCounters
{
    public const string Events = "events";
    public const string CatalogStamp = "catalog_stamp";
    public const string CampaignStamp = "campaign_stamp";
    public const string EvidenceStamp = "evidence_stamp";
    public const string Audit = "audit";

    public static long Read(SqliteSession session, string name) =>
        session["SELECT value FROM counters WHERE name = ?"].Bind(name).First(row => row.Int64(0));

    public static void Add(SqliteSession session, string name, long count) =>
        session["UPDATE counters SET value = value + ? WHERE name = ?"].Bind(count).Bind(name).Run();
}
