using System.Net;
using System.Text;
using System.Text.Json;

namespace CouponGrains.EndToEnd.Tests;

/// <summary>Files that are taken up survive the process.</summary>
public sealed class ImportTests
{
    private const int Lines = 20_000;

    [Fact]
    public async Task A_file_that_was_taken_up_is_worked_off_after_a_kill_and_no_line_is_lost_or_doubled()
    {
        using var place = new HostPlace();
        string operation;
        await using (var run = HostRun.Start(place))
        {
            Assert.True(await run.WaitForAnswer(), run.All);
            operation = await TakeUp(run.Http);
            var under = await Until(run.Http, operation, state => state.GetProperty("done").GetInt64() > 1);
            Assert.True(under.GetProperty("done").GetInt64() < Lines, "It was done before the kill.");
            await run.Kill();
        }

        await using (var run = HostRun.Start(place))
        {
            Assert.True(await run.WaitForAnswer(), run.All);
            var done = await Until(run.Http, operation, state => state.GetProperty("state").GetString() == "done");
            Assert.Equal(1, done.GetProperty("refused").GetInt64());
            Assert.Equal(
                Lines - 1, done.GetProperty("accepted").GetInt64() + done.GetProperty("duplicate").GetInt64());
            using var overview = JsonDocument.Parse(await run.Http.GetStringAsync("/v1/overview"));
            Assert.Equal(Lines - 1, overview.RootElement.GetProperty("events").GetInt64());
        }
    }

    private static async Task<string> TakeUp(HttpClient http)
    {
        var file = new StringBuilder("id,user,kind,item,at\n");
        for (var i = 1; i < Lines; i++)
        {
            file.Append($"e-{i},u-{i % 97},view,i-{i % 31},2026-11-20T09:30:00Z\n");
        }

        file.Append("e-0,u-0,sing,i-0,2026-11-20T09:30:00Z\n");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/imports/events")
        {
            Content = new StringContent(file.ToString(), Encoding.UTF8, "text/csv"),
            Headers = { { "Prefer", "respond-async" } },
        };
        using var answer = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return answer.Headers.Location!.OriginalString;
    }

    private static async Task<JsonElement> Until(HttpClient http, string operation, Func<JsonElement, bool> good)
    {
        using var limit = new CancellationTokenSource(HostRun.Patience);
        while (true)
        {
            var seen = JsonDocument.Parse(await http.GetStringAsync(operation, limit.Token)).RootElement;
            if (good(seen))
            {
                return seen;
            }

            await Task.Delay(20, limit.Token);
        }
    }
}
