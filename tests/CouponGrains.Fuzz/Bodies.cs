using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace CouponGrains.Fuzz;

/// <summary>Bodies that follow from a schema, and what can be wrong with them.</summary>
internal sealed class Bodies(Api api, Pools pools)
{
    private const int DepthMax = 7;

    /// <summary>The heaviest that one request may ask for.</summary>
    private static readonly Dictionary<string, int> Heavy = new(StringComparer.Ordinal)
    {
        ["count"] = 20, ["users"] = 20, ["quantity"] = 5, ["repeatsMax"] = 5,
    };

    /// <summary>A body as the schema wants it, most of the time acceptable.</summary>
    public JsonNode? Make(ApiOperation operation, Random random)
    {
        var body = Value(operation.Body!, "", operation.Path, random, 0);
        if (operation.Path == "/v1/training-runs" && body is JsonObject training)
        {
            training["rank"] = -1; // A run takes minutes, one at a time.
        }

        return body;
    }

    /// <summary>The same with one thing changed that should not be.</summary>
    public static JsonNode? Spoil(JsonNode? body, Random random)
    {
        var places = new List<JsonNode>();
        Collect(body, places);
        if (places.Count == 0)
        {
            return Odd(random);
        }

        var place = Pools.Pick(places, random);
        switch (place)
        {
            case JsonObject fields when fields.Count > 0 && random.Next(4) > 0:
                var name = Pools.Pick(fields.Select(field => field.Key).ToList(), random);
                if (random.Next(3) == 0)
                {
                    fields.Remove(name);
                }
                else
                {
                    fields[name] = Odd(random);
                }

                break;
            case JsonObject fields:
                fields[Pools.OddText(random)] = Odd(random);
                break;
            case JsonArray entries when entries.Count > 0 && random.Next(2) == 0:
                entries[random.Next(entries.Count)] = Odd(random);
                break;
            case JsonArray entries:
                var copies = random.Next(50) == 0 ? 1_200 : 3;
                for (var i = 0; i < copies; i++)
                {
                    entries.Add(entries.Count > 0 ? entries[0]?.DeepClone() : Odd(random));
                }

                break;
        }

        return body;
    }

