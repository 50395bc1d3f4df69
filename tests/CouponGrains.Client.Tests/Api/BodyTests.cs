using System.Net;
using System.Text;

namespace CouponGrains.Client.Tests.Api;

public sealed class BodyTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Good = """{"id":"b1","user":"u","kind":"view","item":"i","at":"2026-01-01T00:00:00Z"}""";

    [Theory]
    [InlineData("", "malformed_body", "")]
    [InlineData("{", "malformed_body", "")]
    [InlineData("{'id':1}", "malformed_body", "")]
    [InlineData("null", "wrong_type", "")]
    [InlineData("[]", "wrong_type", "")]
    [InlineData("\"text\"", "wrong_type", "")]
    [InlineData("{}", "missing_field", "/id")]
    [InlineData("""{"id":"e","user":"u","kind":"view","item":"i"}""", "missing_field", "/at")]
    [InlineData("""{"id":7,"user":"u","kind":"view","item":"i","at":"2026-01-01T00:00:00Z"}""", "wrong_type", "/id")]
    [InlineData("""{"id":" e","user":"u","kind":"view","item":"i","at":"2026-01-01T00:00:00Z"}""", "invalid_id", "/id")]
    [InlineData("""{"id":null,"user":"u","kind":"view","item":"i","at":"2026-01-01T00:00:00Z"}""", "missing_field", "/id")]
    [InlineData("""{"id":"e","user":"u","kind":"look","item":"i","at":"2026-01-01T00:00:00Z"}""", "unknown_event_kind", "/kind")]
    [InlineData("""{"id":"e","user":"u","kind":"view","item":"i","at":"2026-01-01T00:00:00"}""", "invalid_value", "/at")]
    [InlineData("""{"id":"e","user":"u","kind":"view","item":"i","at":"yesterday"}""", "invalid_value", "/at")]
    [InlineData("""{"id":"e","user":"u","kind":"view","item":"i","at":"2026-01-01T00:00:00Z","colour":"red"}""", "unknown_field", "/colour")]
    [InlineData("""{"id":"e","id":"f","user":"u","kind":"view","item":"i","at":"2026-01-01T00:00:00Z"}""", "duplicate_field", "/id")]
    [InlineData("""{"id":"e","user":"u","kind":"view","item":"i","at":"2026-01-01T00:00:00Z","quantity":1.5}""", "wrong_type", "/quantity")]
    [InlineData("""{"id":"e","user":"u","kind":"view","item":"i","at":"2026-01-01T00:00:00Z","amount":{"minor":"1","currency":"USD"}}""", "wrong_type", "/amount")]
    [InlineData("""{"id":"e","user":"u","kind":"view","item":"i","at":"2026-01-01T00:00:00Z","amount":{"minor":1,"currency":"usd"}}""", "invalid_value", "/amount")]
    public async Task What_cannot_be_read_is_answered_with_its_code_and_place(string body, string code, string pointer)
    {
        var answer = (await api.Post("/v1/events", body))
            .IsProblem(code.StartsWith("invalid_v") || code.StartsWith("unknown_e")
                ? HttpStatusCode.UnprocessableEntity : HttpStatusCode.BadRequest, code);
        if (code != "malformed_body")
        {
            Assert.Contains(
                answer.Find("errors").EnumerateArray(), e => e.GetProperty("pointer").GetString() == pointer);
        }
    }

    [Fact]
    public async Task Every_fault_of_a_body_is_named_at_once()
    {
        var answer = await api.Post("/v1/events", """{"user":5,"kind":"look","colour":1}""");
        var faults = answer.Find("errors").EnumerateArray()
            .Select(e => (e.GetProperty("pointer").GetString(), e.GetProperty("code").GetString())).ToHashSet();
        Assert.Superset(
            new HashSet<(string?, string?)>
            {
                ("/user", "wrong_type"), ("/kind", "unknown_event_kind"), ("/colour", "unknown_field"),
                ("/id", "missing_field"), ("/at", "missing_field"),
            },
            faults);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_as_such()
    {
        var body = Good[..^1] + ",\"query\":\"" + new string('x', 3 * 1024 * 1024) + "\"}";
        // It asks before it sends: the server closes the connection on those who do not, and the answer may be lost.
        (await api.Post("/v1/events", body, ("Expect", "100-continue")))
            .IsProblem(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
    }

    [Fact]
    public async Task A_body_of_another_type_is_refused_as_such()
    {
        using var content = new StringContent(Good, Encoding.UTF8, "text/plain");
        using var response = await api.Http.PostAsync("/v1/events", content);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Contains("unsupported_media_type", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_address_or_a_method_that_is_not_there_is_a_problem_too()
    {
        (await api.Get("/v1/nothing")).IsProblem(HttpStatusCode.NotFound, "unknown_address");
        (await api.Send(HttpMethod.Delete, "/v1/events"))
            .IsProblem(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
    }

    [Theory]
    [InlineData("/v1/users?limit=0")]
    [InlineData("/v1/users?limit=x")]
    [InlineData("/v1/users/u/offers?count=101")]
    [InlineData("/v1/campaigns?status=lost")]
    [InlineData("/v1/training-runs/x")]
    public async Task A_parameter_out_of_its_range_is_refused(string path)
    {
        var answer = await api.Get(path);
        answer.IsProblem(HttpStatusCode.UnprocessableEntity, "invalid_value");
        Assert.StartsWith("?", answer.Text("errors", "0", "pointer"));
    }

    /// <summary>Bodies that were whole once, with random damage. Whatever comes, the answer is no fault of
    /// ours.</summary>
    [Fact]
    public async Task Damaged_bodies_are_never_answered_with_a_fault_of_the_server()
    {
        const int Seed = 4711;
        var random = new Random(Seed);
        string[] paths =
        [
            "/v1/events", "/v1/events/batch", "/v1/publications", "/v1/validations", "/v1/redemptions", "/v1/campaigns",
        ];
        string[] bodies =
        [
            Good, $$"""{"events":[{{Good}}]}""",
            """{"user":"u","campaign":"c","key":"k","offer":"o"}""",
            """{"user":"u","code":"AAAAA-AAAAA-AAAAA","order":"o","key":"k","cart":{"currency":"USD","lines":[{"item":"i","quantity":1,"unitPrice":{"minor":5,"currency":"USD"}}]}}""",
        ];
        const string Symbols = "{}[]\",:0123456789-+.eE\\unulltrefas \u0000\u00ff";
        for (var i = 0; i < 1_500; i++)
        {
            var body = new StringBuilder(bodies[random.Next(bodies.Length)]);
            for (var damage = random.Next(1, 5); damage > 0; damage--)
            {
                var at = random.Next(body.Length);
                body = random.Next(3) switch
                {
                    0 => body.Remove(at, Math.Min(random.Next(1, 8), body.Length - at)),
                    1 => body.Insert(at, Symbols[random.Next(Symbols.Length)]),
                    _ => body.Replace(body[at], Symbols[random.Next(Symbols.Length)], at, 1),
                };
                if (body.Length == 0)
                {
                    body.Append('1');
                }
            }

            var path = paths[random.Next(paths.Length)];
            var answer = await api.Post(path, body.ToString());
            Assert.True((int)answer.Status < 500,
                $"seed {Seed}, request {i}: {path} {body} was answered {answer.Status} {answer.Body}");
        }
    }
}
