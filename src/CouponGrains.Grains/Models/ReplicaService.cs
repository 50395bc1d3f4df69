using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime.Services;
using Orleans.Services;

namespace CouponGrains.Grains.Models;

/// <summary>The silo's ear for hints that something has changed.</summary>
[Alias("cg.replica")]
internal interface IReplicaService : IGrainService
{
    /// <summary>Ends when the silo has seen everything that was stored before the call.</summary>
    [Alias("refresh")]
    Task Refresh(CancellationToken cancel);
}

internal sealed class ReplicaService(GrainId id, Silo silo, ILoggerFactory logs, IReplica replica)
    : GrainService(id, silo, logs), IReplicaService
{
    public Task Refresh(CancellationToken cancel) => replica.Refresh(cancel);
}

/// <summary>Tells every silo that something has changed. Only a hint: a silo that does not hear it polls.</summary>
internal sealed class ReplicaHints(
    IServiceProvider services, ISiloStatusOracle silos, IOptions<GrainsOptions> options, ILogger<ReplicaHints> log)
    : GrainServiceClient<IReplicaService>(services)
{
    /// <summary>Ends when all silos have seen the change, or after <see cref="GrainsOptions.HintWait"/>.</summary>
    public async Task Tell(CancellationToken cancel)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        wait.CancelAfter(options.Value.HintWait);
        await Task.WhenAll(silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Select(s => Tell(s, wait.Token)));
    }

    private async Task Tell(SiloAddress silo, CancellationToken cancel)
    {
        try
        {
            await GetGrainService(silo).Refresh(cancel);
        }
        catch (Exception e) when (e is OrleansException or TimeoutException or OperationCanceledException)
        {
            ModelsLog.HintFailed(log, e);
        }
    }
}
