using System.Text.Json.Nodes;

namespace CouponGrains.Fuzz;

/// <summary>What the document says of one operation.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The address, with its parts in braces.</param>
/// <param name="Query">The names of the query.</param>
/// <param name="Headers">The names of its headers.</param>
/// <param name="Body">The schema of its body, or null.</param>
/// <param name="Codes">The codes of the problems that it may answer.</param>
internal sealed record ApiOperation(
    string Method, string Path, IReadOnlyList<string> Query, IReadOnlyList<string> Headers, JsonObject? Body,
    IReadOnlySet<string> Codes)
{
    /// <summary>True if it answers with a stream that does not end.</summary>
    public bool Streams => Path.EndsWith("/stream", StringComparison.Ordinal);

    public override string ToString() => $"{Method} {Path}";
}

/// <summary>The document.</summary>
internal sealed class Api
{
    private readonly JsonObject _schemas;

    public Api(JsonNode document)
    {
        _schemas = document["components"]!["schemas"]!.AsObject();
        Operations =
        [
            .. from path in document["paths"]!.AsObject()
               from operation in path.Value!.AsObject()
               select Read(operation.Key.ToUpperInvariant(), path.Key, operation.Value!),
        ];
    }

    public IReadOnlyList<ApiOperation> Operations { get; }

    /// <summary>The schema of a name; null if there is none.</summary>
    public JsonObject? Schema(string name) => _schemas[name]?.AsObject();

    /// <summary>The schema itself, or the one that it names.</summary>
    public JsonObject Resolve(JsonObject schema)
    {
        while (schema["$ref"] is { } reference)
        {
            JsonNode at = _schemas;
            foreach (var name in reference.GetValue<string>().Split('/')[3..])
            {
                at = at is JsonArray entries
                    ? entries[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)]!
                    : at[name.Replace("~1", "/", StringComparison.Ordinal)]!;
            }

            schema = at.AsObject();
        }

        return schema;
    }

    private static ApiOperation Read(string method, string path, JsonNode operation)
    {
        var parameters = operation["parameters"]!.AsArray().Select(parameter => parameter!).ToList();
        return new(
            method, path, Names(parameters, "query"), Names(parameters, "header"),
            operation["requestBody"]?["content"]?["application/json"]?["schema"]?.AsObject(),
            operation["responses"]!.AsObject()
                .SelectMany(response => response.Value!["x-codes"]?.AsArray() ?? [])
                .Select(code => code!.GetValue<string>()).ToHashSet());
    }

    private static List<string> Names(List<JsonNode> parameters, string place) =>
    [
        .. parameters.Where(parameter => (string?)parameter["in"] == place)
            .Select(parameter => (string)parameter["name"]!),
    ];
}
