using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace CouponGrains.Faults.Topology;

/// <summary>The processes of <c>deploy/local-cluster</c>, each silo with a network of its own where that may
/// be.</summary>
internal sealed class LocalCluster(string folder, int ports, bool networks)
{
    public const string Database = "postgres";
    public const string Train = "train";
    private const int PortsTaken = 25;

    private static readonly HttpClient Probe = new() { Timeout = TimeSpan.FromSeconds(3) };

    public static IReadOnlyList<string> Serving { get; } = ["serve-1", "serve-2"];

    public static IReadOnlyList<string> FrontNames { get; } = ["front-1", "front-2"];

    public static IReadOnlyList<string> Processes { get; } = [.. Serving, Train, .. FrontNames];

    public IReadOnlyList<Uri> Fronts => [.. FrontNames.Select(Address)];

    /// <summary>How the database is reached from this machine.</summary>
    public string Connection =>
        $"Host=127.0.0.1;Port={ports + 20};Username=coupongrains;Database=coupongrains;Pooling=false;Timeout=5;"
        + $"Command Timeout=120;Password={File.ReadAllText(Path.Combine(folder, "password"))}";

    /// <summary>The first of three ports that it leaves to others.</summary>
    public int FreePorts => ports + 21;

    /// <summary>A cluster on ports and a network that nobody uses.</summary>
    public static LocalCluster New(string folder) => new(folder, FreeBlock(), NetworkObstacle() is null);

    public Task Up() => Script("up");

    public Task Down() => Script("down");

    /// <summary>Starts a process, or the database; the database answers when this does.</summary>
    public Task Start(string name) => Script("start", name);

    /// <summary>Sends a process a signal; stops the database, <c>fast</c> or <c>immediate</c>.</summary>
    public Task Stop(string name, string how) => Script("stop", name, how);

    /// <summary>Lets nothing through between two silos, or between a silo and the database.</summary>
    public Task Cut(string name, string other) => Script("cut", name, other);

    public Task Heal(string name, string other) => Script("heal", name, other);

    /// <summary>Cuts every connection to the database; answers how many.</summary>
    public async Task<long> CutConnections()
    {
        await using var connection = new NpgsqlConnection(Connection);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("""
            SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
            """, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>True if the process runs.</summary>
    public bool Runs(string name)
    {
        var file = Path.Combine(folder, name + ".pid");
        return File.Exists(file) && File.Exists($"/proc/{File.ReadAllText(file).Trim()}/exe")
            && File.ReadAllText($"/proc/{File.ReadAllText(file).Trim()}/stat").Split(')')[^1].Trim()[0] != 'Z';
    }

    /// <summary>What a probe answers: true, false, or null if nothing came.</summary>
    public async Task<bool?> Says(string name, string probe)
    {
        try
        {
            using var answer = await Probe.GetAsync(new Uri(Address(name), $"/health/{probe}"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    /// <summary>The last lines that a process wrote on its standard error.</summary>
    public string Errors(string name, int lines) => File.Exists(Path.Combine(folder, name + ".err"))
        ? string.Join('\n', File.ReadLines(Path.Combine(folder, name + ".err")).TakeLast(lines)) : "";

    private Uri Address(string name) => name switch
    {
        "front-1" => new($"http://127.0.0.1:{ports}"),
        "front-2" => new($"http://127.0.0.1:{ports + 1}"),
        "serve-1" => new($"http://{Silo(11)}:{ports + 2}"),
        "serve-2" => new($"http://{Silo(12)}:{ports + 3}"),
        _ => new($"http://{Silo(13)}:{ports + 4}"),
    };

    private string Silo(int number) => networks ? $"{Network()}.{number}" : "127.0.0.1";

    private string Network() => $"10.213.{ports / PortsTaken % 250}";

    private async Task Script(params string[] words)
    {
        var start = new ProcessStartInfo(Path.Combine(Repository(), "deploy/local-cluster"), [.. words, folder])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["COUPONGRAINS_PORTS"] = $"{ports}";
        start.Environment["COUPONGRAINS_NETWORK"] = networks ? Network() : "";
        start.Environment["CONFIGURATION"] = new DirectoryInfo(AppContext.BaseDirectory).Name;
        using var script = Process.Start(start) ?? throw new InvalidOperationException("No shell.");
        // What it starts may keep the output open for ever: only the script's own end is waited for.
        var said = new System.Text.StringBuilder();
        script.OutputDataReceived += (_, line) => said.AppendLine(line.Data);
        script.ErrorDataReceived += (_, line) => said.AppendLine(line.Data);
        script.BeginOutputReadLine();
        script.BeginErrorReadLine();
        await script.WaitForExitAsync();
        if (script.ExitCode != 0)
        {
            throw new InvalidOperationException($"local-cluster {string.Join(' ', words)}: {said}");
        }
    }

    /// <summary>What stands in the way of networks for the silos, which can be cut; or null.</summary>
    public static string? NetworkObstacle()
    {
        var name = $"cg-may-i-{Environment.ProcessId}";
        try
        {
            return Ip("netns", "add", name) ?? Ip("link", "add", $"cg{Environment.ProcessId}", "type", "bridge")
                ?? Ip("link", "delete", $"cg{Environment.ProcessId}");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return e.Message;
        }
        finally
        {
            if (File.Exists($"/run/netns/{name}"))
            {
                Ip("netns", "delete", name);
            }
        }
    }

    /// <summary>Runs <c>ip</c>; answers what it complains of, or null.</summary>
    private static string? Ip(params string[] words)
    {
        using var ip = Process.Start(new ProcessStartInfo("ip", words) { RedirectStandardError = true })!;
        var said = ip.StandardError.ReadToEnd();
        ip.WaitForExit();
        return ip.ExitCode == 0 ? null : $"ip {string.Join(' ', words)}: {said.Trim()}";
    }

    /// <summary>The folder that the programs are built in.</summary>
    public static string Repository()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(here.FullName, "CouponGrains.sln")))
        {
            here = here.Parent ?? throw new InvalidOperationException("There is no repository above this program.");
        }

        return here.FullName;
    }

    /// <summary>The first of so many ports that are all free.</summary>
    private static int FreeBlock()
    {
        for (var first = 20_000 + (Environment.ProcessId % 300 * PortsTaken); ; first += PortsTaken)
        {
            var listeners = Enumerable.Range(first, PortsTaken).Select(p => new TcpListener(IPAddress.Loopback, p)).ToList();
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
