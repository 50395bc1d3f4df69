using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace CouponGrains.EndToEnd.Tests;

/// <summary>A shop's checkout and shop window over HTTP, that remembers every promise it was given. A request without
/// an answer is neither done nor not done: it is sent again later, with the same key.</summary>
internal sealed class Traffic(int seed)
{
    public const string Campaign = "drain";
    public const long Budget = 60_00;
    private const int Users = 30;
    private const int Offers = 6;
    private const int Workers = 6;
    private const long Price = 10_00;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _answers = [];
    private readonly List<Issue> _unanswered = [];
    private readonly Dictionary<string, string> _keys = [];
    private int _number;

    /// <summary>Events that were acknowledged.</summary>
    public List<(string Id, string User)> Events { get; } = [];

    /// <summary>Coupons that were acknowledged.</summary>
    public List<Issue> Issues { get; } = [];

    /// <summary>Redemptions that were acknowledged.</summary>
    public List<Redeemed> Redemptions { get; } = [];

    /// <summary>Keys of redemptions whose roll-back was asked for, acknowledged or not.</summary>
    public HashSet<string> RollbacksAsked { get; } = [];

    /// <summary>How often each answer came, by its code; <c>none</c> for requests without an answer.</summary>
    public string Answers
    {
        get
        {
            lock (_gate)
            {
                return string.Join(", ", _answers.OrderBy(a => a.Key).Select(a => $"{a.Key} {a.Value}"));
            }
        }
    }

    /// <summary>How many requests were answered.</summary>
    public int Answered
    {
        get
        {
            lock (_gate)
            {
                return _answers.Where(answer => answer.Key != "none").Sum(answer => answer.Value);
            }
        }
    }

    public int Count(string answer)
    {
        lock (_gate)
        {
            return _answers.GetValueOrDefault(answer);
        }
    }

    public sealed record Issue(string User, string Key, string Offer, string Code);

    public sealed record Redeemed(string User, string Key, string Code, long Minor);

    /// <summary>Makes the campaign whose budget is fought for. Doing it again changes nothing.</summary>
    public static async Task Prepare(HttpClient http)
    {
        static object Usd(long minor) => new { minor, currency = "USD" };
        var campaign = new
        {
            id = Campaign, name = "Drain", start = "2020-01-01T00:00:00Z", end = "2099-01-01T00:00:00Z",
            budget = Usd(Budget),
            caps = new { openPerUser = 1_000, issuedPerUser = 100_000, redeemedPerUser = 100_000 },
            guardrails = new
            {
                cap = Usd(50_00), minimumSpendMin = Usd(0), minimumSpendMax = Usd(0), amountStep = Usd(1),
                wholeCart = true,
            },
        };
        using var created = await http.PostAsJsonAsync("/v1/campaigns", campaign);
        Assert.True(created.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict,
            await created.Content.ReadAsStringAsync());
        var offers = Enumerable.Range(0, Offers).Select(i => new
        {
            id = $"drain-{i}", title = "A tenth off", kind = "percent_off", percentBasisPoints = 1_000,
            validForSeconds = 864_000,
        });
        using var added = await http.PostAsJsonAsync($"/v1/campaigns/{Campaign}/offers", new { offers });
        Assert.True(added.IsSuccessStatusCode, await added.Content.ReadAsStringAsync());
        using var active = await http.PostAsync($"/v1/campaigns/{Campaign}/activate", null);
        Assert.True(active.IsSuccessStatusCode, await active.Content.ReadAsStringAsync());
    }

