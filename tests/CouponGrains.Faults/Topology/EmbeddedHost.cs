using System.Diagnostics;

namespace CouponGrains.Faults.Topology;

/// <summary>One process that serves and keeps its store in files, on a disk of its own.</summary>
internal sealed class EmbeddedHost(string folder, int port)
{
    private static readonly HttpClient Probe = new() { Timeout = TimeSpan.FromSeconds(3) };
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private Process? _process;

    /// <summary>The disk that its store is on.</summary>
    public Disk Disk { get; } = new(folder);

    public Uri Address { get; } = new($"http://127.0.0.1:{port}");

    /// <summary>The file of its store.</summary>
    public string Store => Path.Combine(Data, "coupongrains.db");

    private string Data => Path.Combine(Disk.Path, "data");

    /// <summary>Starts the process and waits until it is ready. Throws <see cref="InvalidOperationException"/> if it
    /// ends before.</summary>
    public async Task Start()
    {
        if (_process is { HasExited: false })
        {
            return;
        }

        _process?.Dispose();
        _process = Run("host");
        for (var begun = Stopwatch.GetTimestamp(); !await IsReady(); await Task.Delay(50))
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(begun) > Patience)
            {
                throw new InvalidOperationException($"The embedded host did not start: {await File.ReadAllTextAsync(Path.Combine(folder, "host.err"))}");
            }
        }
    }

    /// <summary>Starts it where it cannot; answers its status and what it wrote on its standard error.</summary>
    public async Task<(int Status, string Errors)> StartInVain()
    {
        using var process = Run("refused");
        using var over = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(over.Token);
        var lines = await File.ReadAllTextAsync(Path.Combine(folder, "refused.err"), over.Token);
        return (process.ExitCode, lines.Trim());
    }

    /// <summary>Ends it: by <c>kill -9</c>, or as an operator does.</summary>
    public async Task Stop(bool kill)
    {
        if (_process is not { HasExited: false })
        {
            return;
        }

        if (kill)
        {
            _process.Kill();
        }
        else
        {
            using var signal = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            await signal.WaitForExitAsync();
        }

        using var over = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(over.Token);
    }

    /// <summary>Ends it and takes its disk away.</summary>
    public async Task Down()
    {
        await Stop(kill: true);
        _process?.Dispose();
        await Disk.DisposeAsync();
    }

    private async Task<bool> IsReady()
    {
        try
        {
            using var answer = await Probe.GetAsync(new Uri(Address, "/health/ready"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    /// <summary>The shell writes its output into files, so that a process that nobody reads does not stand
    /// still.</summary>
    private Process Run(string name)
    {
        string[] words =
        [
            "-c", $"exec \"$0\" \"$@\" >> '{folder}/{name}.log' 2> '{folder}/{name}.err'", Binary(), "--data", Data,
            "--port", $"{port}", "--silo-port", $"{port + 1}", "--gateway-port", $"{port + 2}", "--sample-shop", "off",
            "--train-every", "off",
        ];
        return Process.Start(new ProcessStartInfo("/bin/sh", words) { WorkingDirectory = folder })
            ?? throw new InvalidOperationException("No shell.");
    }

    private static string Binary() => Path.Combine(
        LocalCluster.Repository(), "artifacts/bin/CouponGrains.SiloHost", new DirectoryInfo(AppContext.BaseDirectory).Name,
        "CouponGrains.SiloHost");
}
