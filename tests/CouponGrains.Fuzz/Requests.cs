using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CouponGrains.Fuzz;

/// <summary>What is sent: bytes of a whole request where HTTP itself is broken, otherwise its parts.</summary>
/// <param name="Number">Its number in the run.</param>
/// <param name="Operation">The operation that it is made of.</param>
/// <param name="Method">The method.</param>
/// <param name="Address">Path and query.</param>
/// <param name="Headers">Headers beside those of the body.</param>
/// <param name="Body">The body, or null.</param>
/// <param name="Raw">The whole request as bytes, and whether the connection is cut after them; null for an ordinary
/// one.</param>
internal sealed record FuzzRequest(
    int Number, ApiOperation Operation, string Method, string Address, IReadOnlyList<(string Name, string Value)> Headers,
    byte[]? Body, (byte[] Bytes, bool Cut)? Raw = null)
{
    public override string ToString()
    {
        var text = new StringBuilder($"#{Number} {Operation}: {Method} {Address}");
        foreach (var (name, value) in Headers)
        {
            text.Append($"\n    {name}: {value}");
        }

        var shown = Raw?.Bytes ?? Body ?? [];
        return text.Append($"\n    {Encoding.UTF8.GetString(shown.AsSpan(0, Math.Min(600, shown.Length)))}").ToString();
    }
}

/// <summary>Makes the request of a number: the same for the same seed and number.</summary>
internal sealed partial class Requests(Api api, Pools pools, int seed)
{
    private const string Training = "/v1/training-runs";
    private const string Imports = "/v1/imports/";
    private const string Exports = "/v1/exports/";

    /// <summary>An export reads the whole store: one of so many that the dice would send.</summary>
    private const int ExportsSeldom = 300;

    /// <summary>Bodies may be deeper than any that is accepted.</summary>
    private static readonly JsonSerializerOptions Deep = new() { MaxDepth = 1_000 };

    private readonly Bodies _bodies = new(api, pools);

    public FuzzRequest Make(int number)
    {
        var random = new Random(unchecked((seed * 1_000_003) ^ (number * 7_919)));
        var operation = Pools.Pick(api.Operations, random);
        while (operation.Path.StartsWith(Exports, StringComparison.Ordinal) && random.Next(ExportsSeldom) > 0)
        {
            operation = Pools.Pick(api.Operations, random);
        }

        var method = operation.Method;
        var address = Address(operation, random);
        var headers = operation.Headers.Where(_ => random.Next(3) == 0)
            .Select(name => (name, Plain(pools.Text(name, operation.Path, random)))).ToList();
        var body = operation.Body is null ? null : Bytes(_bodies.Make(operation, random));
        if (operation.Path.StartsWith(Imports, StringComparison.Ordinal))
        {
            body = File(operation, random);
            headers.Add(("Content-Type", random.Next(5) == 0 ? "text/csv" : "application/x-ndjson"));
        }

        switch (random.Next(100))
        {
            case < 40:
            case >= 92 when operation.Path == Training:
                break;
            case < 75 when operation.Body is not null:
                body = Bytes(
                    Untrained(operation, Bodies.Spoil(_bodies.Make(operation, random), random)));
                break;
            case < 84 when body is not null:
                body = Bodies.Break(body, random);
                break;
            case < 92:
                (method, address) = Misplace(method, address, headers, random);
                break;
            default:
                var raw = Raw(method, address, body ?? [], random);
                return new(number, operation, method, address, [], null, raw);
        }

        // Asked without a word, training begins with what is usual.
        body = operation.Path == Training && method == "POST" && body is null or { Length: 0 } ? "{"u8.ToArray() : body;
        return new(number, operation, method, address, headers, body);
    }

    /// <summary>A few lines of what the import takes, some of them spoilt.</summary>
    private byte[] File(ApiOperation operation, Random random)
    {
        var schema = api.Schema(operation.Path[Imports.Length..] switch
        {
            "events" => "UserEvent",
            "items" => "Item",
            _ => "UserRecord",
        });
        var lines = Enumerable.Range(0, schema is null ? 0 : random.Next(6)).Select(_ =>
        {
            var value = _bodies.Make(operation with { Body = schema }, random);
            return (random.Next(3) == 0 ? Bodies.Spoil(value, random) : value)?.ToJsonString(Deep);
        });
        return Encoding.UTF8.GetBytes(string.Join(random.Next(4) == 0 ? "\r\n" : "\n", lines));
    }

