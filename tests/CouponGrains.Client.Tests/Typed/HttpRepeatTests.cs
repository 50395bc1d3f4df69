using System.Collections.Concurrent;
using System.Net;
using CouponGrains.Contracts.Coupons;
using CouponGrains.Contracts.Wire;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Offers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CouponGrains.Client.Tests.Typed;

/// <summary>The HTTP client before a server that fails as it is told.</summary>
public sealed class HttpRepeatTests : IAsyncLifetime
{
    private static readonly Currency Usd = new("USD");

    private readonly ConcurrentQueue<Func<HttpContext, Task>> _answers = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly WebApplication _server = Server();
    private ServiceProvider _services = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ICouponsClient Client => _services.GetRequiredService<ICouponsClient>();

    public async ValueTask InitializeAsync()
    {
        _server.Run(http =>
        {
            _asked.Enqueue($"{http.Request.Method} {http.Request.Path} {http.Request.Headers.Authorization}".Trim());
            return _answers.TryDequeue(out var answer) ? answer(http) : Refuse(http, 503, "unavailable");
        });
        await _server.StartAsync(Cancel);
        _services = Services(new(_server.Urls.Single()), 2);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task What_carries_an_id_is_sent_again_until_it_is_answered()
    {
        _answers.Enqueue(http => Refuse(http, 503, "unavailable"));
        _answers.Enqueue(http =>
        {
            http.Abort();
            return Task.CompletedTask;
        });
        _answers.Enqueue(http => Json(http, 201, new { index = 0, id = "e", status = "accepted", newer = true }));
        Assert.Equal(AppendStatus.Accepted, await Client.Record(Event, Cancel));
        Assert.Equal(Enumerable.Repeat("POST /v1/events Bearer secret", 3), _asked);
    }

    [Fact]
    public async Task A_request_that_the_server_is_still_at_work_on_is_sent_again()
    {
        _answers.Enqueue(http =>
        {
            http.Response.Headers.RetryAfter = "1";
            return Refuse(http, 409, "in_flight");
        });
        _answers.Enqueue(http => Json(http, 200, new { index = 0, id = "e", status = "duplicate" }));
        Assert.Equal(AppendStatus.Duplicate, await Client.Record(Event, Cancel));
        Assert.Equal(2, _asked.Count);
    }

    [Fact]
    public async Task A_list_is_read_page_by_page_and_no_further_than_the_reader_goes()
    {
        _answers.Enqueue(http => Json(http, 200, new Page<WalletEntry>([Entry("AAAAA", 2), Entry("BBBBB", 1)], true, "b/1")));
        _answers.Enqueue(http => Json(http, 200, new Page<WalletEntry>([Entry("CCCCC", 0)], false, null)));
        Assert.Equal("AAAAA", (await Client.Wallet(new("u"), Cancel).FirstAsync(Cancel)).Coupon.Code);
        Assert.Single(_asked);
        _answers.Clear();
        _answers.Enqueue(http => Json(http, 200, new Page<WalletEntry>([Entry("AAAAA", 2), Entry("BBBBB", 1)], true, "b/1")));
        _answers.Enqueue(http =>
        {
            Assert.Equal("?limit=100&cursor=b%2F1", http.Request.QueryString.Value);
            return Json(http, 200, new Page<WalletEntry>([Entry("CCCCC", 0)], false, null));
        });
        Assert.Equal(
            ["AAAAA", "BBBBB", "CCCCC"],
            await Client.Wallet(new("u"), Cancel).Select(entry => entry.Coupon.Code).ToArrayAsync(Cancel));
    }

    [Fact]
    public async Task What_stays_unanswered_is_told_as_unknown_after_the_last_try()
    {
        var refused = await Assert.ThrowsAsync<CouponsException>(() => Client.Record(Event, Cancel));
        Assert.True(refused.IsUnknown);
        Assert.Equal(("unavailable", "r-1", 3), (refused.Code, refused.RequestId, _asked.Count));
    }

    [Fact]
    public async Task What_might_be_done_twice_is_sent_once()
    {
        var campaign = new Campaign
        {
            Id = new("c"), Name = "C", Start = DateTimeOffset.UnixEpoch, End = DateTimeOffset.MaxValue,
            Budget = new(1, Usd),
            Guardrails = new()
            {
                Cap = new(1, Usd), MinimumSpendMin = new(0, Usd), MinimumSpendMax = new(1, Usd),
                AmountStep = new(1, Usd),
            },
        };
        var refused = await Assert.ThrowsAsync<CouponsException>(() => Client.Create(campaign, Cancel));
        Assert.True(refused.IsUnknown);
        Assert.Single(_asked);
    }

    [Fact]
    public async Task A_refusal_is_not_sent_again_and_says_where_the_fault_is()
    {
        _answers.Enqueue(http => Json(
            http, 400, new
            {
                code = "wrong_type", detail = "Expected text.", requestId = "r-2",
                errors = new[] { new { pointer = "/kind", code = "wrong_type", detail = "Expected text." } },
            }, "application/problem+json"));
        var refused = await Assert.ThrowsAsync<CouponsException>(() => Client.Record(Event, Cancel));
        Assert.Equal(("wrong_type", "/kind", "r-2", false),
            (refused.Code, refused.Refusal.Pointer, refused.RequestId, refused.IsUnknown));
        Assert.Single(_asked);
    }

    [Fact]
    public async Task A_page_of_a_proxy_is_told_by_its_status()
    {
        _answers.Enqueue(http =>
        {
            http.Response.StatusCode = 404;
            return http.Response.WriteAsync("<html>", Cancel);
        });
        var refused = await Assert.ThrowsAsync<CouponsException>(() => Client.Models(Cancel));
        Assert.Contains("404", refused.Refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_missed_while_the_connection_was_broken_comes_from_the_wallet()
    {
        var (first, missed, last) = (Entry("AAAAA", 1), Entry("BBBBB", 2), Entry("CCCCC", 3));
        _answers.Enqueue(http => Json(http, 200, new Page<WalletEntry>([first], false, null)));
        _answers.Enqueue(http => Events(http, Ready));
        _answers.Enqueue(http => Json(http, 200, new Page<WalletEntry>([first], false, null)));
        _answers.Enqueue(http => Events(http, Ready, Message(last)));
        _answers.Enqueue(http => Json(http, 200, new Page<WalletEntry>([last, missed, first], false, null)));
        var heard = new List<string>();
        await foreach (var push in Client.Listen(new("u"), Cancel))
        {
            heard.Add(push.Coupon.Code);
            if (heard.Count == 2)
            {
                break;
            }
        }

        Assert.Equal(["BBBBB", "CCCCC"], heard);
    }

    [Fact]
    public void Wrong_options_are_told_when_the_client_is_asked_for()
    {
        using var services = Services(new("ftp://coupons"), 2);
        var wrong = Assert.Throws<OptionsValidationException>(() =>
        {
            _ = services.GetRequiredService<IOptions<CouponsClientOptions>>().Value;
        });
        Assert.Contains("http://", wrong.Message, StringComparison.Ordinal);
    }

    private const string Ready = "event: ready\ndata: {}\n\n";

    private static UserEvent Event => new()
    {
        Id = new("e"), User = new("u"), Kind = EventKind.View, Item = new("i"), At = DateTimeOffset.UnixEpoch,
    };

    private static WebApplication Server()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        return builder.Build();
    }

    private static ServiceProvider Services(Uri address, int repeats) => new ServiceCollection()
        .AddCouponsClient(options => (options.Address, options.Key, options.Repeats) = (address, "secret", repeats))
        .BuildServiceProvider();

    private static WalletEntry Entry(string code, int hour) => new(
        new()
        {
            Code = code, User = new("u"), Offer = new("o"), Campaign = new("c"), IssueKey = code,
            IssuedAt = DateTimeOffset.UnixEpoch.AddHours(hour), ExpiresAt = DateTimeOffset.UnixEpoch.AddDays(1),
        },
        new() { Id = new("o"), Campaign = new("c"), Title = "O", Kind = OfferKind.PercentOff, PercentBasisPoints = 1 });

    private static string Message(WalletEntry entry)
    {
        var push = new CouponPush(entry.Coupon, entry.Offer, []);
        return $"event: coupon\ndata: {System.Text.Json.JsonSerializer.Serialize(push, WireJson.Options)}\n\n";
    }

    private static Task Events(HttpContext http, params string[] messages)
    {
        http.Response.ContentType = "text/event-stream";
        return http.Response.WriteAsync(string.Concat(messages), Cancel);
    }

    private static Task Refuse(HttpContext http, int status, string code) => Json(
        http, status, new { code, detail = "Not now.", requestId = "r-1" }, "application/problem+json");

    private static Task Json(HttpContext http, int status, object body, string type = "application/json")
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(body, WireJson.Options, type, Cancel);
    }
}
