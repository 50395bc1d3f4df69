using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CouponGrains.EndToEnd.Tests;

/// <summary>One run of the real process.</summary>
internal sealed class HostRun : IAsyncDisposable
{
    /// <summary>How long anything may take before a test gives up; generous, for machines that do other work.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private HostRun(Process process, HostPlace place)
    {
        _process = process;
        Place = place;
        Http = new HttpClient { BaseAddress = place.Address, Timeout = TimeSpan.FromSeconds(20) };
        _process.OutputDataReceived += (_, line) => Note(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Note(_errors, line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public HostPlace Place { get; }

    public HttpClient Http { get; }

    public bool HasExited => _process.HasExited;

    public string Output => Read(_output);

    public string Errors => Read(_errors);

    /// <summary>Everything it wrote, for the message of a failed test.</summary>
    public string All => Output + Errors;

    /// <summary>Starts the process at a place; <paramref name="more"/> options go before the place's own.</summary>
    public static HostRun Start(HostPlace place, params (string Option, string Value)[] more)
    {
        var options = place.Options;
        foreach (var (option, value) in more)
        {
            options[option] = value;
        }

        return Start("CouponGrains.SiloHost", place, options);
    }

    /// <summary>Starts a front end at a place, on the silo of another.</summary>
    public static HostRun StartFrontEnd(HostPlace place, HostPlace silo, params (string Option, string Value)[] more) => Start(
        "CouponGrains.FrontEnd", place, new(more.ToDictionary(option => option.Option, option => option.Value))
        {
            ["--port"] = $"{place.Port}",
            ["--gateways"] = $"127.0.0.1:{silo.GatewayPort}",
        });

    /// <summary>Starts a front end at a place, on the silos that stand in a database.</summary>
    public static HostRun StartFrontEnd(HostPlace place, string connection) => Start(
        "CouponGrains.FrontEnd", place, new()
        {
            ["--port"] = $"{place.Port}",
            ["--connection"] = connection,
        });

    private static HostRun Start(string program, HostPlace place, Dictionary<string, string> options)
    {
        var start = new ProcessStartInfo(Binary(program))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = place.Root,
        };
        foreach (var (option, value) in options)
        {
            start.ArgumentList.Add(option);
            start.ArgumentList.Add(value);
        }

        return new(Process.Start(start) ?? throw new InvalidOperationException("The process did not start."), place);
    }

    /// <summary>Waits for a text in the output. Fails if the process ends before.</summary>
    public async Task WaitFor(string text)
    {
        var watch = Stopwatch.StartNew();
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            Assert.False(HasExited, $"The process ended before it wrote '{text}':\n{All}");
            Assert.True(watch.Elapsed < Patience, $"'{text}' did not come in {Patience}:\n{All}");
            await Task.Delay(20);
        }
    }

    /// <summary>Waits until the process answers HTTP, true, or has ended, false.</summary>
    public async Task<bool> WaitForAnswer()
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < Patience)
        {
            if (HasExited)
            {
                return false;
            }

            try
            {
                using var answer = await Http.GetAsync("/health/ready");
                if (answer.IsSuccessStatusCode)
                {
                    return true;
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // Not yet.
            }

            await Task.Delay(20);
        }

        return false;
    }

    /// <summary>Waits until it ends by itself; answers the exit status.</summary>
    public async Task<int> WaitForEnd(TimeSpan? patience = null)
    {
        using var over = new CancellationTokenSource(patience ?? Patience);
        try
        {
            await _process.WaitForExitAsync(over.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"The process did not end in {patience ?? Patience}:\n{All}");
        }

        return _process.ExitCode;
    }

    /// <summary>The paths of the libraries in the process's memory.</summary>
    public string LoadedLibraries() => File.ReadAllText($"/proc/{_process.Id}/maps");

    /// <summary>What Ctrl-C does.</summary>
    public void Interrupt() => Signal("INT");

    /// <summary>kill -9, and waits until it is gone.</summary>
    public async Task Kill()
    {
        Signal("KILL");
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, _process.Id.ToString()]);
        kill.WaitForExit();
    }

    private static void Note(StringBuilder text, string? line)
    {
        if (line is not null)
        {
            lock (text)
            {
                text.AppendLine(line);
            }
        }
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    /// <summary>artifacts/bin/THIS/CONFIGURATION/ lies beside artifacts/bin/PROGRAM/CONFIGURATION/.</summary>
    private static string Binary(string program)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var path = Path.Combine(here.Parent!.Parent!.FullName, program, here.Name, program);
        return File.Exists(path) ? path
            : throw new FileNotFoundException($"Build the solution first: there is no {path}.");
    }
}

/// <summary>Where a process runs: its data folder and ports, the same for every start.</summary>
internal sealed class HostPlace : IDisposable
{
    private readonly int[] _ports = FreePorts(3);

    public HostPlace()
    {
        Root = Directory.CreateTempSubdirectory("coupongrains-").FullName;
        Data = Path.Combine(Root, "data");
        Address = new($"http://127.0.0.1:{Port}");
    }

    public string Root { get; }

    public string Data { get; set; }

    public Uri Address { get; }

    public int Port => _ports[0];

    public int GatewayPort => _ports[2];

    /// <summary>The sample shop, as the option takes it.</summary>
    public string Shop { get; set; } = "off";

    /// <summary>The options of every start.</summary>
    public Dictionary<string, string> Options => new()
    {
        ["--data"] = Data,
        ["--port"] = $"{_ports[0]}",
        ["--silo-port"] = $"{_ports[1]}",
        ["--gateway-port"] = $"{_ports[2]}",
        ["--sample-shop"] = Shop,
        ["--rank"] = "8",
        ["--offer-epochs"] = "20",
        ["--train-every"] = "off",
    };

    /// <summary>A place with a small shop to load.</summary>
    public static HostPlace WithShop(int seed)
    {
        var place = new HostPlace();
        place.Shop = SmallShop.Write(place.Root, seed);
        return place;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }
}
