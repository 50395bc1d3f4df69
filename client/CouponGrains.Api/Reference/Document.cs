using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CouponGrains.Api.Access;
using CouponGrains.Api.Wire;

namespace CouponGrains.Api.Reference;

/// <summary>The OpenAPI 3.1 document of <see cref="Operations"/>.</summary>
internal static partial class Document
{
    /// <summary>Codes that any operation may answer.</summary>
    private static readonly string[] Always = ["invalid_id", "malformed_request", "too_many_requests", "unavailable",
        "internal_error", "unauthenticated", "forbidden"];

    /// <summary>Codes of operations that read a body.</summary>
    private static readonly string[] OfBodies =
        ["malformed_body", "missing_field", "unknown_field", "duplicate_field", "wrong_type", "invalid_value",
            "unsupported_media_type", "body_too_large"];

    /// <summary>The document.</summary>
    public static JsonObject Make()
    {
        var schemas = new JsonObject { [nameof(Problem)] = WireSchema.Of(typeof(Problem), Root(nameof(Problem))) };
        var paths = new JsonObject();
        foreach (var operation in Operations.All)
        {
            if (paths[operation.Path] is not JsonObject path)
            {
                paths[operation.Path] = path = [];
            }

            path[operation.Method.ToLowerInvariant()] = Describe(operation, schemas);
        }

        return new()
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "CouponGrains",
                ["version"] = "1",
                ["description"] = "Personalised coupons. Money is whole minor units with an ISO 4217 code, instants "
                    + "are RFC 3339 with an offset, durations are seconds. Unknown fields are refused.",
            },
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas,
                ["securitySchemes"] = new JsonObject
                {
                    ["key"] = new JsonObject
                    {
                        ["type"] = "http", ["scheme"] = "bearer",
                        ["description"] = "A key, as in Authorization: Bearer cg_server_…, or an operator's token; none where keys are off.",
                    },
                },
            },
        };
    }

    private static JsonObject Describe(Operation operation, JsonObject schemas)
    {
        var method = operation.Method.ToLowerInvariant();
        var described = new JsonObject
        {
            ["operationId"] = Slug().Replace($"{method} {operation.Path[4..]}", "-").Trim('-'),
            ["summary"] = operation.Summary,
            ["tags"] = new JsonArray(operation.Path.Split('/')[2]),
            ["parameters"] = Parameters(operation),
            ["responses"] = Responses(operation, schemas),
        };
        if (AccessTable.Of(operation.Method, operation.Path) is { } need)
        {
            described["security"] = new JsonArray(new JsonObject { ["key"] = new JsonArray(need.Scope) });
            described["x-role"] = Snake.Case(need.Role);
        }

        if (operation.Body is { } body)
        {
            var schema = Keep(body, schemas);
            if (operation.Batch is { } batch)
            {
                schemas[Name(body)]!["properties"]![batch.List]!["items"] = Keep(batch.Entry, schemas);
            }

            var json = new JsonObject { ["schema"] = schema };
            if (operation.Example is { } example)
            {
                json["example"] = JsonNode.Parse(example);
            }

            described["requestBody"] = new JsonObject
            {
                ["required"] = operation.BodyRequired,
                ["content"] = new JsonObject { ["application/json"] = json },
            };
        }

        if (operation.BodyMedia.Count > 0)
        {
            described["requestBody"] = new JsonObject
            {
                ["required"] = true,
                ["content"] = new JsonObject(operation.BodyMedia.Select(
                    media => KeyValuePair.Create(media, (JsonNode?)new JsonObject()))),
            };
        }

        if (operation.ExamplePath is { } examplePath)
        {
            described["x-example-path"] = examplePath;
        }

        return described;
    }

    private static JsonArray Parameters(Operation operation)
    {
        var parameters = Part().Matches(operation.Path)
            .Select(part => Parameter(part.Groups[1].Value, "path", "A part of the address."))
            .Concat(operation.Query.Select(query => Parameter(query.Name, "query", query.Meaning)));
        (bool Takes, string Name, string Meaning)[] headers =
        [
            (operation.Keyed, "Idempotency-Key", "The caller's key, here or as key in the body."),
            (operation.Tagged, "If-None-Match", "ETags that the caller has; 304 if the answer is one of them."),
            (operation.MayBeLater, "Prefer", "respond-async: the file is stored, and worked off after the answer."),
            (operation.Conditional, "If-Match", "The ETag that it shall be done on; 412 if there is another."),
        ];
        return [.. parameters.Concat(
            headers.Where(header => header.Takes).Select(header => Parameter(header.Name, "header", header.Meaning)))];
    }

    private static JsonObject Parameter(string name, string place, string meaning) => new()
    {
        ["name"] = name, ["in"] = place, ["required"] = place == "path", ["description"] = meaning,
        ["schema"] = new JsonObject { ["type"] = "string" },
    };

    private static JsonObject Responses(Operation operation, JsonObject schemas)
    {
        var content = operation.Answer is { } answer
            ? new JsonObject { ["application/json"] = new JsonObject { ["schema"] = Keep(answer, schemas) } }
            : new JsonObject { [operation.MediaType ?? "application/json"] = new JsonObject() };
        var responses = new JsonObject
        {
            [Number(operation.Status)] = new JsonObject { ["description"] = "Done.", ["content"] = content },
        };
        if (operation.MayBeLater)
        {
            responses["202"] = new JsonObject { ["description"] = "Stored, to be worked off: Location names the operation." };
        }

        if (operation.Tagged)
        {
            responses["304"] = new JsonObject { ["description"] = "What the caller has." };
        }

        var codes = operation.Codes.Concat(Always)
            .Concat(operation.Keyed ? ["in_flight"] : [])
            .Concat(operation.Method != "GET" ? ["cross_site"] : [])
            .Concat(operation.Conditional ? ["revision_changed"] : [])
            .Concat(operation.Body is null ? ["invalid_value"] : OfBodies);
        foreach (var kind in codes.Distinct().GroupBy(code => ProblemKinds.Of(code).Status).OrderBy(kind => kind.Key))
        {
            responses[Number(kind.Key)] = new JsonObject
            {
                ["description"] = string.Join(", ", kind.Order(StringComparer.Ordinal)),
                ["x-codes"] = new JsonArray([.. kind.Order(StringComparer.Ordinal).Select(code => (JsonNode)code)]),
                ["content"] = new JsonObject
                {
                    [Problem.ContentType] = new JsonObject { ["schema"] = Reference(nameof(Problem)) },
                },
            };
        }

        return responses;
    }

    /// <summary>Keeps the schema of a type among the document's, once, and answers a reference to it.</summary>
    private static JsonObject Keep(Type type, JsonObject schemas)
    {
        var name = Name(type);
        if (!schemas.ContainsKey(name))
        {
            schemas[name] = WireSchema.Of(type, Root(name));
        }

        return Reference(name);
    }

    private static JsonObject Reference(string name) => new() { ["$ref"] = Root(name) };

    private static string Root(string name) => "#/components/schemas/" + name;

    private static string Name(Type type) => type.IsGenericType
        ? type.Name[..type.Name.IndexOf('`')] + "Of" + type.GetGenericArguments()[0].Name
        : type.Name;

    private static string Number(int status) => status.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Part();

    [GeneratedRegex("[^a-z]+")]
    private static partial Regex Slug();
}
