using CouponGrains.Contracts.Shop;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CouponGrains.Grains.Health;

/// <summary>Where this silo stands in the cluster. Only a member is ready; one that was declared dead never comes back,
/// so it is not alive either.</summary>
internal sealed class SiloHealth(ISiloStatusOracle silos, string probe) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Judge(probe, silos.CurrentStatus));

    /// <summary>The answer of a silo in this state.</summary>
    internal static HealthCheckResult Judge(string probe, SiloStatus status)
    {
        var good = probe == Probes.Live ? status != SiloStatus.Dead : status == SiloStatus.Active;
        return good
            ? HealthCheckResult.Healthy($"the silo is {Word.Of(status)}")
            : HealthCheckResult.Unhealthy($"the silo is {Word.Of(status)}");
    }
}
