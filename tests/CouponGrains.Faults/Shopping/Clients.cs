using System.Diagnostics;
using CouponGrains.Faults.Checking;
using CouponGrains.Faults.Nemesis;

namespace CouponGrains.Faults.Shopping;

/// <summary>The clients of one service. All that they sent and were told is in one file.</summary>
/// <param name="file">The file; it must not be there yet.</param>
/// <param name="addresses">Where the service answers.</param>
/// <param name="count">How many shop at the same time.</param>
/// <param name="seed">Of what they ask for.</param>
/// <param name="time">The clock of the file.</param>
internal sealed class Clients(string file, IReadOnlyList<Uri> addresses, int count, int seed, TimeProvider time) : IDisposable
{
    private const int Users = 40;
    private const int Replays = 60;
    private static readonly TimeSpan NewCampaign = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly ClientLog _log = new(file, time);
    private readonly Shop _shop = new();
    private FrontEnds? _fronts;
    private Watch? _watch;

    public FrontEnds Fronts => _fronts ??= new(addresses, _log);

    /// <summary>Sees when the service answers.</summary>
    public Watch Watch => _watch ??= new(_shop, Fronts);

    /// <summary>How often each answer came.</summary>
    public IReadOnlyList<(string Code, int Count)> Answers => _shop.Answers;

    /// <summary>Opens the first campaign, and shops until it is stopped and the last answers have come.</summary>
    public async Task Run(CancellationToken stop)
    {
        await Campaigns.Open(Campaigns.Of(seed), _shop, Fronts, _log, stop);
        await Task.WhenAll(
        [
            Watch.Run(stop), OpenCampaigns(stop),
            .. Enumerable.Range(0, count).Select(client => Task.Run(() => Shopper(client).Run(stop), CancellationToken.None)),
        ]);
    }

    /// <summary>Asks for every wish of which nobody knows what became, until that is known, and again for the last of
    /// each kind that were fulfilled; answers how many were open.</summary>
    public async Task<int> Resolve()
    {
        var open = _shop.OpenCount;
        await Task.WhenAll(Enumerable.Range(0, count).Select(client => Resolve(Shopper(3_000 + client))));
        var last = Shopper(4_000);
        foreach (var wish in Enum.GetValues<WishKind>().SelectMany(kind => _shop.LastFulfilled(kind, Replays)))
        {
            await last.Ask(wish);
        }

        return open;
    }

    /// <summary>What they sent and were told; nobody asks any more.</summary>
    public History End()
    {
        Dispose();
        return new(ClientLog.Read(file));
    }

    public void Dispose()
    {
        _fronts?.Dispose();
        _log.Dispose();
    }

    private async Task Resolve(Shopper shopper)
    {
        var begun = Stopwatch.GetTimestamp();
        while (_shop.TakeOpen() is { } wish && Stopwatch.GetElapsedTime(begun) < Patience)
        {
            var answer = await shopper.Ask(wish);
            if (answer.IsDone)
            {
                await shopper.Ask(wish);
            }
            else if (!answer.IsKnown)
            {
                await Task.Delay(100);
            }
        }
    }

    private async Task OpenCampaigns(CancellationToken stop)
    {
        try
        {
            for (var number = seed + 1; ; number++)
            {
                await Task.Delay(NewCampaign, stop);
                await Campaigns.Open(Campaigns.Of(number), _shop, Fronts, _log, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private Shopper Shopper(int of) => new(_shop, Fronts, Users, new Random(unchecked((seed * 31) + of)));
}
