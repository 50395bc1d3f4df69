using System.Net;
using System.Text;
using System.Text.Json;

namespace CouponGrains.Client.Tests.Api;

/// <summary>Files that are taken in and given out.</summary>
public sealed class TransfersTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Json = "application/x-ndjson";
    private const string Csv = "text/csv";
    private const string Parquet = "application/vnd.apache.parquet";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_line_is_taken_in_for_itself_and_told_of_with_its_place()
    {
        var (user, id) = (api.Name("user"), api.Name("event"));
        string[] lines =
        [
            $$"""{"id":"{{id}}-1","user":"{{user}}","kind":"view","item":"tea","at":"2026-11-20T09:30:00Z"}""",
            """{"id":"x","user":"u","kind":"redeemed","at":"2026-11-20T09:30:00Z"}""",
            "",
            "{",
            $$"""{"id":"{{id}}-2","user":"{{user}}","kind":"view","item":"tea","at":"2026-11-20T09:30:00Z","more":1}""",
            $$"""{"id":"{{id}}-3","user":"{{user}}","kind":"view","item":"tea","at":"1999-11-20T09:30:00Z"}""",
            new('x', 70_000),
            $$"""{"id":"{{id}}-4","user":"{{user}}","kind":"search","query":"tea","at":"2026-11-20T09:31:00Z"}""",
        ];
        var answer = await Import("events", Json, string.Join('\n', lines));
        Assert.Equal((2, 0, 5), Counts(answer));
        Assert.Equal(
            ["2 unknown_event_kind /kind", "4 malformed_row", "5 unknown_field /more", "6 date_out_of_range /at", "7 malformed_row"],
            Errors(answer));
        Assert.Equal((0, 2, 5), Counts(await Import("events", Json, string.Join('\n', lines))));
        Assert.Equal((0, 1, 0), Counts(await Import("events", Json, string.Join('\n', lines), "?from=8")));
    }

    [Fact]
    public async Task A_table_has_the_names_of_the_fields_as_its_heading()
    {
        var item = api.Name("item");
        var answer = await Import("items", Csv, $$"""
            id,title,price.minor,price.currency,categories,attributes
            {{item}},"Tea, green
            and loose",499,USD,GROCERY|TEA,"{""organic"":""yes""}"
            {{item}}-b,,many,USD,,
            {{item}}-c,Cup
            {{item}}-d,Cup,350,USD,,
            """.ReplaceLineEndings("\n"));
        Assert.Equal((2, 0, 2), Counts(answer));
        Assert.Equal(["4 wrong_type /price", "5 malformed_row"], Errors(answer));
        var stored = await api.Get($"/v1/items/{item}");
        Assert.Equal(
            ("Tea, green\nand loose", "499", "TEA", "yes"),
            (stored.Text("item", "title"), stored.Text("item", "price", "minor"), stored.Text("item", "categories", "1"),
                stored.Text("item", "attributes", "organic")));
    }

    [Theory]
    [InlineData("id,colour\n1,red", "unknown_field")]
    [InlineData("id,id\n1,1", "duplicate_field")]
    [InlineData("", "malformed_body")]
    public async Task A_heading_that_is_none_is_refused(string file, string code) =>
        (await Send("items", Csv, Encoding.UTF8.GetBytes(file))).IsProblem(HttpStatusCode.BadRequest, code);

    [Fact]
    public async Task A_file_of_another_type_or_from_nowhere_is_refused()
    {
        (await Send("items", "application/json", "{}"u8.ToArray()))
            .IsProblem(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        (await Send("items", Json, "{}"u8.ToArray(), "?from=x"))
            .IsProblem(HttpStatusCode.UnprocessableEntity, "invalid_value");
        (await api.Get("/v1/exports/items?format=xml")).IsProblem(HttpStatusCode.UnprocessableEntity, "invalid_value");
    }

    [Theory]
    [InlineData(Json, "ndjson")]
    [InlineData(Csv, "csv")]
    [InlineData(Parquet, "parquet")]
    public async Task What_is_given_out_may_be_taken_in_again(string type, string format)
    {
        var (user, item) = (api.Name("user"), api.Name("item"));
        (await api.Send(HttpMethod.Put, $"/v1/users/{user}", new { attributes = new { age = "35-44" }, consent = false }))
            .Is(HttpStatusCode.OK);
        (await api.Post("/v1/events", new
        {
            id = api.Name("event"), user, kind = "purchase", item, quantity = 2, amount = ApiFixture.Usd(998), order = "o,1",
            at = "2026-11-20T09:30:00Z",
        })).Is(HttpStatusCode.Created);
        foreach (var kind in new[] { "users", "items", "events" })
        {
            var file = await api.Http.GetByteArrayAsync($"/v1/exports/{kind}?format={format}", Cancel);
            if (type != Parquet)
            {
                Assert.Contains(kind == "items" ? item : user, Encoding.UTF8.GetString(file), StringComparison.Ordinal);
            }

            var answer = (await Send(kind, type, file)).Is(HttpStatusCode.OK);
            var (accepted, duplicate, _) = Counts(answer);
            Assert.All(Errors(answer), error => Assert.Contains("unknown_event_kind", error, StringComparison.Ordinal));
            Assert.Equal(kind == "events", duplicate > 0);
            Assert.Equal(kind != "events", accepted > 0);
            if (kind == "items")
            {
                continue; // What came by an event alone has its id as its title now.
            }

            Assert.Equal(file, await api.Http.GetByteArrayAsync($"/v1/exports/{kind}?format={format}", Cancel));
        }
    }

    [Theory]
    [InlineData("", "malformed_body")]
    [InlineData("PAR1 and nothing more PAR1", "malformed_body")]
    public async Task What_is_no_Parquet_is_refused(string file, string code) =>
        (await Send("items", Parquet, Encoding.UTF8.GetBytes(file))).IsProblem(HttpStatusCode.BadRequest, code);

    [Fact]
    public async Task A_Parquet_file_that_is_cut_or_changed_anywhere_is_read_or_refused()
    {
        await Import("items", Json, $$$"""{"id":"{{{api.Name("item")}}}","title":"Cup","price":{"minor":350,"currency":"USD"}}""");
        var file = await api.Http.GetByteArrayAsync("/v1/exports/items?format=parquet", Cancel);
        var random = new Random(7);
        for (var i = 0; i < 200; i++)
        {
            var broken = file.ToArray();
            broken[random.Next(broken.Length)] ^= (byte)random.Next(1, 256);
            var answer = await Send("items", Parquet, i % 2 == 0 ? broken : file[..random.Next(file.Length)]);
            Assert.True((int)answer.Status < 500, $"{i}: {answer.Status}");
        }
    }

    [Fact]
    public async Task Coupons_and_redemptions_are_given_out_in_every_format()
    {
        var (campaign, user) = (await api.Campaign(123_45), api.Name("user"));
        var offer = api.Name("offer");
        (await api.Post($"/v1/campaigns/{campaign}/offers", new
        {
            offers = new[] { new { id = offer, title = "A tenth", kind = "percent_off", percentBasisPoints = 1_000 } },
        })).Is(HttpStatusCode.OK);
        (await api.Post($"/v1/campaigns/{campaign}/activate")).Is(HttpStatusCode.OK);
        var code = (await api.Post("/v1/publications", new { user, campaign, offer, key = api.Name("key") }))
            .Is(HttpStatusCode.Created).Text("code");
        foreach (var format in (string[])["ndjson", "csv", "parquet"])
        {
            var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
            var (exit, said, error) = await Cli.Coupons.Run(
                "export", "coupons", "--out", path, "--format", format, "--url", api.Http.BaseAddress!.ToString());
            Assert.True(exit == 0, error);
            Assert.Contains(path, said, StringComparison.Ordinal);
            var file = await File.ReadAllBytesAsync(path, Cancel);
            Assert.True(format == "parquet" ? file.AsSpan().StartsWith("PAR1"u8) : Encoding.UTF8.GetString(file).Contains(code));
            File.Delete(path);
        }

        var head = (await api.Http.GetStringAsync("/v1/exports/redemptions?format=csv", Cancel)).Split('\n')[0];
        Assert.StartsWith("key,code,user,campaign,order,discount.total.minor", head, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "invalid_value: KIND", "export", "codes", "--out", "x.csv")]
    [InlineData(1, "invalid_value: --format", "export", "items", "--out", "x.doc")]
    [InlineData(1, "bad_option: The server's URL is 'here'", "export", "items", "--out", "x.csv", "--url", "here")]
    [InlineData(3, "http://127.0.0.1:1 does not answer", "export", "items", "--out", "x.csv", "--url", "http://127.0.0.1:1")]
    public async Task An_export_that_cannot_be_says_why_in_one_line(int exit, string why, params string[] words)
    {
        var (code, output, error) = await Cli.Coupons.Run(words);
        Assert.Equal((exit, ""), (code, output));
        Assert.StartsWith($"coupons: {why}", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_budget_is_a_row()
    {
        var campaign = await api.Campaign(123_45);
        var file = await api.Http.GetStringAsync("/v1/exports/budgets?format=csv", Cancel);
        Assert.Contains($"{campaign},12345,USD,0,0,12345,0,0", file, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_larger_than_a_body_may_be_is_taken_in()
    {
        var text = new StringBuilder();
        var (prefix, count) = (api.Name("large"), 0);
        for (; text.Length < 2_300_000; count++)
        {
            text.Append($$"""{"id":"{{prefix}}-{{count}}","user":"{{prefix}}-{{count % 50}}","kind":"view","item":"tea","at":"2026-11-20T09:30:00Z"}""")
                .Append('\n');
        }

        Assert.Equal((count, 0, 0), Counts(await Import("events", Json, text.ToString())));
    }

    [Fact]
    public async Task A_file_that_is_taken_up_is_worked_off_after_the_answer()
    {
        var (user, id) = (api.Name("user"), api.Name("event"));
        var lines = Enumerable.Range(0, 1_200).Select(i => i == 700
            ? "{"
            : $$"""{"id":"{{id}}-{{i}}","user":"{{user}}-{{i % 9}}","kind":"view","item":"tea","at":"2026-11-20T09:30:00Z"}""");
        var path = await TakeUp("events", string.Join('\n', lines));
        var done = await Ended(path);
        Assert.Equal((1_199, 0, 1), Counts(done));
        Assert.Equal(["701 malformed_row"], Errors(done));
        Assert.Equal(
            ("events", "done", 1_200, 1_200),
            (done.Text("kind"), done.Text("state"), done.Find("done").GetInt32(), done.Find("total").GetInt32()));
        var again = await Ended(await TakeUp("events", string.Join('\n', lines)));
        Assert.Equal((0, 1_199, 1), Counts(again));
        var listed = (await api.Get("/v1/operations?limit=1")).Find("data")[0];
        Assert.Equal(again.Text("id"), listed.GetProperty("id").GetString());
        Assert.Equal("done", (await api.Send(HttpMethod.Delete, path)).Is(HttpStatusCode.OK).Text("state"));
        (await api.Get("/v1/operations/none")).IsProblem(HttpStatusCode.NotFound, "unknown_operation");
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_not_taken_up()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/imports/items")
        {
            Content = new StringContent("id,colour\n1,red", Encoding.UTF8, Csv), Headers = { { "Prefer", "respond-async" } },
        };
        using var response = await api.Http.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var listed = (await api.Get("/v1/operations?limit=1")).Find("data")[0];
        Assert.Equal("cancelled", listed.GetProperty("state").GetString());
    }

    private async Task<string> TakeUp(string kind, string file)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/imports/{kind}")
        {
            Content = new StringContent(file, Encoding.UTF8, Json), Headers = { { "Prefer", "respond-async" } },
        };
        using var response = await api.Http.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("respond-async", response.Headers.GetValues("Preference-Applied").Single());
        return response.Headers.Location!.OriginalString;
    }

    private async Task<Answer> Ended(string path)
    {
        for (var left = 600; ; left--)
        {
            var answer = (await api.Get(path)).Is(HttpStatusCode.OK);
            if (answer.Text("state") != "running")
            {
                return answer;
            }

            Assert.True(left > 0, "It does not end.");
            await Task.Delay(50, Cancel);
        }
    }

    private async Task<Answer> Import(string kind, string type, string file, string query = "") =>
        (await Send(kind, type, Encoding.UTF8.GetBytes(file), query)).Is(HttpStatusCode.OK);

    private async Task<Answer> Send(string kind, string type, byte[] file, string query = "")
    {
        using var content = new ByteArrayContent(file);
        content.Headers.ContentType = new(type);
        using var response = await api.Http.PostAsync($"/v1/imports/{kind}{query}", content, Cancel);
        var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel)).RootElement;
        return new(
            response.StatusCode, body, response.Content.Headers.ContentType?.MediaType ?? "",
            response.Headers.GetValues("X-Request-Id").Single(), "");
    }

    private static (int Accepted, int Duplicate, int Refused) Counts(Answer answer) =>
        (answer.Find("accepted").GetInt32(), answer.Find("duplicate").GetInt32(), answer.Find("refused").GetInt32());

    private static IEnumerable<string> Errors(Answer answer) => answer.Find("errors").EnumerateArray().Select(error =>
        $"{error.GetProperty("line")} {error.GetProperty("code")} {(error.TryGetProperty("pointer", out var at) ? at : default)}".TrimEnd());
}
