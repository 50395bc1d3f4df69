using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace CouponGrains.EndToEnd.Tests;

/// <summary>The embedded store of a real process on a file system of its own that fills up or may only be read. Needs the
/// right to mount one.</summary>
public sealed class FullDiskTests(ITestOutputHelper output)
{
    private const int Seed = 20_261_125;

    [Fact]
    public async Task On_a_full_disk_writes_are_refused_whole_and_done_again_when_there_is_space()
    {
        using var place = new HostPlace();
        using var disk = Disk.Mount(place);
        var traffic = new Traffic(Seed);
        await using var run = HostRun.Start(place, ("--data", place.Data));
        Assert.True(await run.WaitForAnswer(), run.All);
        await Traffic.Prepare(run.Http);
        await Send(traffic, run, 0, 100);

        var ballast = disk.Fill();
        await RefusedAsNotWritable(run);
        await Send(traffic, run, 1, 20);
        using (var read = await run.Http.GetAsync("/v1/users/1/wallet"))
        {
            Assert.NotEqual(HttpStatusCode.InternalServerError, read.StatusCode);
        }

        File.Delete(ballast);
        await WritesAgain(run);
        await Send(traffic, run, 2, 100);
        await traffic.Replay(run.Http, 20);
        await EndAndAudit(run, traffic);
    }

    [Fact]
    public async Task On_a_disk_that_may_only_be_read_a_start_is_one_line_and_a_status()
    {
        using var place = new HostPlace();
        using var disk = Disk.Mount(place);
        await using (var run = HostRun.Start(place, ("--data", place.Data)))
        {
            Assert.True(await run.WaitForAnswer(), run.All);
            run.Interrupt();
            Assert.Equal(0, await run.WaitForEnd());
        }

        disk.Remount("ro");
        await using (var refused = HostRun.Start(place, ("--data", place.Data)))
        {
            Assert.Equal(1, await refused.WaitForEnd());
            Assert.StartsWith("store_not_writable: ", refused.Errors);
            Assert.Single(refused.Errors.TrimEnd().Split('\n'));
        }

        disk.Remount("rw");
        await using var again = HostRun.Start(place, ("--data", place.Data));
        Assert.True(await again.WaitForAnswer(), again.All);
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

    /// <summary>A small file system in memory that holds a place's data folder.</summary>
    private sealed class Disk : IDisposable
    {
        private readonly string _path;

        private Disk(string path) => _path = path;

        public static Disk Mount(HostPlace place)
        {
            Directory.CreateDirectory(place.Data);
            Assert.SkipUnless(
                Run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", place.Data), "A file system can't be mounted here.");
            return new(place.Data);
        }

        /// <summary>Takes all the space that is left; answers the file that has it.</summary>
        public string Fill()
        {
            var ballast = Path.Combine(_path, "ballast");
            using var file = new FileStream(ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            var block = new byte[4_096];
            try
            {
                while (true)
                {
                    file.Write(block);
                }
            }
            catch (IOException)
            {
                return ballast;
            }
        }

        public void Remount(string mode) => Assert.True(Run("mount", "-o", $"remount,{mode}", _path), "It can't be remounted.");

        public void Dispose() => Run("umount", "-l", _path);

        private static bool Run(string program, params string[] arguments)
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
    }
}
