using CouponGrains.Domain.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CouponGrains.Grains.Health;

/// <summary>Whether this silo can train: it has a trainer, and what the trainer needs can be loaded.</summary>
internal sealed class TrainerHealth(IServiceProvider services) : IHealthCheck
{
    private volatile bool _can;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        var obstacle = _can ? null
            : services.GetService<ITrainer>() is { } trainer ? trainer.Obstacle()
            : "this silo has no trainer";
        _can = obstacle is null;
        return Task.FromResult(_can ? HealthCheckResult.Healthy("can train") : HealthCheckResult.Unhealthy(obstacle));
    }
}
