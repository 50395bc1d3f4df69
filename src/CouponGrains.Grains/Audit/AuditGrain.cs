using CouponGrains.Contracts;
using CouponGrains.Contracts.Audit;
using CouponGrains.Domain;
using CouponGrains.Domain.Audit;
using Orleans.Concurrency;

namespace CouponGrains.Grains.Audit;

/// <summary>Reads the audit log.</summary>
[StatelessWorker, GrainType("audit")]
internal sealed class AuditGrain(IAuditLog log) : Grain, IAuditGrain
{
    public async Task<Answer<AuditPage>> Find(AuditFilter filter, long before, int limit, CancellationToken cancel)
    {
        if (limit is < 1 or > 1_000)
        {
            return new Refusal(RefusalCodes.InvalidValue, $"The limit must be 1 to 1000, but was {limit}.", "?limit");
        }

        return filter.Check() is { } refusal
            ? refusal
            : new AuditPage([.. await log.Find(filter, before, limit, cancel)]);
    }

    public Task<AuditCheck> Verify(AuditHead? noted, CancellationToken cancel) =>
        log.Verify(AuditCheck.Begin, noted, cancel);
}
