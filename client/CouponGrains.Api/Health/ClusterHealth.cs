using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Shop;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CouponGrains.Api.Health;

/// <summary>Whether the cluster answers this process in time: a grain is asked, and the grain asks the store.</summary>
internal sealed class ClusterHealth(IGrainFactory grains, ApiOptions options, TimeProvider time) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            await grains.GetGrain<IShopGrain>(0).Overview(cancellationToken)
                .WaitAsync(options.ReadyTimeout, time, cancellationToken);
            return HealthCheckResult.Healthy("answers");
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy(
                Door.IsUnavailable(e) ? "the cluster does not answer" : "the cluster answers with a fault", e);
        }
    }
}
