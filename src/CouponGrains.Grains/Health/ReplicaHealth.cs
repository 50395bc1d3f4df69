using CouponGrains.Grains.Models;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CouponGrains.Grains.Health;

/// <summary>Whether this silo holds the model in force, or knows that there is none.</summary>
internal sealed class ReplicaHealth(IReplica replica) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(replica switch
        {
            { IsReady: false } => HealthCheckResult.Unhealthy("this silo does not hold the model in force yet"),
            { Trained: { } model } => HealthCheckResult.Healthy($"holds model {model.Version}"),
            _ => HealthCheckResult.Healthy("there is no model"),
        });
}
