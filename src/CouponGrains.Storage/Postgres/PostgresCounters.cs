namespace CouponGrains.Storage.Postgres;

/// <summary>Numbers that grow: how many events and audited changes there are, and the stamps by which replicas see a
/// change.</summary>
internal static class PostgresCounters
{
    public const string Events = "events";
    public const string CatalogStamp = "catalog_stamp";
    public const string CampaignStamp = "campaign_stamp";
    public const string EvidenceStamp = "evidence_stamp";
    public const string Audit = "audit";

    public static Task<long> Read(PostgresDatabase database, string name, CancellationToken cancel) => database.Read(session =>
        session.First("SELECT value FROM counters WHERE name = $1", row => row.GetInt64(0), name), cancel);

    /// <summary>Steps a stamp, last in its transaction: who changes the same next waits for the commit.</summary>
    public static Task Step(PostgresSession session, string name) =>
        session.Run("UPDATE counters SET value = value + 1 WHERE name = $1", name);
}
