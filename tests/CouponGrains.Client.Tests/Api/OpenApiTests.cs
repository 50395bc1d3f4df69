using System.Net;
using System.Text.Json;
using CouponGrains.Domain;
using Json.Schema;

namespace CouponGrains.Client.Tests.Api;

/// <summary>The document tells of the API what is so.</summary>
public sealed class OpenApiTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Every_route_is_in_the_document_and_nothing_else_is()
    {
        var told = (await Operations()).Select(operation => $"{operation.Method} {operation.Path}");
        Assert.Equal(api.Routes.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_code_of_the_document_is_one_that_is_given()
    {
        var given = typeof(RefusalCodes).GetFields().Select(field => (string)field.GetRawConstantValue()!)
            .Concat(Enum.GetValues<Domain.Redemptions.RedemptionStatus>()
                .Select(status => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString()))).ToHashSet();
        var told = (await Operations())
            .SelectMany(operation => operation.Body.GetProperty("responses").EnumerateObject())
            .Where(response => response.Value.TryGetProperty("x-codes", out _))
            .SelectMany(response => response.Value.GetProperty("x-codes").EnumerateArray())
            .Select(code => code.GetString()!).ToHashSet();
        Assert.NotEmpty(told);
        Assert.Empty(told.Except(given));
    }

    [Fact]
    public async Task Every_reference_leads_to_a_schema()
    {
        var document = (await api.Get("/openapi/v1.json")).Is(HttpStatusCode.OK).Body;
        Assert.Equal("3.1.0", document.GetProperty("openapi").GetString());
        Assert.All(References(document), reference => Assert.True(Leads(document, reference), reference));
    }

    [Fact]
    public async Task Every_example_is_answered_as_the_document_says()
    {
        var schemas = (await api.Get("/openapi/v1.json")).Find("components", "schemas");
        var done = 0;
        foreach (var (method, path, operation) in await Operations())
        {
            var example = operation.TryGetProperty("requestBody", out var body)
                && body.GetProperty("content").TryGetProperty("application/json", out var json)
                && json.TryGetProperty("example", out var value)
                ? value.GetRawText() : null;
            var at = operation.TryGetProperty("x-example-path", out var filled) ? filled.GetString()! : path;
            if (example is null && !operation.TryGetProperty("x-example-path", out _))
            {
                continue;
            }

            var success = operation.GetProperty("responses").EnumerateObject().First(r => r.Name[0] == '2').Name;
            var answer = (await api.Send(new(method), at, example)).Is((HttpStatusCode)int.Parse(success));
            IsOf(schemas, operation.GetProperty("responses").GetProperty(success), answer.Body, $"{method} {at}");
            done++;
        }

        Assert.True(done > 20, $"Only {done} examples.");
    }

    private async Task<IReadOnlyList<(string Method, string Path, JsonElement Body)>> Operations() =>
    [
        .. from path in (await api.Get("/openapi/v1.json")).Is(HttpStatusCode.OK).Find("paths").EnumerateObject()
           from operation in path.Value.EnumerateObject()
           select (operation.Name.ToUpperInvariant(), path.Name, operation.Value),
    ];

    /// <summary>Fails unless the answer is of the schema that its response names.</summary>
    private static void IsOf(JsonElement schemas, JsonElement response, JsonElement answer, string asked)
    {
        var name = response.GetProperty("content").GetProperty("application/json").GetProperty("schema")
            .GetProperty("$ref").GetString()!;
        var text = $$$"""{"$ref":"{{{name}}}","$defs":{{{schemas.GetRawText()}}}}""";
        var whole = JsonSchema.FromText(text.Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal));
        var found = whole.Evaluate(answer, new() { OutputFormat = OutputFormat.List });
        var faults = (found.Details ?? []).Where(detail => detail.Errors is not null)
            .SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Value}"));
        Assert.True(found.IsValid, $"{asked}: {string.Join("; ", faults)}\n{answer}");
    }

    private static bool Leads(JsonElement document, string reference)
    {
        foreach (var name in reference.Split('/')[1..])
        {
            if (!document.TryGetProperty(name, out document))
            {
                return false;
            }
        }

        return true;
    }

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(part =>
            part.NameEquals("$ref") ? [part.Value.GetString()!] : References(part.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