    /// <summary>A header's value has no other characters than these on this way; others go as bytes.</summary>
    private static string Plain(string text) =>
        new([.. text.Select(symbol => symbol is >= ' ' and <= '~' ? symbol : '?')]);

    private static byte[] Bytes(JsonNode? body) => JsonSerializer.SerializeToUtf8Bytes(body, Deep);

    private static JsonNode? Untrained(ApiOperation operation, JsonNode? body)
    {
        if (operation.Path == Training && body is JsonObject options)
        {
            options["rank"] = -1;
        }

        return body;
    }

    private string Address(ApiOperation operation, Random random)
    {
        var path = Part().Replace(operation.Path, part => Uri.EscapeDataString(
            pools.Text(part.Groups[1].Value, operation.Path, random)));
        var query = operation.Query.Where(_ => random.Next(3) == 0).Select(name =>
            $"{name}={Uri.EscapeDataString(pools.Text(name, operation.Path, random))}").ToList();
        return query.Count > 0 ? $"{path}?{string.Join('&', query)}" : path;
    }

    /// <summary>Another method, another address, headers that do not belong.</summary>
    private static (string Method, string Address) Misplace(
        string method, string address, List<(string Name, string Value)> headers, Random random)
    {
        switch (random.Next(5))
        {
            case 0:
                return (Pools.Pick(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "BREW"], random), address);
            case 1:
                return (method, address + Pools.Pick(
                    ["/", "/x", "?x=1", "?limit=1&limit=2", "%2F", "?cursor=%FF%FE", "?limit=-1", "?count=1e3", "//", "?" + new string('q', 5_000)],
                    random));
            case 2:
                headers.Add(("Content-Type", Pools.Pick(
                    ["text/plain", "application/xml", "application/json; charset=utf-16", "x", "multipart/form-data"], random)));
                return (method, address);
            case 3:
                headers.Add((Pools.Pick(["Accept", "Range", "Accept-Encoding", "Authorization", "Cookie", "Expect", "Last-Event-ID",
                    "Origin", "X-Forwarded-For", "traceparent", "Content-Encoding", "X-Http-Method-Override"], random),
                    Pools.Pick(["x", "bytes=0-1", "gzip", "Bearer x", "00-1-1-01", new string('x', 3_000), "\"", "1", "100-continue"], random)));
                return (method, address);
            default:
                headers.Add(("Idempotency-Key", Pools.Pick(["", "k-1", new string('k', 300), "k-1,k-2", "%00"], random)));
                headers.Add(("Idempotency-Key", "k-2"));
                return (method, address);
        }
    }

    /// <summary>Requests that are no good HTTP, or end in the middle.</summary>
    private static (byte[] Bytes, bool Cut) Raw(string method, string address, byte[] body, Random random)
    {
        byte[] Join(string head, byte[] rest) => [.. Encoding.Latin1.GetBytes(head.Replace("\n", "\r\n", StringComparison.Ordinal)), .. rest];
        var line = $"{method} {address} HTTP/1.1\nHost: x\nContent-Type: application/json\n";
        return random.Next(12) switch
        {
            0 => (Join($"{line}Content-Length: {body.Length + 100}\n\n", body), true),
            1 => (Join($"{line}Content-Length: {body.Length}\n\n", body[..(body.Length / 2)]), true),
            2 => (Join($"{line}Transfer-Encoding: chunked\n\nzz\n", body), false),
            3 => (Join($"{line}Transfer-Encoding: chunked\n\n{body.Length:x}\n", body), true),
            4 => (Join($"{line}Content-Length: -1\n\n", body), false),
            5 => (Join($"{line}Content-Length: 3\nContent-Length: 4\n\n", body), false),
            6 => (Join($"{method} {address} HTTP/1.0\n\n", body), false),
            7 => (Join($"{method} {address}\n\n", body), false),
            8 => (Join($"{line}X: {new string('x', 40_000)}\n\n", body), false),
            9 => (Join($"{method} /v1/{new string('x', 10_000)} HTTP/1.1\nHost: x\n\n", body), false),
            10 => (Join($"{method} /v1/users/\xff\xfe/coupons HTTP/1.1\nHost: x\nX-\xe4: \xff\n\n", body), false),
            _ => ([.. body, 0, 1, 2, 255, 13, 10, 13, 10], false),
        };
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Part();
}
