using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace CouponGrains.Storage.Tests.Postgres;

/// <summary>A PostgreSQL server of this test process alone: in a temporary folder, on a free port of loopback, with the
/// settings that keep what is committed. It ends with the process, whatever ends that.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Superuser = "postgres";
    private const string Memory = "/dev/shm";
    private const long RoomMin = 3L << 30;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder;
    private readonly string[] _asUser;
    private readonly string[] _settings;
    private readonly ConcurrentBag<string> _free = [];
    private Process? _process;
    private int _databases;

    private PostgresServer(string folder, string[] asUser, string[] settings, int port)
    {
        _folder = folder;
        _asUser = asUser;
        _settings = settings;
        Port = port;
    }

    public int Port { get; }

    /// <summary>The id of its first process, the parent of all others.</summary>
    public int ProcessId => int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Makes a server and starts it.</summary>
    /// <param name="root">The folder that its own is made in; where tests are quickest if left out.</param>
    /// <param name="settings">Settings beside the usual ones, each <c>name=value</c>.</param>
    public static async Task<PostgresServer> Create(string? root = null, params string[] settings)
    {
        var folder = Directory.CreateDirectory(
            Path.Combine(root ?? Root(), $"coupongrains-postgres-{Guid.NewGuid():N}")).FullName;
        // PostgreSQL refuses to run as root.
        string[] asUser = Environment.UserName == "root" ? ["setpriv", "--reuid", Superuser, "--regid", Superuser, "--clear-groups"] : [];
        if (asUser.Length > 0)
        {
            await Run(["chown", $"{Superuser}:", folder]);
        }

        var server = new PostgresServer(folder, asUser, settings, FreePort());
        await Run([.. asUser, Program("initdb"), "-D", server.Data, "-U", Superuser, "-A", "trust", "-E", "UTF8", "--locale=C"]);
        await server.Start();
        return server;
    }

    /// <summary>How a database is reached.</summary>
    public string Connection(string database) =>
        $"Host=127.0.0.1;Port={Port};Username={Superuser};Database={database};Timeout=60;Command Timeout=120;"
        + "Include Error Detail=true";

    /// <summary>An empty database, which is the caller's until he gives it back. Answers its name.</summary>
    public async Task<string> TakeDatabase()
    {
        if (_free.TryTake(out var free))
        {
            return free;
        }

        var name = $"shop_{Interlocked.Increment(ref _databases)}";
        await Execute("postgres", $"CREATE DATABASE {name} TEMPLATE template0");
        return name;
    }

    /// <summary>Empties a database and gives it back; that takes a tenth of the time of making a new one.</summary>
    public async Task GiveBack(string database)
    {
        await Cut(database);
        await Execute(database, "DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        _free.Add(database);
    }

    /// <summary>Cuts every connection to a database.</summary>
    public Task Cut(string database) => Execute("postgres",
        $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}' AND pid <> pg_backend_pid()");

    public async Task Execute(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(Connection(database) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> Value<T>(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(Connection(database) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Starts it (again) and waits until it answers.</summary>
    public async Task Start()
    {
        // The shell ends the server when its own input ends, which it does with this process.
        var start = new ProcessStartInfo("sh")
        {
            RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true,
        };
        foreach (var argument in (string[])[
            "-c", "\"$@\" < /dev/null & server=$!; read _; kill -INT $server; wait $server", "sh", .. _asUser, Program("postgres"), "-D", Data,
            "-p", $"{Port}", "-k", _folder, "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=300",
            "-c", "max_wal_size=256MB", .. _settings.SelectMany(setting => (string[])["-c", setting])])
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException("No shell.");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await Execute("postgres", "SELECT 1");
                return;
            }
            catch (NpgsqlException) when (watch.Elapsed < Patience && !_process.HasExited)
            {
                await Task.Delay(20);
            }
        }
    }

    /// <summary>Ends it: connections are cut, what is committed stays.</summary>
    public async Task Stop()
    {
        if (_process is null)
        {
            return;
        }

        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The path of one of PostgreSQL's programs, or its name where it is found by that.</summary>
    public static string Program(string name) =>
        Directory.Exists("/usr/lib/postgresql")
            && Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(v => int.TryParse(Path.GetFileName(v), out var n) ? n : 0)
                .Select(v => Path.Combine(v, "bin", name)).FirstOrDefault(File.Exists) is { } path ? path : name;

    private static async Task Run(string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} did not start.");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"{string.Join(' ', command)} failed; tests/run installs PostgreSQL:\n{await output}{errors}");
        }
    }

    /// <summary>In memory where there is room, else among the temporary files: the tests ask what is committed, not
    /// how fast a disk is.</summary>
    private static string Root() =>
        Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace > RoomMin ? Memory : Path.GetTempPath();

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>The server of the test process: started by the first test that needs it, ended after the last.</summary>
public sealed class SharedPostgres : IAsyncDisposable
{
    private static readonly Lazy<Task<PostgresServer>> Lazily = new(() => PostgresServer.Create());

    public static Task<PostgresServer> Server => Lazily.Value;

    public async ValueTask DisposeAsync()
    {
        if (Lazily.IsValueCreated)
        {
            await (await Lazily.Value).DisposeAsync();
        }
    }
}
