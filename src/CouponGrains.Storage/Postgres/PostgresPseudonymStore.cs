using CouponGrains.Domain;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Storage.Postgres;

/// <summary>How the users are named. Who agrees holds the table until he commits: of two, the second sees the
/// first.</summary>
internal sealed class PostgresPseudonymStore(PostgresDatabase database) : IPseudonymStore
{
    public async Task Agree(string? fingerprint, CancellationToken cancel)
    {
        var wanted = fingerprint ?? "";
        var refusal = await database.Write(async session =>
        {
            await session.Run("LOCK TABLE pseudonyms IN SHARE ROW EXCLUSIVE MODE");
            var kept = await session.First("SELECT fingerprint FROM pseudonyms", row => row.GetString(0));
            var hasUsers = await session.First("SELECT EXISTS (SELECT FROM users)", row => row.GetBoolean(0));
            var refusal = PseudonymRules.Check(kept, wanted, hasUsers);
            if (refusal is null && kept != wanted)
            {
                await session.Run("""
                    INSERT INTO pseudonyms (id, fingerprint) VALUES (1, $1)
                    ON CONFLICT (id) DO UPDATE SET fingerprint = excluded.fingerprint
                    """, wanted);
            }

            return refusal;
        }, cancel);
        if (refusal is not null)
        {
            throw new RefusedException(refusal);
        }
    }
}
