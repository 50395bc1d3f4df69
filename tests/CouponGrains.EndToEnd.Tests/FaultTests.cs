using System.Security.Cryptography;
using CouponGrains.Faults;
using CouponGrains.Faults.Nemesis;

namespace CouponGrains.EndToEnd.Tests;

/// <summary>The short form of a fault run; <c>CouponGrains.Faults --seed N</c> makes the long one.</summary>
[Collection(AloneCollection.Name)]
public sealed class FaultTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_cluster_whose_processes_network_and_database_fail_loses_nothing_doubles_nothing_and_passes_no_limit()
    {
        var seed = RandomNumberGenerator.GetInt32(1_000_000);
        var folder = Directory.CreateTempSubdirectory("coupongrains-faults-").FullName;
        output.WriteLine($"seed {seed}");
        var options = FaultOptions.Short(seed, folder);
        var result = await new FaultRun(options, TimeProvider.System, output.WriteLine).Run();
        output.WriteLine(Report.Of(options, result));
        Directory.Delete(folder, recursive: true); // Kept where the run did not come to its end.

        Assert.Empty(result.Violations);
        Assert.DoesNotContain(result.Faults, fault => fault.Recovery is { Unanswered.Count: > 0, Disturbed: false });
        var wanted = options.Kinds.Where(kind => kind is not (FaultKind.SilosCut or FaultKind.DatabaseCut));
        Assert.Empty(wanted.Except(result.Faults.Select(fault => fault.Kind)));
    }
}

/// <summary>Tests of whole clusters, which change the machine's network and need its cores: nothing runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "Alone";
}