    /// <summary>Sends requests until <paramref name="stop"/>.</summary>
    public Task Run(HttpClient http, int round, CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            var random = new Random(HashCode.Combine(seed, round, worker));
            while (!stop.IsCancellationRequested)
            {
                await Step(http, random);
            }
        })));

    /// <summary>Asks again for what was acknowledged: a replay must be answered as the first time.</summary>
    public async Task Replay(HttpClient http, int count)
    {
        foreach (var done in Redemptions.Where(r => !RollbacksAsked.Contains(r.Key)).TakeLast(count))
        {
            var (status, body) = await Send(http, "/v1/redemptions", Checkout(done.User, done.Key, done.Code));
            Assert.True(status == HttpStatusCode.Created, $"The replay of {done.Key} was answered {status}: {body}");
            Assert.Equal(done.Minor, body.GetProperty("discount").GetProperty("total").GetProperty("minor").GetInt64());
        }

        foreach (var issue in Issues.TakeLast(count))
        {
            var (_, body) = await Send(http, "/v1/publications", Publication(issue));
            Assert.Equal(issue.Code, body.GetProperty("code").GetString());
        }
    }

    private async Task Step(HttpClient http, Random random)
    {
        switch (random.NextDouble())
        {
            case < 0.3:
                await Observe(http, random);
                break;
            case < 0.6:
                await Publish(http, random);
                break;
            case < 0.95:
                await Redeem(http, random);
                break;
            default:
                await RollBack(http, random);
                break;
        }
    }

    private async Task Observe(HttpClient http, Random random)
    {
        var id = $"t-{Interlocked.Increment(ref _number)}";
        var user = User(random);
        var (status, _) = await Send(http, "/v1/events", new
        {
            id, user, kind = "view", item = $"{1000 + random.Next(60)}",
            at = DateTimeOffset.UnixEpoch.AddDays(20_000).AddSeconds(_number),
        });
        if (status is HttpStatusCode.Created or HttpStatusCode.OK)
        {
            lock (_gate)
            {
                Events.Add((id, user));
            }
        }
    }

    private async Task Publish(HttpClient http, Random random)
    {
        Issue wish;
        lock (_gate)
        {
            wish = _unanswered.Count > 0 && random.Next(2) == 0
                ? _unanswered[random.Next(_unanswered.Count)]
                : new(User(random), $"i-{++_number}", $"drain-{random.Next(Offers)}", "");
        }

        var (status, body) = await Send(http, "/v1/publications", Publication(wish));
        lock (_gate)
        {
            _unanswered.Remove(wish);
            if (status == HttpStatusCode.Created)
            {
                Issues.Add(wish with { Code = body.GetProperty("code").GetString()! });
            }
            else if (status is null)
            {
                _unanswered.Add(wish);
            }
        }
    }

    private async Task Redeem(HttpClient http, Random random)
    {
        Issue coupon;
        string key;
        lock (_gate)
        {
            if (Issues.Count == 0)
            {
                return;
            }

            coupon = Issues[random.Next(Issues.Count)];
            // Mostly the coupon's first key again, now and then another: a second redemption that must be refused.
            key = random.Next(5) > 0 && _keys.TryGetValue(coupon.Code, out var first) ? first : $"r-{++_number}";
            _keys.TryAdd(coupon.Code, key);
        }

        var (status, body) = await Send(http, "/v1/redemptions", Checkout(coupon.User, key, coupon.Code));
        if (status == HttpStatusCode.Created)
        {
            var minor = body.GetProperty("discount").GetProperty("total").GetProperty("minor").GetInt64();
            lock (_gate)
            {
                Redemptions.Add(new(coupon.User, key, coupon.Code, minor));
            }
        }
    }

    private async Task RollBack(HttpClient http, Random random)
    {
        Redeemed done;
        lock (_gate)
        {
            if (Redemptions.Count == 0)
            {
                return;
            }

            done = Redemptions[random.Next(Redemptions.Count)];
            RollbacksAsked.Add(done.Key);
        }

        await Send(http, $"/v1/redemptions/{done.Key}/rollbacks", new { user = done.User });
    }

    private static string User(Random random) => $"{1 + random.Next(Users)}";

    private static object Publication(Issue wish) =>
        new { user = wish.User, campaign = Campaign, offer = wish.Offer, key = wish.Key };

    private static object Checkout(string user, string key, string code) => new
    {
        user, key, code, order = "o-" + key,
        cart = new
        {
            currency = "USD",
            lines = new[] { new { item = "1001", quantity = 1, unitPrice = new { minor = Price, currency = "USD" } } },
        },
    };

    /// <summary>The answer, or no status where it is unknown what became of the request.</summary>
    private async Task<(HttpStatusCode? Status, JsonElement Body)> Send(HttpClient http, string path, object content)
    {
        try
        {
            using var answer = await http.PostAsJsonAsync(path, content);
            var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
            var code = answer.IsSuccessStatusCode ? "done" : body.GetProperty("code").GetString()!;
            Note(code);
            return code is "unavailable" or "internal_error" ? (null, default) : (answer.StatusCode, body);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException or JsonException)
        {
            Note("none");
            return (null, default);
        }
    }

    private void Note(string answer)
    {
        lock (_gate)
        {
            _answers[answer] = _answers.GetValueOrDefault(answer) + 1;
        }
    }
}
