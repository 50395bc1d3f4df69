using System.Net;
using System.Text.Json;

namespace CouponGrains.Client.Tests.Api;

public sealed class OfferStreamTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Offers_are_told_again_when_they_have_changed_and_whoever_comes_back_hears_only_what_is_new()
    {
        var (user, campaign) = (api.Name("user"), await api.Campaign());
        string first;
        using (var listener = await Listener.Open(api, $"/v1/users/{user}/offers/stream?campaign={campaign}"))
        {
            (first, var offers) = await listener.Next();
            Assert.Equal([campaign + "-tenth"], Ids(offers));
            await listener.Beat();

            await Add(campaign, "second");
            var (second, more) = await listener.Next();
            Assert.NotEqual(first, second);
            Assert.Equal(2, Ids(more).Count);
            first = second;
        }

        // Nothing has changed: it is quiet, until something does.
        using (var again = await Listener.Open(api, $"/v1/users/{user}/offers/stream?campaign={campaign}", first))
        {
            await again.Beat();
            Assert.Equal(0, again.Heard);
        }

        await Add(campaign, "third");
        await Add(campaign, "fourth");
        using var back = await Listener.Open(api, $"/v1/users/{user}/offers/stream?campaign={campaign}", first);
        Assert.Equal(4, Ids((await back.Next()).Offers).Count);
    }

    [Fact]
    public async Task An_issued_coupon_changes_what_is_offered()
    {
        var (user, campaign) = (api.Name("user"), await api.Campaign());
        using var listener = await Listener.Open(api, $"/v1/users/{user}/offers/stream?campaign={campaign}");
        Assert.Single(Ids((await listener.Next()).Offers));
        (await api.Post("/v1/publications", new { user, campaign, key = "k" })).Is(HttpStatusCode.Created);
        Assert.Empty(Ids((await listener.Next()).Offers)); // One open coupon of a campaign is the cap.
    }

    [Fact]
    public async Task A_wrong_question_is_a_problem_and_no_stream()
    {
        (await api.Get("/v1/users/u/offers/stream?count=0")).IsProblem(
            HttpStatusCode.UnprocessableEntity, "invalid_value");
    }

    [Fact]
    public async Task Coupons_that_were_missed_come_from_the_wallet()
    {
        var user = api.Name("user");
        var codes = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            codes.Add((await api.Post("/v1/publications", new { user, campaign = await api.Campaign(), key = $"k{i}" }))
                .Is(HttpStatusCode.Created).Text("code"));
        }

        using var back = await Listener.Open(api, $"/v1/users/{user}/coupons/stream", codes[0]);
        Assert.Equal(codes[1], (await back.Next()).Id);
        Assert.Equal(codes[2], (await back.Next()).Id);
        await back.Beat();
        Assert.Equal(2, back.Heard);
    }

    private async Task Add(string campaign, string offer) =>
        (await api.Post($"/v1/campaigns/{campaign}/offers", new
        {
            offers = new[] { ApiFixture.OfferBody($"{campaign}-{offer}") },
        })).Is(HttpStatusCode.OK);

    private static IReadOnlyList<string> Ids(JsonElement answer) =>
        [.. answer.GetProperty("offers").EnumerateArray()
            .Select(o => o.GetProperty("offer").GetProperty("id").GetString()!)];

    /// <summary>One who listens to a stream of server-sent events.</summary>
    private sealed class Listener(HttpResponseMessage response, StreamReader lines) : IDisposable
    {
        /// <summary>Events heard so far.</summary>
        public int Heard { get; private set; }

        public static async Task<Listener> Open(ApiFixture api, string path, string? lastHeard = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (lastHeard is not null)
            {
                request.Headers.Add("Last-Event-ID", lastHeard);
            }

            var response = await api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
            return new(response, new(await response.Content.ReadAsStreamAsync()));
        }

        /// <summary>The next event.</summary>
        public async Task<(string Id, JsonElement Offers)> Next()
        {
            var id = (await Until("id: "))["id: ".Length..];
            var data = (await Until("data: "))["data: ".Length..];
            return (id, JsonDocument.Parse(data).RootElement);
        }

        /// <summary>Reads up to a heartbeat.</summary>
        public Task<string> Beat() => Until(": heartbeat");

        public void Dispose()
        {
            lines.Dispose();
            response.Dispose();
        }

        private async Task<string> Until(string beginning)
        {
            using var over = new CancellationTokenSource(Patience);
            while (await lines.ReadLineAsync(over.Token) is { } line)
            {
                Heard += line.StartsWith("id: ", StringComparison.Ordinal) ? 1 : 0;
                if (line.StartsWith(beginning, StringComparison.Ordinal))
                {
                    return line;
                }
            }

            throw new InvalidOperationException("The stream ended.");
        }
    }
}
