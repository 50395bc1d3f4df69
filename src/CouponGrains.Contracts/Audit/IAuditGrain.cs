using CouponGrains.Domain.Audit;

namespace CouponGrains.Contracts.Audit;

/// <summary>The audit log. The key is 0.</summary>
[Alias("cg.audit"), GrainInterfaceType("cg.audit")]
public interface IAuditGrain : IGrainWithIntegerKey
{
    /// <summary>The records that are wanted, the newest first, at most <paramref name="limit"/> (1 to 1000), with
    /// numbers below <paramref name="before"/>.</summary>
    [Alias("find")]
    Task<Answer<AuditPage>> Find(AuditFilter filter, long before, int limit, CancellationToken cancel = default);

    /// <summary>Looks at the whole chain.</summary>
    /// <param name="noted">A head that was noted earlier, or null.</param>
    /// <param name="cancel">Ends it.</param>
    [Alias("verify")]
    Task<AuditCheck> Verify(AuditHead? noted, CancellationToken cancel = default);
}

/// <summary>Records of the audit log.</summary>
/// <param name="Events">The newest first.</param>
[GenerateSerializer, Immutable, Alias("cg.audit-page")]
public sealed record AuditPage([property: Id(0)] IReadOnlyList<AuditEvent> Events);
