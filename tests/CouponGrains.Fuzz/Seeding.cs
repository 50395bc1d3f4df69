using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace CouponGrains.Fuzz;

/// <summary>A small shop with a model in force, so that requests find something.</summary>
internal static class Seeding
{
    private const int Users = 60;
    private const int Items = 40;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Fills the store; answers codes of coupons that were issued.</summary>
    public static async Task<IReadOnlyList<string>> Fill(HttpClient http, Random random)
    {
        await Send(http, HttpMethod.Put, "/v1/items", new
        {
            items = Enumerable.Range(0, Items).Select(i => new
            {
                id = $"i-{i}", title = $"Item {i}", categories = new[] { i % 2 == 0 ? "TEA" : "SOAP" },
                price = Usd(100 + (i * 10)),
            }),
        });
        await Send(http, HttpMethod.Post, "/v1/events/batch", new
        {
            events = Enumerable.Range(0, 900).Select(i => new
            {
                id = $"seed-{i}", user = $"u-{i % Users}", kind = i % 3 == 0 ? "purchase" : "view",
                item = $"i-{(random.Next(Items / 2) * 2) + (i % Users % 2)}", order = i % 3 == 0 ? $"seed-{i}" : null,
                amount = i % 3 == 0 ? Usd(200) : null, at = "2026-10-01T10:00:00Z",
            }),
        });
        for (var campaign = 0; campaign < 4; campaign++)
        {
            var id = $"c-{campaign}";
            await Send(http, HttpMethod.Post, "/v1/campaigns", new
            {
                id, name = id, start = "2020-01-01T00:00:00Z", end = "2099-01-01T00:00:00Z", budget = Usd(100_000_00),
                guardrails = new
                {
                    cap = Usd(50_00), minimumSpendMin = Usd(0), minimumSpendMax = Usd(20_00), amountStep = Usd(50), wholeCart = true,
                },
                caps = new { openPerUser = 40, issuedPerUser = 400, redeemedPerUser = 400 },
            });
            await Send(http, HttpMethod.Post, $"/v1/campaigns/{id}/offers", new
            {
                offers = Enumerable.Range(campaign * 5, 5).Select(offer => new
                {
                    id = $"o-{offer}", title = $"Offer {offer}", kind = "percent_off", percentBasisPoints = 500 * (1 + (offer % 5)),
                }),
            });
            await Send(http, HttpMethod.Post, $"/v1/campaigns/{id}/activate", null);
        }

        var run = await Send(http, HttpMethod.Post, "/v1/training-runs", new { rank = 4, offerEpochs = 2 });
        for (var state = "running"; state == "running"; await Task.Delay(100))
        {
            state = (string)(await Send(http, HttpMethod.Get, $"/v1/training-runs/{run["run"]}", null))["state"]!;
        }

        var codes = new List<string>();
        for (var i = 0; i < 2 * Users; i++)
        {
            var coupon = await Send(http, HttpMethod.Post, "/v1/publications", new
            {
                user = $"u-{i % Users}", campaign = $"c-{i % 4}", offer = $"o-{((i % 4) * 5) + random.Next(5)}", key = $"seed-{i}",
            });
            codes.Add((string)coupon["code"]!);
        }

        return codes;
    }

    private static object Usd(long minor) => new { minor, currency = "USD" };

    private static async Task<JsonNode> Send(HttpClient http, HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : JsonContent.Create(body, body.GetType(), null, Json);
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? JsonNode.Parse(text)!
            : throw new InvalidOperationException($"{method} {path} was answered {(int)answer.StatusCode}: {text}");
    }
}
