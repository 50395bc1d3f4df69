using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace CouponGrains.Fuzz;

/// <summary>What a run is asked to be.</summary>
internal sealed record FuzzOptions(int Seed, int From, int Requests, int Parallel, bool Show);

/// <summary>Sends the requests and notes what must not be: 5xx, answers that take too long, answers that are
/// none.</summary>
internal sealed class FuzzRun(FuzzOptions options, Host host, Action<string> print)
{
    private const int SamplesWanted = 40;
    private const int FindingsShown = 40;

    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<int, int> _statuses = new();
    private readonly ConcurrentDictionary<string, int> _untold = new();
    private readonly ConcurrentQueue<string> _findings = new();
    private readonly List<(int Requests, Memory Memory)> _memory = [];
    private int _next;
    private int _ended;
    private int _slow;
    private int _failed;

    public async Task Go()
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 4 * options.Parallel, AllowAutoRedirect = false };
        using var http = new HttpClient(handler)
        {
            BaseAddress = host.Address, Timeout = TimeSpan.FromSeconds(Sender.SecondsMax),
        };
        var api = new Api(JsonNode.Parse(await http.GetStringAsync("/openapi/v1.json"))!);
        var pools = new Pools { Codes = await Seeding.Fill(http, new Random(options.Seed)) };
        var requests = new Requests(api, pools, options.Seed);
        var sender = new Sender(host.Address, http);
        print($"{api.Operations.Count} operations; {pools.Codes.Count} coupons issued; a model in force");

        print("requests  own MB  heap MB  files MB");
        using var over = new CancellationTokenSource();
        var watch = Stopwatch.StartNew();
        var measuring = Measure(http, over.Token);
        await Task.WhenAll(Enumerable.Range(0, options.Parallel).Select(_ => Task.Run(() => Work(requests, sender))));
        await over.CancelAsync();
        await measuring;
        if (sender.Again > 0)
        {
            print($"{sender.Again} were sent once more, as their connection was just closed");
        }

        print($"{_ended} requests in {watch.Elapsed.TotalSeconds:F0} s, {_ended / watch.Elapsed.TotalSeconds:F0} a second");
    }

    /// <summary>Prints what was found; true if nothing was that must not be.</summary>
    public bool Report()
    {
        print("status  answers (0: cut by the request, or closed by the server)");
        foreach (var (status, count) in _statuses.OrderBy(entry => entry.Key))
        {
            print($"{status,6}  {count}");
        }

        Trend("own", memory => memory.Own);
        Trend("heap", memory => memory.Heap);
        Trend("files", memory => memory.Files);
        foreach (var (untold, count) in _untold.OrderByDescending(entry => entry.Value).Take(FindingsShown))
        {
            print($"not in the document: {untold} ({count} times)");
        }

        _findings.Take(FindingsShown).ToList().ForEach(print);
        print($"{_failed} answers that must not be, {_slow} over {Slow.TotalSeconds} s, {(host.Ended is { } end ? $"the host ended with {end}" : "the host lives")}");
        if (host.Ended is not null)
        {
            print(host.Lines);
        }

        return _failed == 0 && _slow == 0 && host.Ended is null;
    }

    private async Task Work(Requests requests, Sender sender)
    {
        for (var i = Interlocked.Increment(ref _next) - 1; i < options.Requests && host.Ended is null; i = Interlocked.Increment(ref _next) - 1)
        {
            var request = requests.Make(options.From + i);
            var begun = Stopwatch.GetTimestamp();
            FuzzAnswer answer;
            try
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(Sender.SecondsMax));
                answer = await sender.Send(request, patience.Token);
            }
            catch (OperationCanceledException)
            {
                answer = new(0, null, "no answer at all");
            }

            Note(request, answer, Stopwatch.GetElapsedTime(begun));
            Interlocked.Increment(ref _ended);
        }
    }

    private void Note(FuzzRequest request, FuzzAnswer answer, TimeSpan took)
    {
        _statuses.AddOrUpdate(answer.Status, 1, (_, count) => count + 1);
        // 505 is what a request of no known version of HTTP is to be told.
        if ((answer.Status >= 500 && !(answer.Status == 505 && request.Raw is not null)) || answer.Fault is not null)
        {
            Interlocked.Increment(ref _failed);
            _findings.Enqueue($"{answer.Status} {answer.Code} {answer.Fault} of {request}");
        }

        if (took > Slow)
        {
            Interlocked.Increment(ref _slow);
            var slow = $"{answer.Status} after {took.TotalSeconds:F1} s of {request}";
            _findings.Enqueue(slow);
            print(slow);
        }

        if (answer.Code is { } code && request.Method == request.Operation.Method && !request.Operation.Codes.Contains(code)
            && code is not ("unknown_address" or "method_not_allowed"))
        {
            _untold.AddOrUpdate($"{request.Operation} {answer.Status} {code}", 1, (_, count) => count + 1);
        }

        if (options.Show)
        {
            print($"{request}\n  {answer.Status} {answer.Code} in {took.TotalMilliseconds:F0} ms");
        }
    }

    private async Task Measure(HttpClient http, CancellationToken over)
    {
        var step = Math.Max(1, options.Requests / SamplesWanted);
        try
        {
            for (var wanted = 0; host.Ended is null; await Task.Delay(50, over))
            {
                if (_ended >= wanted)
                {
                    var memory = await host.Memory(http);
                    _memory.Add((_ended, memory));
                    print($"{_ended,8}  {memory.Own,6:F0}  {memory.Heap,7:F0}  {memory.Files,8:F0}");
                    wanted = _ended + step;
                }
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The last request was answered.
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
        {
            print($"memory can't be measured any more: {e.Message}");
        }
    }

    /// <summary>The straight line through what was measured after the first third.</summary>
    private void Trend(string what, Func<Memory, double> measure)
    {
        double Value((int Requests, Memory Memory) sample) => measure(sample.Memory);
        var late = _memory.Where(sample => sample.Requests >= options.Requests / 3).ToList();
        if (late.Count < 3)
        {
            return;
        }

        double x = late.Average(sample => sample.Requests), y = late.Average(Value);
        var slope = late.Sum(s => (s.Requests - x) * (Value(s) - y)) / late.Sum(s => (s.Requests - x) * (s.Requests - x));
        var (rest, spread) = (
            late.Sum(s => Math.Pow(Value(s) - y - (slope * (s.Requests - x)), 2)), late.Sum(s => Math.Pow(Value(s) - y, 2)));
        print($"{what}: {slope * 100_000:+0.0;-0.0} MB per 100,000 requests after the first third, R² {(spread > 0 ? 1 - (rest / spread) : 0):F2}");
    }
}
