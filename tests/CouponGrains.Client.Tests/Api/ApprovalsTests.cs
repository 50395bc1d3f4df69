using System.Net;
using CouponGrains.Contracts.Audit;
using CouponGrains.Contracts.Campaigns;
using CouponGrains.Domain.Audit;

namespace CouponGrains.Client.Tests.Api;

/// <summary>The fixture's threshold is 10.00 XTS.</summary>
public sealed class ApprovalsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task What_takes_two_persons_is_asked_for_by_the_first_and_comes_into_force_by_the_second()
    {
        var id = await Draft(1_001);
        var refused = (await api.Post($"/v1/campaigns/{id}/activate")).IsProblem(HttpStatusCode.Conflict, "approval_required");
        Assert.Contains("request 1", refused.Text("detail"), StringComparison.Ordinal);
        var waiting = (await api.Get($"/v1/campaigns/{id}/approvals")).Is(HttpStatusCode.OK);
        Assert.Equal(
            ("1", "waiting", "active", "local"),
            (waiting.Text("data", "0", "number"), waiting.Text("data", "0", "status"),
                waiting.Text("data", "0", "wanted", "status"), waiting.Text("data", "0", "askedBy", "kind")));

        Assert.Contains(
            id, (await api.Get("/v1/approvals")).Is(HttpStatusCode.OK).Find("data").EnumerateArray()
                .Select(asked => asked.GetProperty("wanted").GetProperty("id").GetString()));
        (await api.Post($"/v1/campaigns/{id}/approvals", new { request = 1, decision = "approve" }))
            .IsProblem(HttpStatusCode.Forbidden, "approval_by_same");
        (await api.Post($"/v1/campaigns/{id}/approvals", new { request = 2, decision = "reject" }))
            .IsProblem(HttpStatusCode.NotFound, "unknown_approval");
        (await api.Post($"/v1/campaigns/{id}/approvals", new { request = 1, decision = "perhaps" }))
            .IsProblem(HttpStatusCode.UnprocessableEntity, "invalid_value");
        (await api.Get("/v1/campaigns/none/approvals")).IsProblem(HttpStatusCode.NotFound, "unknown_campaign");

        Acting.As(new(ActorKind.Local, "bob"));
        Assert.True((await api.Cluster.GetGrain<ICampaignGrain>(id).DecideApproval(1, true, "fine")).Succeeded);
        Assert.Equal("active", (await api.Get($"/v1/campaigns/{id}")).Text("campaign", "status"));
        Assert.Equal("approved", (await api.Get($"/v1/campaigns/{id}/approvals")).Text("data", "0", "status"));
        (await api.Send(HttpMethod.Patch, $"/v1/campaigns/{id}", """{"budget":{"minor":1002,"currency":"XTS"}}"""))
            .IsProblem(HttpStatusCode.Conflict, "approval_required");
    }

    [Fact]
    public async Task A_budget_at_the_threshold_needs_nobody_else()
    {
        var id = await Draft(1_000);
        (await api.Post($"/v1/campaigns/{id}/activate")).Is(HttpStatusCode.OK);
        Assert.Equal(0, (await api.Get($"/v1/campaigns/{id}/approvals")).Find("data").GetArrayLength());
    }

    private async Task<string> Draft(long minor)
    {
        var id = api.Name("campaign");
        static object Xts(long minor) => new { minor, currency = "XTS" };
        (await api.Post("/v1/campaigns", new
        {
            id, name = id, start = "2020-01-01T00:00:00Z", end = "2099-01-01T00:00:00Z", budget = Xts(minor),
            guardrails = new
            {
                cap = Xts(500), minimumSpendMin = Xts(0), minimumSpendMax = Xts(2_000), amountStep = Xts(50), wholeCart = true,
            },
        })).Is(HttpStatusCode.Created);
        return id;
    }
}
