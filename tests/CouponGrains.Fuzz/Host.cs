using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CouponGrains.Fuzz;

/// <summary>Memory, in MB.</summary>
/// <param name="Own">Of the process alone.</param>
/// <param name="Files">Pages of files.</param>
/// <param name="Heap">The managed heap.</param>
internal sealed record Memory(double Own, double Files, double Heap);

/// <summary>The host process under test, on an empty store in a folder of its own.</summary>
internal sealed class Host : IAsyncDisposable
{
    private const string Program = "CouponGrains.SiloHost";
    private const int LinesKept = 60;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly string _folder = Directory.CreateTempSubdirectory("coupongrains-fuzz-").FullName;
    private readonly Queue<string> _lines = new();
    private readonly Process _process;

    private Host()
    {
        var ports = FreePorts(3);
        Address = new($"http://127.0.0.1:{ports[0]}");
        var start = new ProcessStartInfo(Binary())
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder,
        };
        string[] options =
        [
            "--data", Path.Combine(_folder, "data"), "--port", $"{ports[0]}", "--silo-port", $"{ports[1]}",
            "--gateway-port", $"{ports[2]}", "--sample-shop", "off", "--train-every", "off",
            "--train-after-events", "0", "--train-after-outcomes", "0",
        ];
        options.ToList().ForEach(start.ArgumentList.Add);
        _process = Process.Start(start) ?? throw new InvalidOperationException("The host did not start.");
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    /// <summary>How it ended, or null while it lives.</summary>
    public int? Ended => _process.HasExited ? _process.ExitCode : null;

    /// <summary>The last lines that it wrote.</summary>
    public string Lines
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    /// <summary>Starts it and waits until it is ready.</summary>
    public static async Task<Host> Start()
    {
        var host = new Host();
        using var http = new HttpClient { BaseAddress = host.Address, Timeout = TimeSpan.FromSeconds(5) };
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Patience && host.Ended is null;)
        {
            try
            {
                using var answer = await http.GetAsync("/health/ready");
                if (answer.IsSuccessStatusCode)
                {
                    return host;
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // Not yet.
            }

            await Task.Delay(50);
        }

        var lines = host.Lines;
        await host.DisposeAsync();
        throw new InvalidOperationException("The host did not get ready:\n" + lines);
    }

    /// <summary>Memory in MB: the process's own, the pages of files that it maps (libraries, the database), and of its
    /// own the managed heap after its last collection.</summary>
    public async Task<Memory> Memory(HttpClient http)
    {
        var lines = File.ReadLines($"/proc/{_process.Id}/status").ToList();
        double Of(string name) => double.Parse(
            lines.First(line => line.StartsWith(name, StringComparison.Ordinal))
                .Split(' ', '\t').First(word => word.Length > 0 && char.IsAsciiDigit(word[0])), CultureInfo.InvariantCulture) / 1024;
        var heap = (await http.GetStringAsync("/metrics")).Split('\n')
            .Where(line => line.StartsWith("dotnet_gc_last_collection_heap_size_bytes{", StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));
        return new(Of("RssAnon:"), Of("RssFile:") + Of("RssShmem:"), heap / (1024 * 1024));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Note(string? line)
    {
        lock (_lines)
        {
            _lines.Enqueue(line ?? "");
            if (_lines.Count > LinesKept)
            {
                _lines.Dequeue();
            }
        }
    }

    /// <summary>artifacts/bin/THIS/CONFIGURATION/ lies beside artifacts/bin/PROGRAM/CONFIGURATION/.</summary>
    private static string Binary()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(here.Parent!.Parent!.FullName, Program, here.Name, Program);
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }
}
