using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using CouponGrains.Domain;

namespace CouponGrains.Api.Reference;

/// <summary>What a type looks like on the wire, as JSON Schema 2020-12: the reader's own rules, with the shapes that
/// its converters read and write.</summary>
internal static class WireSchema
{
    private static readonly JsonSchemaExporterOptions Exporter = new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = Shape,
    };

    /// <summary>The schema of <paramref name="type"/>.</summary>
    /// <param name="type">The type.</param>
    /// <param name="root">Where in the document the schema will stand: its references to itself begin there.</param>
    public static JsonNode Of(Type type, string root)
    {
        var schema = WireJson.Options.GetJsonSchemaAsNode(type, Exporter);
        Root(schema, root);
        return schema;
    }

    private static void Root(JsonNode? node, string root)
    {
        if (node is JsonObject fields)
        {
            if (fields["$ref"] is JsonValue reference)
            {
                fields["$ref"] = root + reference.GetValue<string>()[1..];
            }

            LeaveOutNulls(fields);
            foreach (var (_, value) in fields)
            {
                Root(value, root);
            }
        }
        else if (node is JsonArray entries)
        {
            foreach (var entry in entries)
            {
                Root(entry, root);
            }
        }
    }

    /// <summary>What is null is left out on the wire, so a field that may be null is never required.</summary>
    private static void LeaveOutNulls(JsonObject fields)
    {
        if (fields["required"] is not JsonArray required || fields["properties"] is not JsonObject properties)
        {
            return;
        }

        required.RemoveAll(name => MayBeNull(properties[name!.GetValue<string>()]));
        if (required.Count == 0)
        {
            fields.Remove("required");
        }
    }

    private static bool MayBeNull(JsonNode? schema) => schema is JsonObject fields
        && ((fields["type"] is JsonArray types && types.Any(type => type!.GetValue<string>() == "null"))
            || (fields["anyOf"] is JsonArray either && either.Any(one => (string?)one!["type"] == "null")));

    private static JsonNode Shape(JsonSchemaExporterContext context, JsonNode schema)
    {
        var type = context.TypeInfo.Type;
        var underlying = Nullable.GetUnderlyingType(type);
        if (Known(underlying ?? type) is not { } known)
        {
            return schema;
        }

        if (underlying is null)
        {
            return known;
        }

        return new JsonObject { ["anyOf"] = new JsonArray(known, new JsonObject { ["type"] = "null" }) };
    }

    private static JsonObject? Known(Type type) => type switch
    {
        _ when type == typeof(UserId) || type == typeof(ItemId) || type == typeof(EventId)
            || type == typeof(CampaignId) || type == typeof(OfferId) =>
            Text("minLength", 1, "maxLength", IdRules.LengthMax),
        _ when type == typeof(Currency) => Text("pattern", "^[A-Z]{3}$"),
        _ when type == typeof(Money) => new()
        {
            ["type"] = "object",
            ["description"] = "Whole minor units and an ISO 4217 code.",
            ["properties"] = new JsonObject
            {
                ["minor"] = new JsonObject { ["type"] = "integer", ["format"] = "int64" },
                ["currency"] = Text("pattern", "^[A-Z]{3}$"),
            },
            ["required"] = new JsonArray("minor", "currency"),
            ["additionalProperties"] = false,
        },
        _ when type == typeof(ModelVersion) => new() { ["type"] = "integer", ["minimum"] = 0 },
        _ when type == typeof(DateTimeOffset) => Text("format", "date-time"),
        _ when type == typeof(TimeSpan) => new() { ["type"] = "number", ["description"] = "Seconds." },
        _ when type == typeof(TimeOnly) => Text("pattern", "^[0-2][0-9]:[0-5][0-9]$"),
        { IsEnum: true } => Text("enum", new JsonArray(
            [.. Enum.GetValues(type).Cast<Enum>().Select(value => (JsonNode)Snake.Case(value))])),
        _ => null,
    };

    private static JsonObject Text(params object[] rules)
    {
        var text = new JsonObject { ["type"] = "string" };
        for (var i = 0; i < rules.Length; i += 2)
        {
            text[(string)rules[i]] = rules[i + 1] as JsonNode ?? JsonSerializer.SerializeToNode(rules[i + 1]);
        }

        return text;
    }
}
