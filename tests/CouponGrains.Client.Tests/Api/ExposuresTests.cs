using System.Net;

namespace CouponGrains.Client.Tests.Api;

public sealed class ExposuresTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task A_list_is_shown_once_for_a_key_and_tells_the_propensities()
    {
        var (user, campaign) = (api.Name("user"), await api.Campaign());
        var body = new { campaign, count = 3, key = "list" };
        var shown = (await api.Post($"/v1/users/{user}/exposures", body)).Is(HttpStatusCode.Created);
        Assert.Equal(1, shown.Find("offers", "0", "propensity").GetDouble());
        Assert.Equal(campaign + "-tenth", shown.Text("offers", "0", "offer", "id"));
        Assert.Equal(shown.Body.ToString(), (await api.Post($"/v1/users/{user}/exposures", body)).Body.ToString());
        (await api.Post($"/v1/users/{user}/exposures", new { campaign, count = 2, key = "list" }))
            .IsProblem(HttpStatusCode.Conflict, "duplicate_other_content");
        (await api.Post($"/v1/users/{user}/exposures", new { campaign }))
            .IsProblem(HttpStatusCode.BadRequest, "missing_field");
        (await api.Post($"/v1/users/{user}/exposures", new { count = 101, key = "many" }))
            .IsProblem(HttpStatusCode.UnprocessableEntity, "invalid_value");
        var exposed = (await api.Get($"/v1/users/{user}")).Find("kinds", "exposed", "count");
        Assert.Equal(1, exposed.GetInt64());
    }

    [Fact]
    public async Task What_the_shop_records_itself_is_not_taken_from_a_sender()
    {
        var at = "2026-01-01T00:00:00Z";
        (await api.Post("/v1/events", new { id = api.Name("e"), user = "u", kind = "exposed", at, offer = "o" }))
            .IsProblem(HttpStatusCode.UnprocessableEntity, "unknown_event_kind");
        var exposure = new { model = 1, position = 1, at, score = 0.5 };
        (await api.Post("/v1/events", new { id = api.Name("e"), user = "u", kind = "view", at, item = "i", exposure }))
            .IsProblem(HttpStatusCode.UnprocessableEntity, "invalid_value");
        var feedback = (await api.Get("/v1/overview")).Find("feedback");
        Assert.True(feedback.GetProperty("invalid_value").GetInt64() >= 1);
    }

    [Fact]
    public async Task Drift_is_shown_day_by_day()
    {
        (await api.Post("/v1/models/drift")).Is(HttpStatusCode.OK);
        var report = (await api.Get("/v1/models/drift")).Is(HttpStatusCode.OK);
        Assert.Equal(10, report.Find("days", "0", "calibration", "bins").GetArrayLength());
        Assert.Equal("too_few", report.Text("days", "0", "level"));
    }

    [Fact]
    public async Task Frequency_caps_and_the_worth_of_responses_are_options_of_a_campaign()
    {
        var id = await api.Campaign();
        var patch = new
        {
            caps = new { frequency = new { issuedPerWeek = 1, coolDownAfterIssueSeconds = 60 } },
            ranking = new { candidates = 50, worth = new { viewMinor = 5, marginWeight = 0.5 } },
        };
        var changed = (await api.Send(HttpMethod.Patch, $"/v1/campaigns/{id}", patch)).Is(HttpStatusCode.OK);
        Assert.Equal(1, changed.Find("caps", "frequency", "issuedPerWeek").GetInt32());
        Assert.Equal(5, changed.Find("ranking", "worth", "viewMinor").GetInt32());
        (await api.Send(HttpMethod.Patch, $"/v1/campaigns/{id}", new { ranking = new { candidates = 0 } }))
            .IsProblem(HttpStatusCode.UnprocessableEntity, "invalid_value");

        var user = api.Name("user");
        (await api.Post("/v1/publications", new { user, campaign = id, key = "1" })).Is(HttpStatusCode.Created);
        (await api.Post("/v1/publications", new { user, campaign = id, key = "2" }))
            .IsProblem(HttpStatusCode.Conflict, "cap_reached");
    }
}
