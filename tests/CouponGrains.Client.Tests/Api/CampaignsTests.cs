using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CouponGrains.Client.Tests.Api;

public sealed class CampaignsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task A_campaign_is_made_changed_and_moved()
    {
        var id = api.Name("campaign");
        var made = (await api.Post("/v1/campaigns", ApiFixture.CampaignBody(id))).Is(HttpStatusCode.Created);
        Assert.Equal(("draft", "\"1\""), (made.Text("status"), made.Tag));
        (await api.Post("/v1/campaigns", ApiFixture.CampaignBody(id))).Is(HttpStatusCode.Conflict);

        var changed = (await api.Send(HttpMethod.Patch, $"/v1/campaigns/{id}",
            new { name = "Other", caps = new { openPerUser = 1 } }, ("If-Match", "\"1\"")))
            .Is(HttpStatusCode.OK);
        Assert.Equal(("Other", 2, "\"2\""), (changed.Text("name"), changed.Find("revision").GetInt32(), changed.Tag));
        Assert.Equal(1, changed.Find("caps", "openPerUser").GetInt32());
        (await api.Send(HttpMethod.Patch, $"/v1/campaigns/{id}", new { name = "Late" }, ("If-Match", "\"1\"")))
            .IsProblem(HttpStatusCode.PreconditionFailed, "revision_changed");

        (await api.Send(HttpMethod.Patch, $"/v1/campaigns/{id}", new { status = "active" }))
            .IsProblem(HttpStatusCode.UnprocessableEntity, "invalid_value");
        (await api.Send(HttpMethod.Patch, $"/v1/campaigns/{id}", new { nmae = "x" }))
            .IsProblem(HttpStatusCode.BadRequest, "unknown_field");
        (await api.Send(HttpMethod.Patch, $"/v1/campaigns/{id}", "[]")).Is(HttpStatusCode.BadRequest);

        Assert.Equal("active", (await api.Post($"/v1/campaigns/{id}/activate")).Is(HttpStatusCode.OK).Text("status"));
        Assert.Equal("paused", (await api.Post($"/v1/campaigns/{id}/pause")).Is(HttpStatusCode.OK).Text("status"));
        Assert.Equal("archived", (await api.Post($"/v1/campaigns/{id}/archive")).Is(HttpStatusCode.OK).Text("status"));
        (await api.Post($"/v1/campaigns/{id}/activate")).IsProblem(HttpStatusCode.UnprocessableEntity, "invalid_value");
        var listed = (await api.Get("/v1/campaigns?status=archived")).Is(HttpStatusCode.OK);
        Assert.Contains(listed.Find("data").EnumerateArray(), c => c.GetProperty("id").GetString() == id);
        (await api.Get("/v1/campaigns/none")).IsProblem(HttpStatusCode.NotFound, "unknown_campaign");
    }

    [Fact]
    public async Task A_campaign_with_a_window_upside_down_is_refused()
    {
        var body = new
        {
            id = "upside", name = "x", start = "2026-02-01T00:00:00Z", end = "2026-01-01T00:00:00Z",
            budget = ApiFixture.Usd(1),
            guardrails = new
            {
                cap = ApiFixture.Usd(1), minimumSpendMin = ApiFixture.Usd(0), minimumSpendMax = ApiFixture.Usd(0),
                amountStep = ApiFixture.Usd(1),
            },
        };
        Assert.Equal(422, (int)(await api.Post("/v1/campaigns", body)).Status);
        (await api.Get("/v1/campaigns/upside")).IsProblem(HttpStatusCode.NotFound, "unknown_campaign");
    }

    [Fact]
    public async Task Guardrails_are_not_tightened_below_offers_in_force_and_times_meet_the_window()
    {
        var campaign = await api.Campaign();
        var answer = (await api.Post($"/v1/campaigns/{campaign}/offers", new
        {
            offers = new object[]
            {
                new { id = campaign + "-a", title = "a", kind = "percent_off", percentBasisPoints = 1_500 },
                new { id = campaign + "-b", title = "b", kind = "percent_off", percentBasisPoints = 1_000,
                    times = new { start = "2199-01-01T00:00:00Z" } },
            },
        })).Is(HttpStatusCode.OK);
        Assert.Equal("accepted", answer.Text("results", "0", "status"));
        Assert.Equal("offer_outside_guardrails", answer.Text("results", "1", "errors", "0", "code"));
        Assert.Equal("/times", answer.Text("results", "1", "errors", "0", "pointer"));
        var tighter = new { guardrails = new { depthMaxBasisPoints = 1_000 } };
        var refused = await api.Send(HttpMethod.Patch, $"/v1/campaigns/{campaign}", tighter);
        refused.IsProblem(HttpStatusCode.Conflict, "offers_in_force");
        Assert.Equal("/guardrails", refused.Text("errors", "0", "pointer"));
        Assert.Contains($"first: {campaign}-a. ", refused.Text("detail"), StringComparison.Ordinal);
        (await api.Send(HttpMethod.Delete, $"/v1/campaigns/{campaign}/offers/{campaign}-a")).Is(HttpStatusCode.OK);
        (await api.Send(HttpMethod.Patch, $"/v1/campaigns/{campaign}", tighter)).Is(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("nothing_allowed", "/guardrails/kinds", """{ "kinds": [] }""")]
    [InlineData("nothing_allowed", "/guardrails/kinds", """{ "kinds": ["points_multiplied"], "pointsFactorMax": 1 }""")]
    [InlineData("nothing_allowed", "/guardrails/depthStepBasisPoints", """{ "depthStepBasisPoints": 4000 }""")]
    [InlineData("nothing_allowed", "/guardrails/validHoursMin", """{ "validHoursMin": 10000 }""")]
    [InlineData("nothing_allowed", "/guardrails/times", """{ "times": { "end": "2001-01-01T00:00:00Z" } }""")]
    [InlineData("margin_floor_above_price", "/guardrails/marginFloorBasisPoints",
        """{ "marginFloorBasisPoints": 10001 }""")]
    [InlineData("currency_mismatch", "/guardrails/cap", """{ "amountStep": { "minor": 100, "currency": "EUR" } }""")]
    public async Task Guardrails_that_allow_nothing_are_refused_and_leave_the_campaign_as_it_was(
        string code, string pointer, string guardrails)
    {
        var campaign = await api.Campaign();
        var refused = await api.Send(
            HttpMethod.Patch, $"/v1/campaigns/{campaign}", "{ \"guardrails\": " + guardrails + " }");
        refused.IsProblem(HttpStatusCode.UnprocessableEntity, code);
        Assert.Equal(pointer, refused.Text("errors", "0", "pointer"));
        var body = JsonSerializer.SerializeToNode(ApiFixture.CampaignBody(campaign + "-new"))!.AsObject();
        foreach (var field in JsonNode.Parse(guardrails)!.AsObject())
        {
            body["guardrails"]![field.Key] = field.Value?.DeepClone();
        }

        (await api.Post("/v1/campaigns", body.ToJsonString())).IsProblem(HttpStatusCode.UnprocessableEntity, code);
        (await api.Get($"/v1/campaigns/{campaign}-new")).IsProblem(HttpStatusCode.NotFound, "unknown_campaign");
    }

    [Fact]
    public async Task Offers_are_accepted_or_refused_one_by_one_and_withdrawn()
    {
        var campaign = await api.Campaign();
        var answer = (await api.Post($"/v1/campaigns/{campaign}/offers", new
        {
            offers = new object[]
            {
                new { id = campaign + "-a", title = "a", kind = "percent_off", percentBasisPoints = 1_500 },
                new { id = campaign + "-b", title = "b", kind = "percent_off", percentBasisPoints = 9_000 },
                new { id = campaign + "-c", title = "c", kind = "percent_off", percentBasisPoints = 1_000,
                    source = "generated" },
                new { id = campaign + "-d", title = "d", kind = "percent_off", percentBasisPoints = 1_000,
                    campaign = "other" },
                new { id = campaign + "-e" },
            },
        })).Is(HttpStatusCode.OK);
        Assert.Equal(
            ["accepted", "refused", "refused", "refused", "refused"],
            answer.Find("results").EnumerateArray().Select(r => r.GetProperty("status").GetString()));
        Assert.Equal("offer_outside_guardrails", answer.Text("results", "1", "errors", "0", "code"));
        (await api.Send(HttpMethod.Delete, $"/v1/campaigns/{campaign}/offers/{campaign}-a")).Is(HttpStatusCode.OK);
        (await api.Send(HttpMethod.Delete, $"/v1/campaigns/{campaign}/offers/none"))
            .IsProblem(HttpStatusCode.NotFound, "unknown_offer");
    }

    [Fact]
    public async Task A_wave_is_accepted_and_runs_to_its_end()
    {
        var campaign = await api.Campaign();
        var user = api.Name("user");
        (await api.Send(HttpMethod.Put, $"/v1/users/{user}", new { })).Is(HttpStatusCode.OK);
        (await api.Post($"/v1/campaigns/{campaign}/waves", new { name = "one" })).Is(HttpStatusCode.Accepted);
        Answer wave;
        do
        {
            await Task.Delay(50);
            wave = (await api.Get($"/v1/campaigns/{campaign}/waves/one")).Is(HttpStatusCode.OK);
        }
        while (!wave.Find("done").GetBoolean());
        Assert.True(wave.Find("issued").GetInt64() > 0);
        var wallet = (await api.Get($"/v1/users/{user}/coupons")).Is(HttpStatusCode.OK);
        Assert.Equal(campaign, wallet.Text("data", "0", "coupon", "campaign"));
    }

    [Fact]
    public async Task Without_a_model_nothing_is_designed()
    {
        var campaign = await api.Campaign();
        (await api.Post($"/v1/campaigns/{campaign}/design", new { count = 5 }))
            .IsProblem(HttpStatusCode.Conflict, "no_model");
    }
}
