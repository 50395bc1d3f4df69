using CouponGrains.Domain;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Storage.Sqlite;

/// <summary>How the users are named.</summary>
internal sealed class SqlitePseudonymStore(SqliteWriter writer) : IPseudonymStore
{
    public async Task Agree(string? fingerprint, CancellationToken cancel)
    {
        var wanted = fingerprint ?? "";
        var refusal = await writer.Write(session =>
        {
            var kept = session["SELECT fingerprint FROM pseudonyms"].First(row => row.Text(0));
            var hasUsers = session["SELECT 1 FROM users LIMIT 1"].All(row => row.Int32(0)).Count > 0;
            var refusal = PseudonymRules.Check(kept, wanted, hasUsers);
            if (refusal is null && kept != wanted)
            {
                session["INSERT OR REPLACE INTO pseudonyms (id, fingerprint) VALUES (1, ?)"].Bind(wanted).Run();
            }

            return refusal;
        }, cancel);
        if (refusal is not null)
        {
            throw new RefusedException(refusal);
        }
    }
}
