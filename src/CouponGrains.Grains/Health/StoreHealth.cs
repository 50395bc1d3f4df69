using CouponGrains.Domain;
using CouponGrains.Domain.Models;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CouponGrains.Grains.Health;

/// <summary>Whether the store answers, and keeps what is written.</summary>
internal sealed class StoreHealth(IModelStore models, IEnumerable<IStoreWrites> writes, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            await models.Current(cancellationToken).WaitAsync(Patience, time, cancellationToken);
            foreach (var one in writes)
            {
                await one.Check(cancellationToken).WaitAsync(Patience, time, cancellationToken);
            }

            return HealthCheckResult.Healthy("answers");
        }
        catch (RefusedException e) when (e.Refusal.Code == RefusalCodes.StoreNotWritable)
        {
            return HealthCheckResult.Unhealthy("the store can't be written", e);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // The text of a driver's error may tell where the store is: the log has it, the probe does not.
            return HealthCheckResult.Unhealthy("the store does not answer", e);
        }
    }
}
