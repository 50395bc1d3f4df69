using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CouponGrains.Faults.Topology;

namespace CouponGrains.EndToEnd.Tests;

/// <summary>The embedded store of a real process on a disk of its own that fills up or may only be read. Only root may
/// make one.</summary>
public sealed class FullDiskTests(ITestOutputHelper output)
{
    private const int Seed = 20_261_125;

    [Fact]
    public async Task On_a_full_disk_writes_are_refused_whole_and_done_again_when_there_is_space()
    {
        using var place = new HostPlace();
        await using var disk = await MakeDisk(place);
        var traffic = new Traffic(Seed);
        await using var run = HostRun.Start(place, ("--data", place.Data));
        Assert.True(await run.WaitForAnswer(), run.All);
        await Traffic.Prepare(run.Http);
        await Send(traffic, run, 0, 100);

        disk.Fill();
        await RefusedAsNotWritable(run);
        await Send(traffic, run, 1, 20);
        using (var read = await run.Http.GetAsync("/v1/users/1/coupons"))
        {
            Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        }

        disk.Empty();
        Assert.Equal(HttpStatusCode.OK, await Ready(run));
        await WritesAgain(run);
        await Send(traffic, run, 2, 100);
        await traffic.Replay(run.Http, 20);
        await EndAndAudit(run, traffic);
    }

    [Fact]
    public async Task On_a_disk_that_may_only_be_read_writes_are_refused_and_a_start_is_one_line_and_a_status()
    {
        using var place = new HostPlace();
        await using var disk = await MakeDisk(place);
        await using (var run = HostRun.Start(place, ("--data", place.Data)))
        {
            Assert.True(await run.WaitForAnswer(), run.All);
            (await Record(run, "before", default)).EnsureSuccessStatusCode().Dispose();
            Assert.Equal(HttpStatusCode.OK, await Ready(run));
            await disk.Fail();
            await RefusedAsNotWritable(run);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await Ready(run));
            using (var read = await run.Http.GetAsync("/v1/users/1/offers"))
            {
                Assert.Equal(HttpStatusCode.OK, read.StatusCode);
            }

            run.Interrupt();
            Assert.Equal(0, await run.WaitForEnd());
        }

        await using (var refused = HostRun.Start(place, ("--data", place.Data)))
        {
            Assert.Equal(1, await refused.WaitForEnd());
            Assert.StartsWith("store_not_writable: ", refused.Errors);
            Assert.Single(refused.Errors.TrimEnd().Split('\n'));
        }

        await disk.Mend();
        await using (var again = HostRun.Start(place, ("--data", place.Data)))
        {
            Assert.True(await again.WaitForAnswer(), again.All);
            using var repeated = await Record(again, "before", default);
            Assert.Equal(HttpStatusCode.OK, repeated.StatusCode); // It was recorded before.
            again.Interrupt();
            Assert.Equal(0, await again.WaitForEnd());
        }
    }

    /// <summary>A disk that holds a place's data folder.</summary>
    private static async Task<Disk> MakeDisk(HostPlace place)
    {
        var obstacle = await Disk.Obstacle();
        Assert.SkipWhen(obstacle is not null, $"A disk can't be made here: {obstacle}");
        var disk = new Disk(place.Root);
        await disk.Make();
        place.Data = Path.Combine(disk.Path, "data");
        return disk;
    }

    private static async Task RefusedAsNotWritable(HostRun run)
    {
        // The first writes may still find space in pages that the file has.
        using var over = new CancellationTokenSource(HostRun.Patience);
        for (var number = 0; ; number++)
        {
            using var answer = await Record(run, $"full-{number}", over.Token);
            if (!answer.IsSuccessStatusCode)
            {
                var body = await answer.Content.ReadFromJsonAsync<JsonElement>(over.Token);
                Assert.Equal("store_not_writable", body.GetProperty("code").GetString());
                Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
                Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
                return;
            }
        }
    }

    private static async Task<HttpStatusCode> Ready(HostRun run)
    {
        using var answer = await run.Http.GetAsync("/health/ready");
        return answer.StatusCode;
    }

    private static async Task WritesAgain(HostRun run)
    {
        using var over = new CancellationTokenSource(HostRun.Patience);
        while (true)
        {
            using var answer = await Record(run, "space-again", over.Token);
            if (answer.IsSuccessStatusCode)
            {
                return;
            }

            await Task.Delay(50, over.Token);
        }
    }

    private static Task<HttpResponseMessage> Record(HostRun run, string id, CancellationToken cancel) =>
        run.Http.PostAsJsonAsync(
            "/v1/events", new { id, user = "1", kind = "view", item = "1001", at = "2026-01-01T00:00:00Z" }, cancel);

    private static async Task Send(Traffic traffic, HostRun run, int round, int answers)
    {
        using var stop = new CancellationTokenSource();
        using var over = new CancellationTokenSource(HostRun.Patience);
        var begun = traffic.Answered;
        var sending = traffic.Run(run.Http, round, stop.Token);
        while (traffic.Answered < begun + answers)
        {
            await Task.Delay(20, over.Token);
        }

        await stop.CancelAsync();
        await sending;
    }

    private async Task EndAndAudit(HostRun run, Traffic traffic)
    {
        run.Interrupt();
        Assert.Equal(0, await run.WaitForEnd());
        output.WriteLine($"{traffic.Events.Count} events, {traffic.Issues.Count} coupons and {traffic.Redemptions.Count} "
            + $"redemptions acknowledged; answers: {traffic.Answers}");
        using var store = new StoreReader(run.Place);
        Audit.Check(store, traffic);
    }
}
