using System.Diagnostics;

namespace CouponGrains.Benchmarks.Cluster;

/// <summary>Another process of the topology, which ends with this one.</summary>
internal sealed class Child : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;

    private Child(string name, Process process) => (Name, _process) = (name, process);

    public string Name { get; }

    public int Id => _process.Id;

    /// <summary>Starts this program with another verb and waits until it says that it is up.</summary>
    public static async Task<Child> Start(string name, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{name} did not start.");
        var child = new Child(name, process);
        try
        {
            using var limit = new CancellationTokenSource(Patience);
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                if (line == SiloProcess.Ready)
                {
                    return child;
                }
            }

            throw new InvalidOperationException($"{name} ended before it was up.");
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
