using CouponGrains.Domain.Audit;

namespace CouponGrains.Storage;

/// <summary>A stored record. It is taken as it stands: what is wrong with it is the check's to find.</summary>
internal static class AuditRow
{
    /// <param name="number">Its number.</param>
    /// <param name="at">Its instant.</param>
    /// <param name="texts">Actor, action, target, request, changes, previous, hash.</param>
    /// <param name="outcome">Its outcome.</param>
    public static AuditEvent Event(long number, DateTimeOffset at, string[] texts, int outcome) => new(new AuditEntry
    {
        At = at,
        // No actor of ours has such an id: a record that was spoilt is read, and its hash tells.
        Actor = Actor.Parse(texts[0]) ?? new(ActorKind.System, "unreadable actor"),
        Action = texts[1],
        Target = texts[2],
        Outcome = (AuditOutcome)outcome,
        Request = texts[3],
        Changes = Changes(texts[4]),
    }, number, texts[5], texts[6]);

    private static List<AuditDifference> Changes(string json)
    {
        try
        {
            return StoreJson.Read<List<AuditDifference>>(json);
        }
        catch (System.Text.Json.JsonException)
        {
            return [new("", null, json)];
        }
    }
}
