using CouponGrains.Contracts.Health;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace CouponGrains.Grains.Health;

/// <summary>Asks Orleans' own management of each silo.</summary>
[StatelessWorker, GrainType("cluster")]
internal sealed partial class ClusterGrain(ISiloMetadataCache metadata, TimeProvider time, ILogger<ClusterGrain> log)
    : Grain, IClusterGrain
{
    private const int SilosMax = 50;
    private static readonly TimeSpan DeadShown = TimeSpan.FromDays(1);

    /// <summary>A silo that stands still must not keep the whole picture waiting.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async Task<ClusterView> Show(CancellationToken cancel)
    {
        var management = GrainFactory.GetGrain<IManagementGrain>(0);
        var since = time.GetUtcNow() - DeadShown;
        var members = (await management.GetDetailedHosts(onlyActive: false, cancel))
            .Where(m => m.Status != SiloStatus.Dead || Utc(m.IAmAliveTime) >= since)
            .OrderBy(m => m.Status == SiloStatus.Dead).ThenByDescending(m => m.StartTime).Take(SilosMax);
        var seen = await Task.WhenAll(members.Select(member => Look(management, member, cancel)));
        var kinds = seen.SelectMany(s => s.Kinds).GroupBy(k => Name(k.GrainType))
            .Select(kind => new GrainCount(kind.Key, kind.Sum(k => (long)k.ActivationCount)))
            .OrderByDescending(kind => kind.Activations).ThenBy(kind => kind.Type, StringComparer.Ordinal);
        return new(
            [.. seen.Select(s => s.Silo).OrderBy(s => s.Name, StringComparer.Ordinal).ThenBy(s => s.Since)],
            seen.Sum(s => s.Silo.Load?.Activations ?? 0), [.. kinds]);
    }

    private async Task<(SiloView Silo, SimpleGrainStatistic[] Kinds)> Look(
        IManagementGrain management, MembershipEntry member, CancellationToken cancel)
    {
        var told = metadata.GetSiloMetadata(member.SiloAddress).Metadata;
        var silo = new SiloView
        {
            Name = member.SiloName,
            Address = member.SiloAddress.Endpoint.ToString(),
            Status = State(member.Status),
            Roles =
            [
                .. new[] { RoleStrategy.Serve, RoleStrategy.Train }
                    .Where(role => told.GetValueOrDefault(role) == "true").Select(role => role[(role.IndexOf('.') + 1)..]),
            ],
            Since = Utc(member.StartTime),
            AliveAt = Utc(member.IAmAliveTime),
            Version = told.GetValueOrDefault(RoleStrategy.Version),
        };
        if (silo.Status != SiloState.Active)
        {
            return (silo, []);
        }

        try
        {
            SiloAddress[] one = [member.SiloAddress];
            var load = management.GetRuntimeStatistics(one, cancel);
            var kinds = management.GetSimpleGrainStatistics(one, cancel);
            await Task.WhenAll(load, kinds).WaitAsync(Patience, time, cancel);
            return (silo with { Load = Load((await load)[0]) }, await kinds);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException && !cancel.IsCancellationRequested)
        {
            DoesNotAnswer(log, member.SiloName, e);
            return (silo, []);
        }
    }

    private static SiloLoad Load(SiloRuntimeStatistics told) => new(
        told.ActivationCount, told.ClientCount, Math.Round(told.EnvironmentStatistics.FilteredCpuUsagePercentage, 1),
        (long)told.EnvironmentStatistics.FilteredMemoryUsageBytes, told.EnvironmentStatistics.MaximumAvailableMemoryBytes,
        told.IsOverloaded);

    private static SiloState State(SiloStatus status) => status switch
    {
        SiloStatus.Active => SiloState.Active,
        SiloStatus.ShuttingDown or SiloStatus.Stopping => SiloState.Stopping,
        SiloStatus.Dead => SiloState.Dead,
        _ => SiloState.Joining,
    };

    /// <summary>The class of a kind of grain: its name as Orleans tells it, without namespace, arguments and
    /// assembly.</summary>
    internal static string Name(string type)
    {
        var plain = type.Split(',', '`', '[', '<')[0];
        return plain[(plain.LastIndexOf('.') + 1)..];
    }

    private static DateTimeOffset Utc(DateTime at) => new(DateTime.SpecifyKind(at, DateTimeKind.Utc));

    [LoggerMessage(1750, LogLevel.Warning, "Silo {Silo} does not tell how busy it is.")]
    private static partial void DoesNotAnswer(ILogger log, string silo, Exception fault);
}
