using System.Security.Cryptography;
using CouponGrains.Faults;

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
        var obstacles = await FaultRun.Obstacles();
        var all = FaultOptions.Short(seed, folder);
        var options = all with { Kinds = [.. all.Kinds.Except(obstacles.SelectMany(obstacle => obstacle.Kinds))] };
        var result = await new FaultRun(options, TimeProvider.System, output.WriteLine).Run();
        output.WriteLine(Report.Of(options, result));
        Directory.Delete(folder, recursive: true); // Kept where the run did not come to its end.

        Assert.Empty(result.Violations);
        Assert.Empty(Report.Missing(options, result));
        Assert.Empty(Report.Late(result));
        Assert.SkipWhen(
            obstacles.Count > 0,
            "All is well, but not all faults can be made here: "
                + string.Join("; ", obstacles.Select(o => $"{string.Join(", ", o.Kinds)} ({o.Why})")));
    }
}

/// <summary>Tests of whole clusters, which change the machine's network and need its cores: nothing runs beside
/// them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "Alone";
}
