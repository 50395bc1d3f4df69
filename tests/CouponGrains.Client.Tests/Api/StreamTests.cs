using System.Net;

namespace CouponGrains.Client.Tests.Api;

public sealed class StreamTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_coupon_is_heard_as_it_is_issued_and_the_stream_beats_and_ends_cleanly()
    {
        var api = new ApiFixture();
        await api.InitializeAsync();
        await using var running = api;
        var (user, campaign) = (api.Name("user"), await api.Campaign());
        using var response = await api.Http.GetAsync(
            $"/v1/users/{user}/coupons/stream", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await Until(reader, line => line == "event: ready");
        await Until(reader, line => line == ": heartbeat");

        var code = (await api.Post("/v1/publications", new { user, campaign, key = "k" })).Is(HttpStatusCode.Created)
            .Text("code");
        await Until(reader, line => line == "event: coupon");
        Assert.Equal($"id: {code}", await reader.ReadLineAsync());
        Assert.Contains(code, await reader.ReadLineAsync());

        // Another user's coupon is not for these ears: the next thing heard is a heartbeat.
        var other = (await api.Post("/v1/publications", new { user = api.Name("user"), campaign, key = "k" }))
            .Is(HttpStatusCode.Created).Text("code");
        Assert.DoesNotContain(other, await Until(reader, line => line == ": heartbeat"));

        var stopping = api.Stop();
        using var over = new CancellationTokenSource(Patience);
        while (await reader.ReadLineAsync(over.Token) is not null)
        {
            // Heartbeats until the end.
        }

        await stopping.WaitAsync(Patience);
    }

    [Fact]
    public async Task Who_heard_nothing_yet_and_comes_back_is_told_what_he_missed()
    {
        var api = new ApiFixture();
        await api.InitializeAsync();
        await using var running = api;
        var (user, campaign) = (api.Name("user"), await api.Campaign());
        var id = await Ready();
        Assert.Equal("none", id);
        var code = (await api.Post("/v1/publications", new { user, campaign, key = "k" })).Is(HttpStatusCode.Created)
            .Text("code");
        Assert.Equal(code, await Ready());
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/users/{user}/coupons/stream");
        request.Headers.Add("Last-Event-ID", id);
        using var response = await api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await Until(reader, line => line == "event: coupon");
        Assert.Equal($"id: {code}", await reader.ReadLineAsync());

        async Task<string> Ready()
        {
            using var opened = await api.Http.GetAsync(
                $"/v1/users/{user}/coupons/stream", HttpCompletionOption.ResponseHeadersRead);
            using var lines = new StreamReader(await opened.Content.ReadAsStreamAsync());
            await Until(lines, line => line == "event: ready");
            return (await lines.ReadLineAsync())!["id: ".Length..];
        }
    }

    [Fact]
    public async Task The_probes_and_the_page_answer()
    {
        var api = new ApiFixture();
        await api.InitializeAsync();
        await using var running = api;
        Assert.Equal("live", (await api.Get("/health/live")).Is(HttpStatusCode.OK).Text("status"));
        Assert.Equal("ready", (await api.Get("/health/ready")).Is(HttpStatusCode.OK).Text("status"));
        using var page = await api.Http.GetAsync("/");
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains("default-src 'none'; script-src 'self'", page.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("Unknown user", (await api.Get("/problems/unknown_user")).Is(HttpStatusCode.OK).Text("title"));
    }

    private static async Task<string> Until(StreamReader reader, Func<string, bool> found)
    {
        using var over = new CancellationTokenSource(Patience);
        var passed = "";
        while (await reader.ReadLineAsync(over.Token) is { } line)
        {
            if (found(line))
            {
                return passed;
            }

            passed += line + "\n";
        }

        throw new InvalidOperationException($"The stream ended:\n{passed}");
    }
}
