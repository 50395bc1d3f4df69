using CouponGrains.Domain.Models;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CouponGrains.Grains.Health;

/// <summary>Whether the store answers.</summary>
internal sealed class StoreHealth(IModelStore models, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            await models.Current(cancellationToken).WaitAsync(Patience, time, cancellationToken);
            return HealthCheckResult.Healthy("answers");
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // The text of a driver's error may tell where the store is: the log has it, the probe does not.
            return HealthCheckResult.Unhealthy("the store does not answer", e);
        }
    }
}
