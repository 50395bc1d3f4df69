using System.Diagnostics;
using System.Net;
using CouponGrains.Faults.Shopping;
using CouponGrains.Faults.Topology;
using Npgsql;

namespace CouponGrains.Faults.Nemesis;

/// <summary>Faults of the train silo and of front ends, which are made while those of what serves go on.</summary>
internal sealed class OtherFaults(LocalCluster cluster, Keeper keeper, Watch watch, FrontEnds fronts, Random random)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    /// <summary>The kinds that are made here.</summary>
    public static IReadOnlyList<FaultKind> Kinds { get; } =
        [FaultKind.TrainKilledInRun, FaultKind.TrainKilledInPublish, FaultKind.FrontKilled];

    /// <summary>Makes a fault and mends it. Answers what was done, or null if it did not come to it: then it is no
    /// fault, and may be tried again.</summary>
    public async Task<(string What, Recovery? Recovery)?> Make(FaultKind kind)
    {
        if (kind == FaultKind.FrontKilled)
        {
            return await KillFront();
        }

        keeper.Hold(LocalCluster.Train);
        try
        {
            return kind == FaultKind.TrainKilledInRun ? await KillInRun() : await KillInPublish();
        }
        catch (NpgsqlException)
        {
            return null; // The other faults have the database in hand.
        }
        finally
        {
            await cluster.Start(LocalCluster.Train);
            keeper.Release(LocalCluster.Train);
        }
    }

    private async Task<(string, Recovery?)> KillFront()
    {
        var name = LocalCluster.FrontNames[random.Next(LocalCluster.FrontNames.Count)];
        keeper.Hold(name);
        var death = Stopwatch.GetTimestamp();
        await cluster.Stop(name, "KILL");
        var recovery = await watch.Answers(death);
        await Task.Delay(random.Next(1_500));
        await cluster.Start(name);
        keeper.Release(name);
        return (name, recovery);
    }

    private async Task<(string, Recovery?)?> KillInRun()
    {
        if (await WaitForRun(progress => progress is not "publish") is not { } stage)
        {
            return null;
        }

        await Task.Delay(random.Next(1_000));
        await cluster.Stop(LocalCluster.Train, "KILL");
        return ($"after '{stage}' was seen", null);
    }

    /// <summary>Publishing takes milliseconds: a lock on what it writes holds it up, the silo is killed while it waits,
    /// and then the lock is given back.</summary>
    private async Task<(string, Recovery?)?> KillInPublish()
    {
        var table = random.Next(2) == 0 ? "models" : "promotions";
        await using var connection = new NpgsqlConnection(cluster.Connection);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await Run(connection, $"LOCK TABLE {table} IN SHARE MODE");
        _ = await WaitForRun(_ => true);
        var watched = Stopwatch.GetTimestamp();
        while (await Run(connection, $"""
            SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation WHERE c.relname = '{table}' AND NOT l.granted
            """) is 0L)
        {
            if (Stopwatch.GetElapsedTime(watched) > Patience)
            {
                return null;
            }

            await Task.Delay(20);
        }

        await Task.Delay(random.Next(100));
        await cluster.Stop(LocalCluster.Train, "KILL");
        await transaction.RollbackAsync();
        return ($"while it waited for {table}", null);
    }

    /// <summary>Starts a run, or finds one that goes on, and waits until it is in a stage that will do; answers the
    /// stage.</summary>
    private async Task<string?> WaitForRun(Func<string, bool> will)
    {
        for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < Patience; await Task.Delay(100))
        {
            var front = random.Next(fronts.Count);
            var (status, runs) = await fronts.Send(HttpMethod.Get, "/v1/training-runs", null, front);
            if (status != HttpStatusCode.OK)
            {
                continue;
            }

            var latest = runs.GetProperty("data").EnumerateArray().FirstOrDefault();
            if (latest.ValueKind == System.Text.Json.JsonValueKind.Object
                && latest.GetProperty("state").GetString() == "running")
            {
                var stage = latest.GetProperty("progress").GetProperty("stage").GetString() ?? "";
                if (will(stage))
                {
                    return stage;
                }
            }
            else
            {
                await fronts.Send(HttpMethod.Post, "/v1/training-runs",
                    new { rank = 16, offerEpochs = 60, seed = random.Next(1_000_000), reason = "a run to be disturbed" }, front);
            }
        }

        return null;
    }

    private static async Task<object?> Run(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
