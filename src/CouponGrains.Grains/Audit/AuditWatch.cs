using System.Diagnostics.Metrics;
using CouponGrains.Domain;
using CouponGrains.Domain.Audit;
using Microsoft.Extensions.Logging;

namespace CouponGrains.Grains.Audit;

/// <summary>Looks at the chain of changes without being asked: at all of it when the silo starts, then at what is new.
/// A fault is told once in the log, and by a metric for as long as the silo runs.</summary>
internal sealed partial class AuditWatch
{
    private readonly IAuditLog _audit;
    private readonly ILogger<AuditWatch> _log;
    private volatile AuditCheck _check = AuditCheck.Begin;

    public AuditWatch(IAuditLog audit, IMeterFactory meters, ILogger<AuditWatch> log)
    {
        (_audit, _log) = (audit, log);
        var meter = meters.Create(Telemetry.Name);
        meter.CreateObservableGauge(
            "coupongrains.audit.number", () => _check.Head.Number, "{record}",
            "The newest record of a change up to which the chain was looked at and holds.");
        meter.CreateObservableGauge(
            "coupongrains.audit.broken", () => _check.Holds ? 0 : 1, "1", "1 if the chain of changes is broken, else 0.");
    }

    /// <summary>Looks at what is new.</summary>
    public async Task Look(CancellationToken cancel)
    {
        if (!_check.Holds)
        {
            return;
        }

        _check = await _audit.Verify(_check, null, cancel);
        if (_check.Fault is { } fault)
        {
            Broken(_log, fault);
        }
    }

    [LoggerMessage(1600, LogLevel.Error, "The chain of operators' changes is broken: {Fault}.")]
    private static partial void Broken(ILogger log, AuditFault fault);
}
