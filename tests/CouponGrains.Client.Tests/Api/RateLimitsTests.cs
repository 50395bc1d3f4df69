using System.Net;
using CouponGrains.Api;
using CouponGrains.Api.Hosting;
using CouponGrains.Api.Wire;
using CouponGrains.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace CouponGrains.Client.Tests.Api;

public sealed class RateLimitsTests
{
    [Fact]
    public async Task A_caller_who_asks_too_often_is_told_when_to_come_back_and_nobody_else_is()
    {
        using var limits = Limits(new(3, 1));
        for (var left = 2; left >= 0; left--)
        {
            var answer = await Ask(limits, "GET", "10.0.0.1");
            Assert.Equal(200, answer.StatusCode);
            Assert.Equal($"\"reads\";r={left};t={(3 - left) * 20}", answer.Headers["RateLimit"]);
            Assert.Equal("\"reads\";q=3;w=60", answer.Headers["RateLimit-Policy"]);
        }

        var refused = await Ask(limits, "GET", "10.0.0.1");
        Assert.Equal((429, "application/problem+json"), (refused.StatusCode, refused.ContentType));
        Assert.InRange(int.Parse(refused.Headers.RetryAfter!), 1, 60);
        Assert.Equal(200, (await Ask(limits, "GET", "10.0.0.2")).StatusCode);
    }

    [Fact]
    public async Task Writes_are_counted_apart_from_reads()
    {
        using var limits = Limits(new(1, 1));
        Assert.Equal(200, (await Ask(limits, "GET", "10.0.0.1")).StatusCode);
        Assert.Equal(200, (await Ask(limits, "POST", "10.0.0.1")).StatusCode);
        Assert.Equal(429, (await Ask(limits, "DELETE", "10.0.0.1")).StatusCode);
        Assert.Equal(429, (await Ask(limits, "HEAD", "10.0.0.1")).StatusCode);
    }

    [Fact]
    public async Task The_addresses_of_one_network_of_IPv6_are_one_caller()
    {
        using var limits = Limits(new(1, 0));
        Assert.Equal(200, (await Ask(limits, "GET", "2001:db8:1:1::1")).StatusCode);
        Assert.Equal(429, (await Ask(limits, "GET", "2001:db8:1:1::2")).StatusCode);
        Assert.Equal(200, (await Ask(limits, "GET", "2001:db8:1:2::1")).StatusCode);
    }

    [Fact]
    public async Task What_has_no_limit_and_what_is_no_part_of_the_API_is_not_counted()
    {
        using var limits = Limits(new(1, 0));
        for (var i = 0; i < 3; i++)
        {
            Assert.False((await Ask(limits, "POST", "10.0.0.1")).Headers.ContainsKey("RateLimit"));
            Assert.Equal(200, (await Ask(limits, "GET", "10.0.0.1", "/health/live")).StatusCode);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(59)]
    [InlineData(100)]
    [InlineData(119)]
    [InlineData(60_000)]
    public void A_minute_fills_the_bucket_and_no_less(int perMinute)
    {
        var (tokens, period) = RateLimits.Refill(perMinute);
        Assert.Equal(perMinute, tokens * (TimeSpan.FromMinutes(1) / period), 0.01);
    }

    [Fact]
    public async Task Behind_a_proxy_a_caller_is_the_address_that_it_added_and_not_what_he_wrote_himself()
    {
        foreach (var (behind, told) in new[] { (true, "10.0.0.7"), (false, "127.0.0.1") })
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            await using var app = builder.Build();
            new Front(IPAddress.Loopback, 0) { TlsProxy = behind }.Guard(app);
            app.MapGet("/", (HttpContext http) => RateLimits.AddressOf(http));
            await app.StartAsync();
            using var client = new HttpClient();
            client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9, 10.0.0.7");
            Assert.Equal(told, await client.GetStringAsync(app.Urls.Single()));
        }
    }

    [Fact]
    public void There_are_limits_unless_the_process_answers_this_machine_alone()
    {
        Assert.Equal(new(0, 0), Read("127.0.0.1"));
        Assert.Equal(new(60_000, 30_000, 120), Read("0.0.0.0"));
        Assert.Equal(new(10, 30_000, 7), Read("0.0.0.0", ("ReadsPerMinute", "10"), ("StrangersPerMinute", "7")));
        Assert.Equal(new(0, 5), Read("127.0.0.1", ("WritesPerMinute", "5")));
        Assert.Equal(
            RefusalCodes.BadOption,
            Assert.Throws<RefusedException>(() => Read("127.0.0.1", ("WritesPerMinute", "-1"))).Refusal.Code);
    }

    private static RateOptions Read(string listen, params (string Name, string Value)[] settings) =>
        RateLimitSettings.Read(
            new ConfigurationBuilder().AddInMemoryCollection(settings.Select(
                setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))).Build(),
            new(IPAddress.Parse(listen), 8080));

    private static RateLimits Limits(RateOptions options) => new(_ => Task.CompletedTask, options);

    private static async Task<HttpResponse> Ask(RateLimits limits, string method, string address, string path = "/v1/users")
    {
        var http = new DefaultHttpContext();
        (http.Request.Method, http.Request.Path) = (method, path);
        http.Connection.RemoteIpAddress = IPAddress.Parse(address);
        await limits.Invoke(http);
        return http.Response;
    }
}
