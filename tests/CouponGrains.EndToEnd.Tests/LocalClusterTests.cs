using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CouponGrains.EndToEnd.Tests;

/// <summary><c>deploy/local-cluster</c>: the whole topology as processes.</summary>
[Collection(AloneCollection.Name)]
public sealed class LocalClusterTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coupongrains-cluster-").FullName;
    private readonly int _ports = FreeBlock(25);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await Script("down");
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task It_comes_up_whole_serves_on_without_a_silo_and_is_made_whole_again()
    {
        await Succeeds("up");
        using var first = Http(0);
        using var second = Http(1);
        await Shopping.Open(first);
        var code = await Shopping.Issue(first, "ann");
        Assert.Equal(HttpStatusCode.Created, await Shopping.Redeem(second, "ann", code, "order-1"));
        Assert.Equal(HttpStatusCode.Conflict, await Shopping.Redeem(first, "ann", code, "order-2"));

        var pid = await File.ReadAllTextAsync(Path.Combine(_folder, "serve-1.pid"));
        using (var kill = Process.Start("kill", ["-KILL", pid.Trim()]))
        {
            await kill.WaitForExitAsync();
        }

        await Serves(first);
        await Serves(second);
        var (status, said) = await Script("status");
        Assert.Equal(1, status);
        Assert.Matches("serve-1 +down", said);
        Assert.Matches("serve-2 +ready", said);

        await Succeeds("up");
        await Succeeds("status");
        Assert.Equal(HttpStatusCode.Conflict, await Shopping.Redeem(second, "ann", code, "order-3"));
        await Succeeds("down");
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => first.GetAsync("/health/live"));
    }

    /// <summary>Waits until a front end serves users again.</summary>
    private static async Task Serves(HttpClient http)
    {
        using var over = new CancellationTokenSource(HostRun.Patience);
        var user = $"user-{Guid.NewGuid():N}";
        while (true)
        {
            try
            {
                await Shopping.Issue(http, user);
                return;
            }
            catch (Exception e) when (!over.IsCancellationRequested)
            {
                TestContext.Current.SendDiagnosticMessage(e.Message);
                await Task.Delay(200);
            }
        }
    }

    private HttpClient Http(int number) => new()
    {
        BaseAddress = new($"http://127.0.0.1:{_ports + number}"),
        Timeout = TimeSpan.FromSeconds(40),
    };

    private async Task Succeeds(string verb)
    {
        var (status, said) = await Script(verb);
        Assert.True(status == 0, $"{verb}: {said}");
    }

    private async Task<(int Status, string Said)> Script(string verb)
    {
        var start = new ProcessStartInfo(Path.Combine(Repository(), "deploy/local-cluster"), [verb, _folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["COUPONGRAINS_PORTS"] = $"{_ports}";
        start.Environment["CONFIGURATION"] = new DirectoryInfo(AppContext.BaseDirectory).Name;
        using var script = Process.Start(start)!;
        var (output, errors) = (script.StandardOutput.ReadToEndAsync(), script.StandardError.ReadToEndAsync());
        await script.WaitForExitAsync();
        return (script.ExitCode, await output + await errors);
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CouponGrains.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }

    /// <summary>The first of so many ports that are all free.</summary>
    private static int FreeBlock(int count)
    {
        for (var first = 20_000 + (Environment.ProcessId % 400 * count); ; first += count)
        {
            var listeners = Enumerable.Range(first, count).Select(p => new TcpListener(IPAddress.Loopback, p)).ToList();
            try
            {
                listeners.ForEach(listener => listener.Start());
                return first;
            }
            catch (SocketException)
            {
                // One of them is taken: other ports.
            }
            finally
            {
                listeners.ForEach(listener => listener.Dispose());
            }
        }
    }
}
