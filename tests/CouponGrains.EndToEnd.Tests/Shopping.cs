using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace CouponGrains.EndToEnd.Tests;

/// <summary>One campaign and its coupons, over HTTP.</summary>
internal static class Shopping
{
    public const string Campaign = "watched";
    public const string Offer = "a-tenth";

    /// <summary>Opens a campaign with one offer, a tenth off the whole cart.</summary>
    public static async Task Open(HttpClient http)
    {
        using var campaign = await http.PostAsJsonAsync("/v1/campaigns", new
        {
            id = Campaign, name = "Watched", start = "2020-01-01T00:00:00Z", end = "2099-01-01T00:00:00Z",
            budget = Usd(10_000),
            guardrails = new
            {
                cap = Usd(5_000), minimumSpendMin = Usd(0), minimumSpendMax = Usd(2_000), amountStep = Usd(50),
                wholeCart = true,
            },
        });
        await Is(HttpStatusCode.Created, campaign);
        var tenth = new { id = Offer, title = "A tenth off", kind = "percent_off", percentBasisPoints = 1_000 };
        using var added = await http.PostAsJsonAsync($"/v1/campaigns/{Campaign}/offers", new { offers = new[] { tenth } });
        await Is(HttpStatusCode.OK, added);
        using var active = await http.PostAsync($"/v1/campaigns/{Campaign}/activate", null);
        await Is(HttpStatusCode.OK, active);
    }

    /// <summary>Issues a coupon; answers its code.</summary>
    public static async Task<string> Issue(HttpClient http, string user)
    {
        using var issued = await http.PostAsJsonAsync("/v1/publications", new { user, campaign = Campaign, key = user });
        await Is(HttpStatusCode.Created, issued);
        using var coupon = JsonDocument.Parse(await issued.Content.ReadAsStringAsync());
        return coupon.RootElement.GetProperty("code").GetString()!;
    }

    /// <summary>Uses a coupon on an order; answers the status.</summary>
    public static async Task<HttpStatusCode> Redeem(HttpClient http, string user, string code, string order)
    {
        var cart = new { currency = "USD", lines = new[] { new { item = "1001", quantity = 1, unitPrice = Usd(1_000) } } };
        using var redeemed = await http.PostAsJsonAsync("/v1/redemptions", new { user, code, order, key = order, cart });
        return redeemed.StatusCode;
    }

    /// <summary>Fails with the answer unless it has this status.</summary>
    public static async Task Is(HttpStatusCode status, HttpResponseMessage answer) => Assert.True(
        answer.StatusCode == status, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");

    private static object Usd(long minor) => new { minor, currency = "USD" };
}