    /// <summary>Bytes that are not what they should be.</summary>
    public static byte[] Break(byte[] body, Random random)
    {
        switch (random.Next(9))
        {
            case 0:
                return body[..random.Next(body.Length + 1)];
            case 1 when body.Length > 0:
                body[random.Next(body.Length)] = (byte)random.Next(256);
                return body;
            case 2:
                return [.. Encoding.UTF8.Preamble, .. body];
            case 3:
                return Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(body));
            case 4:
                var depth = random.Next(1, 3_000);
                return Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', random.Next(2) * depth));
            case 5:
                var bytes = new byte[random.Next(300)];
                random.NextBytes(bytes);
                return bytes;
            case 6 when random.Next(20) == 0:
                return Encoding.UTF8.GetBytes("{\"x\":\"" + new string('x', 2_200_000) + "\"}");
            case 7:
                return [.. "{\"user\":\"\xFF\xC0\x80\",\"key\":\"\\ud800\"}"u8, .. body];
            default:
                var text = Encoding.UTF8.GetString(body);
                var twice = text.Length > 2 && text[0] == '{' ? "{" + text[1..^1] + "," + text[1..] : text + text;
                return Encoding.UTF8.GetBytes(twice);
        }
    }

    private JsonNode? Value(JsonObject schema, string name, string path, Random random, int depth)
    {
        schema = api.Resolve(schema);
        if (schema["anyOf"] is JsonArray either)
        {
            return Value(either[random.Next(either.Count)]!.AsObject(), name, path, random, depth);
        }

        if (schema["enum"] is JsonArray values)
        {
            return values[random.Next(values.Count)]?.DeepClone();
        }

        var type = schema["type"] switch
        {
            JsonArray types => types.Select(one => one!.GetValue<string>()).First(one => one != "null"),
            JsonValue one => one.GetValue<string>(),
            _ => "",
        };
        return type switch
        {
            "object" => Fields(schema, name, path, random, depth),
            "array" => new JsonArray([.. Enumerable.Range(0, depth > DepthMax ? 0 : random.Next(4)).Select(
                _ => schema["items"] is JsonObject entry ? Value(entry, name, Below(path, name), random, depth + 1) : Odd(random))]),
            "integer" => JsonValue.Create(Number(name, random)),
            "number" => JsonValue.Create(random.Next(4) == 0 ? Number(name, random) : Math.Round(random.NextDouble(), 3)),
            "boolean" => JsonValue.Create(random.Next(2) == 0),
            "string" => Text(schema, name, path, random),
            _ => Odd(random),
        };
    }

    private JsonObject Fields(JsonObject schema, string name, string path, Random random, int depth)
    {
        var made = new JsonObject();
        var required = (schema["required"] as JsonArray)?.Select(one => one!.GetValue<string>()).ToHashSet() ?? [];
        foreach (var (field, value) in schema["properties"] as JsonObject ?? [])
        {
            if (required.Contains(field) || (depth <= DepthMax && random.Next(4) == 0))
            {
                made[field] = value is JsonObject kind ? Value(kind, field, Below(path, name), random, depth + 1) : Odd(random);
            }
        }

        if (schema["additionalProperties"] is JsonObject any && random.Next(3) == 0)
        {
            made["age"] = Value(any, "age", path, random, depth + 1);
        }

        return made;
    }

    /// <summary>Entries of lists have names of their own: an <c>id</c> among <c>offers</c> is that of an
    /// offer.</summary>
    private static string Below(string path, string name) => name is "offers" or "items" or "events" ? "/" + name : path;

    private JsonNode Text(JsonObject schema, string name, string path, Random random) =>
        ((string?)schema["format"], (string?)schema["pattern"]) switch
        {
            ("date-time", _) => Instant(random),
            (_, "^[A-Z]{3}$") => random.Next(30) == 0 ? Pools.OddText(random) : "USD",
            (_, { } pattern) when pattern.Contains(':', StringComparison.Ordinal) => $"{random.Next(24):00}:{random.Next(60):00}",
            _ => pools.Text(name, path, random),
        };

    private static string Instant(Random random) => random.Next(30) == 0
        ? Pools.OddText(random)
        : new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(random.Next(-50_000, 40_000))
            .ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    private static long Number(string name, Random random) => Heavy.TryGetValue(name, out var most)
        ? random.Next(most + 1)
        : random.Next(25) switch
        {
            0 => -1,
            1 => 0,
            2 => long.MaxValue,
            3 => long.MinValue,
            4 => int.MaxValue,
            _ => random.Next(1, 2_000),
        };

    private static JsonNode? Odd(Random random)
    {
        switch (random.Next(11))
        {
            case 0:
                return null;
            case 1:
                return JsonValue.Create(long.MaxValue);
            case 2:
                return JsonNode.Parse(Pools.Pick(
                    ["1e400", "-0", "1.5", "9223372036854775808", "-1", "1e-400", "0.1e1"], random));
            case 3:
                return JsonValue.Create(true);
            case 4:
                return new JsonArray();
            case 5:
                return new JsonObject();
            case 6:
                JsonNode? deep = null;
                for (var i = random.Next(120); i > 0; i--)
                {
                    deep = random.Next(2) == 0 ? new JsonArray(deep) : new JsonObject { ["x"] = deep };
                }

                return deep;
            case 7:
                return new JsonObject { ["minor"] = random.NextInt64(long.MinValue, long.MaxValue), ["currency"] = "USD" };
            default:
                return JsonValue.Create(Pools.OddText(random));
        }
    }

    private static void Collect(JsonNode? node, List<JsonNode> places)
    {
        if (node is JsonObject fields)
        {
            places.Add(fields);
            foreach (var (_, value) in fields)
            {
                Collect(value, places);
            }
        }
        else if (node is JsonArray entries)
        {
            places.Add(entries);
            foreach (var entry in entries)
            {
                Collect(entry, places);
            }
        }
    }
}
