using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace CouponGrains.EndToEnd.Tests;

/// <summary>How often each answer came, by its code.</summary>
internal sealed class Told(IEnumerable<string> answers)
{
    private readonly Dictionary<string, int> _counts =
        answers.CountBy(answer => answer).ToDictionary(count => count.Key, count => count.Value);

    public int this[string answer] => _counts.GetValueOrDefault(answer);

    public override string ToString() =>
        string.Join(", ", _counts.OrderByDescending(c => c.Value).Select(c => $"{c.Key} {c.Value}"));
}

/// <summary>Very many customers at once, at several front ends. Whoever gets no answer asks again, with his key and
/// elsewhere, until he has one.</summary>
internal sealed class Rush : IDisposable
{
    /// <summary>A budget that no rush uses up, in cents.</summary>
    public const long Plenty = 1_000_000_00;

    private const int Lines = 800;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _lines = new(Lines);
    private readonly List<HttpClient> _fronts;
    private readonly Random _random;
    private readonly Dictionary<string, List<(string User, string Code)>> _coupons = [];
    private int _rushes;
    private int _answered;

    public Rush(IEnumerable<Uri> fronts, int seed)
    {
        _fronts = [.. fronts.Select(front => new HttpClient { BaseAddress = front, Timeout = AnswerTime })];
        _random = new(seed);
    }

    /// <summary>How many redemptions were answered for good.</summary>
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>Requests of the last rush that were begun and not answered, when there were most.</summary>
    public int MostAtOnce { get; private set; }

    public static object Usd(long minor) => new { minor, currency = "USD" };

    public void Dispose()
    {
        _fronts.ForEach(front => front.Dispose());
        _lines.Dispose();
    }

    /// <summary>Opens a campaign whose only offer is a tenth off.</summary>
    public async Task Open(string campaign, int perUser)
    {
        await Done("/v1/campaigns", new
        {
            id = campaign, name = campaign, start = "2020-01-01T00:00:00Z", end = "2099-01-01T00:00:00Z",
            budget = Usd(Plenty),
            caps = new { openPerUser = 1_000, issuedPerUser = 1_000, redeemedPerUser = perUser },
            guardrails = new
            {
                cap = Usd(50_00), minimumSpendMin = Usd(0), minimumSpendMax = Usd(0), amountStep = Usd(1),
                wholeCart = true,
            },
        });
        var tenth = new { id = $"{campaign}-tenth", title = "A tenth off", kind = "percent_off", percentBasisPoints = 1_000 };
        await Done($"/v1/campaigns/{campaign}/offers", new { offers = new[] { tenth } });
        await Done($"/v1/campaigns/{campaign}/activate", new { });
    }

    /// <summary>Patches a campaign.</summary>
    public async Task Change(string campaign, object patch)
    {
        using var answer = await _fronts[0].PatchAsJsonAsync($"/v1/campaigns/{campaign}", patch);
        await Shopping.Is(HttpStatusCode.OK, answer);
    }

    /// <summary>Issues so many coupons to so many users.</summary>
    public async Task Issue(string campaign, int count, int users)
    {
        _coupons[campaign] = [.. await Task.WhenAll(Enumerable.Range(0, count).Select(async i =>
        {
            var user = $"{campaign}-{i % users}";
            var body = await Done("/v1/publications", new { user, campaign, offer = campaign + "-tenth", key = $"{i}" }, i);
            return (user, body.GetProperty("code").GetString()!);
        }))];
    }

    /// <summary>Presents every coupon of the campaign at once, each under a new key and on a connection of its own: all
    /// requests have reached the front ends before the body of the first is sent.</summary>
    /// <param name="campaign">The campaign.</param>
    /// <param name="minor">What each takes off, in cents; between 1 and 5 if null.</param>
    public async Task<Told> Redeem(string campaign, int? minor)
    {
        var number = ++_rushes;
        var crowd = new Crowd(_coupons[campaign].Count);
        var wishes = _coupons[campaign].Select((coupon, i) => (Coupon: coupon, Minor: minor ?? _random.Next(1, 6), At: i));
        var told = new Told(await Task.WhenAll(wishes.ToList().Select(wish => Task.Run(async () =>
        {
            var (status, body) = await Answer("/v1/redemptions",
                Checkout(wish.Coupon.User, wish.Coupon.Code, $"{campaign}-{number}-{wish.At}", wish.Minor), wish.At,
                new(crowd));
            Interlocked.Increment(ref _answered);
            if (status != HttpStatusCode.Created)
            {
                return body.GetProperty("code").GetString()!;
            }

            var given = body.GetProperty("discount").GetProperty("total").GetProperty("minor").GetInt64();
            return given == wish.Minor ? "redeemed" : $"redeemed with {given} instead of {wish.Minor}";
        }))));
        MostAtOnce = crowd.MostAtOnce;
        return told;
    }

    /// <summary>Waits until so many redemptions are answered.</summary>
    public async Task Until(int answered)
    {
        using var over = new CancellationTokenSource(HostRun.Patience);
        while (Answered < answered)
        {
            await Task.Delay(5, over.Token);
        }
    }

    private static object Checkout(string user, string code, string key, int minor) => new
    {
        user, key, code, order = "o-" + key,
        cart = new
        {
            currency = "USD",
            lines = new[] { new { item = "1001", quantity = 1, unitPrice = Usd(minor * 10) } },
        },
    };

    private async Task<JsonElement> Done(string path, object content, int at = 0)
    {
        var (status, body) = await Answer(path, content, at);
        Assert.True(status is HttpStatusCode.Created or HttpStatusCode.OK, $"{path} was answered {status}: {body}");
        return body;
    }

    /// <summary>The answer for good: what is not known to be done or refused is asked again.</summary>
    private async Task<(HttpStatusCode Status, JsonElement Body)> Answer(
        string path, object content, int at, Visitor? visitor = null)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(content, JsonSerializerOptions.Web);
        for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < 2 * HostRun.Patience; at++)
        {
            using var line = new Line(_lines);
            await line.Take();
            try
            {
                using var sent = new Together(json, visitor, line);
                using var answer = await _fronts[at % _fronts.Count].PostAsync(path, sent);
                var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
                if (answer.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests
                    or HttpStatusCode.RequestTimeout))
                {
                    return (answer.StatusCode, body);
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or JsonException)
            {
                // Nobody knows what became of it.
            }
            finally
            {
                visitor?.Left();
            }

            await Task.Delay(Pause);
        }

        throw new TimeoutException($"{path} was not answered for good in {2 * HostRun.Patience}.");
    }
}
