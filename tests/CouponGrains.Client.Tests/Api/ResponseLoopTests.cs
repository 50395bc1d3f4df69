using System.Net;
using System.Text.Json;

namespace CouponGrains.Client.Tests.Api;

/// <summary>The loop of the response model over HTTP: the silo logs its own issues and redemptions, learns from them,
/// and ranks by what it learned. Users redeem the deep coupon of the category they buy, and hardly anything
/// else.</summary>
public sealed class ResponseLoopTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const int Users = 60;
    private const int Kinds = 4;
    private const int Rounds = 9;
    private const string Campaign = "autumn";

    [Fact]
    public async Task A_silo_learns_from_its_own_coupons_who_responds_to_what_and_ranks_by_it()
    {
        await Open();
        var redeemed = await Distribute(new(7));
        Assert.True(redeemed > 50, $"{redeemed} redeemed");
        api.Advance(TimeSpan.FromDays(15));
        await Buy("late", 1, api.Now);
        await Train();

        var first = new List<bool>();
        for (var user = 0; user < Users; user++)
        {
            var answer = await Offers($"u{user}");
            Assert.Equal("model", answer.Text("basis"));
            first.Add(answer.Text("offers", "0", "offer", "id") == Deep(user % Kinds));
        }

        Assert.True(first.Count(hit => hit) >= 0.9 * Users, $"{first.Count(hit => hit)} of {Users} see first what they respond to");
        await Explains();
        await TellsTheColdFromTheKnown();
    }

    private async Task Explains()
    {
        var answer = await Offers("u1");
        var reasons = answer.Find("offers", "0", "reasons").EnumerateArray().ToList();
        foreach (var kind in new[] { "past_item", "value", "feature", "rule" })
        {
            Assert.Contains(reasons, r => r.GetProperty("kind").GetString() == kind);
        }

        // The parts of the items are exact: they sum to the affinity.
        var parts = reasons.Where(r => r.GetProperty("kind").GetString() == "past_item").Sum(r => r.GetProperty("contribution").GetDouble());
        Assert.Equal(answer.Find("offers", "0", "affinity").GetDouble(), parts, 1e-4);
        var redeem = answer.Find("offers").EnumerateArray()
            .ToDictionary(o => o.GetProperty("offer").GetProperty("id").GetString()!, o => o.GetProperty("response").GetProperty("redeem").GetDouble());
        Assert.True(redeem[Deep(1)] > 0.5, $"{redeem[Deep(1)]}");
        Assert.True(redeem[Shallow(1)] < 0.3, $"{redeem[Shallow(1)]}");
    }

    private async Task TellsTheColdFromTheKnown()
    {
        var nobody = await Offers("nobody");
        Assert.Equal("segment", nobody.Text("basis"));
        Assert.All(nobody.Find("offers").EnumerateArray(), IsOfSegment);

        (await api.Send(HttpMethod.Put, "/v1/items", new
        {
            items = new[] { new { id = "new", title = "new", categories = new[] { "NEW" }, price = ApiFixture.Usd(500) } },
        })).Is(HttpStatusCode.OK);
        (await api.Post($"/v1/campaigns/{Campaign}/offers", new
        {
            offers = new[]
            {
                new { id = "cold", title = "cold", kind = "percent_off", percentBasisPoints = 1_000, scope = new { items = new[] { "new" } } },
            },
        })).Is(HttpStatusCode.OK);
        var offers = (await Offers("u1")).Find("offers").EnumerateArray().ToList();
        IsOfSegment(offers.Single(o => o.GetProperty("offer").GetProperty("id").GetString() == "cold"));
        Assert.Contains(offers, o => o.GetProperty("basis").GetString() == "model");
    }

    private static void IsOfSegment(JsonElement offer)
    {
        Assert.Equal("segment", offer.GetProperty("basis").GetString());
        Assert.Contains(offer.GetProperty("reasons").EnumerateArray(), r => r.GetProperty("kind").GetString() == "segment");
    }

    private async Task Open()
    {
        (await api.Send(HttpMethod.Put, "/v1/items", new
        {
            items = Enumerable.Range(0, Kinds * 5).Select(i => new
            {
                id = $"i{i}", title = $"Item {i}", categories = new[] { $"KIND {i / 5}" }, price = ApiFixture.Usd(500),
            }),
        })).Is(HttpStatusCode.OK);
        for (var user = 0; user < Users; user++)
        {
            await Buy($"u{user}", 12, api.Now.AddDays(-30));
        }

        (await api.Post("/v1/campaigns", new
        {
            id = Campaign, name = Campaign, start = "2020-01-01T00:00:00Z", end = "2099-01-01T00:00:00Z",
            budget = ApiFixture.Usd(1_000_000),
            guardrails = new
            {
                cap = ApiFixture.Usd(50_00), minimumSpendMin = ApiFixture.Usd(0), minimumSpendMax = ApiFixture.Usd(20_00),
                amountStep = ApiFixture.Usd(50), wholeCart = true,
            },
            caps = new { openPerUser = 100, issuedPerUser = 100, redeemedPerUser = 100, frequency = new { issuedPerDay = 1 } },
        })).Is(HttpStatusCode.Created);
        (await api.Post($"/v1/campaigns/{Campaign}/offers", new
        {
            offers = Enumerable.Range(0, Kinds).SelectMany(k => new[] { (Id: Shallow(k), Depth: 500, k), (Id: Deep(k), Depth: 2_000, k) })
                .Select(o => new
                {
                    id = o.Id, title = o.Id, kind = "percent_off", percentBasisPoints = o.Depth,
                    scope = new { categories = new[] { $"KIND {o.k}" } },
                }),
        })).Is(HttpStatusCode.OK);
        (await api.Post($"/v1/campaigns/{Campaign}/activate")).Is(HttpStatusCode.OK);
    }

    /// <summary>A coupon for each user in each round, drawn; answers how many were redeemed.</summary>
    private async Task<int> Distribute(Random random)
    {
        var redeemed = 0;
        for (var round = 0; round < Rounds; round++)
        {
            api.Advance(TimeSpan.FromHours(25));
            for (var user = 0; user < Users; user++)
            {
                var (kind, isDeep) = (random.Next(2) == 0 ? user % Kinds : random.Next(Kinds), random.Next(2) == 0);
                var redeems = random.NextDouble() < (isDeep && kind == user % Kinds ? 0.9 : 0.03);
                var key = $"{round}-{user}";
                var code = (await api.Post("/v1/publications", new
                {
                    user = $"u{user}", campaign = Campaign, offer = isDeep ? Deep(kind) : Shallow(kind), key,
                })).Is(HttpStatusCode.Created).Text("code");
                if (redeems)
                {
                    (await api.Post("/v1/redemptions", new
                    {
                        user = $"u{user}", code, order = key, key, cart = ApiFixture.Cart(($"i{kind * 5}", 1, 500)),
                    })).Is(HttpStatusCode.Created);
                    redeemed++;
                }
            }
        }

        return redeemed;
    }

    private async Task Buy(string user, int count, DateTimeOffset at)
    {
        var kind = int.TryParse(user.AsSpan(1), out var number) ? number % Kinds : 0;
        (await api.Post("/v1/events/batch", new
        {
            events = Enumerable.Range(0, count).Select(i => new
            {
                id = $"{user}-{at.Ticks}-{i}", user, kind = "purchase", item = $"i{(kind * 5) + (i % 5)}",
                at = at.AddHours(i), amount = ApiFixture.Usd(500), order = $"{user}-{at.Ticks}-{i}",
            }),
        })).Is(HttpStatusCode.OK);
    }

    private async Task Train()
    {
        var refused = (await api.Post("/v1/training-runs", new { responseEncoder = "transformer" }))
            .IsProblem(HttpStatusCode.UnprocessableEntity, "invalid_value");
        Assert.Equal("/responseEncoder", refused.Text("errors", "0", "pointer"));
        var run = (await api.Post("/v1/training-runs", new { rank = 4, offerEpochs = 0, responseEncoder = "gru" }))
            .Is(HttpStatusCode.Accepted).Text("run");
        Answer answer;
        do
        {
            await Task.Delay(50);
            answer = (await api.Get($"/v1/training-runs/{run}")).Is(HttpStatusCode.OK);
        }
        while (answer.Text("state") == "running");
        Assert.True(answer.Text("state") == "published", $"{answer.Body}");
    }

    private async Task<Answer> Offers(string user) =>
        (await api.Get($"/v1/users/{user}/offers?campaign={Campaign}&count=20")).Is(HttpStatusCode.OK);

    private static string Shallow(int kind) => $"a-shallow-{kind}";

    private static string Deep(int kind) => $"b-deep-{kind}";
}
