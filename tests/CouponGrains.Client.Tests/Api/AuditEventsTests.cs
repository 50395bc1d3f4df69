using System.Net;

namespace CouponGrains.Client.Tests.Api;

public sealed class AuditEventsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task A_change_is_told_with_its_request_and_the_chain_of_all_holds()
    {
        var campaign = await api.Campaign();
        var changed = (await api.Send(HttpMethod.Patch, $"/v1/campaigns/{campaign}", """{"name":"Other"}"""))
            .Is(HttpStatusCode.OK);
        var told = (await api.Get($"/v1/audit-events?target=campaign/{campaign}&limit=1")).Is(HttpStatusCode.OK);
        Assert.Equal(
            ("local", "campaign.change", "done"),
            (told.Text("data", "0", "actor", "kind"), told.Text("data", "0", "action"), told.Text("data", "0", "outcome")));
        Assert.Equal(changed.RequestId, told.Text("data", "0", "request"));
        Assert.Contains(told.Find("data", "0", "changes").EnumerateArray(), change =>
            change.GetProperty("path").GetString() == "/name" && change.GetProperty("after").GetString() == "\"Other\"");
        var next = (await api.Get(
            $"/v1/audit-events?target=campaign/{campaign}&limit=1&cursor={told.Text("nextCursor")}")).Is(HttpStatusCode.OK);
        Assert.NotEqual(told.Text("data", "0", "number"), next.Text("data", "0", "number"));

        var verified = (await api.Get("/v1/audit-events/verification")).Is(HttpStatusCode.OK);
        Assert.True(verified.Find("holds").GetBoolean());
        var (number, hash) = (verified.Text("head", "number"), verified.Text("head", "hash"));
        Assert.True((await api.Get($"/v1/audit-events/verification?noted={number}:{hash}")).Find("holds").GetBoolean());
        var other = await api.Get($"/v1/audit-events/verification?noted={number}:{new string('a', 64)}");
        Assert.Equal(("not_as_noted", number), (other.Text("fault", "kind"), other.Text("fault", "number")));
    }

    [Theory]
    [InlineData("?since=yesterday", "?since")]
    [InlineData("?until=2026-11-20", "?until")]
    [InlineData("?cursor=-1", "?cursor")]
    [InlineData("?limit=0", "?limit")]
    [InlineData("?actor=", "?actor")]
    [InlineData("/verification?noted=12", "?noted")]
    public async Task What_cannot_be_looked_for_is_told_by_its_place(string query, string pointer)
    {
        var answer = (await api.Get($"/v1/audit-events{query}"))
            .IsProblem(HttpStatusCode.UnprocessableEntity, "invalid_value");
        Assert.Equal(pointer, answer.Text("errors", "0", "pointer"));
    }
}
