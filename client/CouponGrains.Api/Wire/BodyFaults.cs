using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CouponGrains.Domain;

namespace CouponGrains.Api.Wire;

/// <summary>Explains why a JSON value could not be read: every missing, unknown and wrong field with its pointer. Runs
/// only after reading has failed, so that good requests do not pay for it.</summary>
internal static class BodyFaults
{
    private const int FaultsMax = 20;

    /// <summary>The faults of <paramref name="element"/> as a <paramref name="type"/>, at least one.</summary>
    public static IReadOnlyList<Refusal> Find(Type type, JsonElement element, string pointer, JsonException cause)
    {
        if (FindText(element, pointer) is { } unreadable)
        {
            return [unreadable];
        }

        var faults = new List<Refusal>();
        Visit(ApiJson.Options.GetTypeInfo(type), element, pointer, faults);
        return faults.Count > 0
            ? faults
            : [new(
                RefusalCodes.WrongType, (cause as WireException)?.Detail ?? "The value has the wrong type.", pointer)];
    }

    /// <summary>A fault if a name or a text in <paramref name="element"/> is not Unicode (half of a surrogate pair,
    /// bytes that are no UTF-8): the reader takes it, and only who looks at it learns that.</summary>
    public static Refusal? FindText(JsonElement element, string pointer)
    {
        try
        {
            Look(element);
            return null;
        }
        catch (InvalidOperationException)
        {
            return NotText(pointer);
        }
    }

    /// <summary>Says that there is a text that is not Unicode.</summary>
    public static Refusal NotText(string pointer) =>
        new(RefusalCodes.MalformedBody, "A text in the body is not Unicode.", pointer);

    private static void Look(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                _ = element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var part in element.EnumerateArray())
                {
                    Look(part);
                }

                break;
            case JsonValueKind.Object:
                foreach (var part in element.EnumerateObject())
                {
                    _ = part.Name;
                    Look(part.Value);
                }

                break;
            default:
                break;
        }
    }

    private static void Visit(JsonTypeInfo type, JsonElement element, string pointer, List<Refusal> faults)
    {
        if (faults.Count >= FaultsMax)
        {
            return;
        }

        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when element.ValueKind == JsonValueKind.Object:
                VisitFields(type, element, pointer, faults);
                break;
            case JsonTypeInfoKind.Enumerable when element.ValueKind == JsonValueKind.Array:
                var index = 0;
                foreach (var part in element.EnumerateArray())
                {
                    VisitEntry(type.ElementType!, part, $"{pointer}/{index++}", faults);
                }

                break;
            case JsonTypeInfoKind.Dictionary when element.ValueKind == JsonValueKind.Object:
                foreach (var part in element.EnumerateObject())
                {
                    VisitEntry(type.ElementType!, part.Value, $"{pointer}/{Escape(part.Name)}", faults);
                }

                break;
            case JsonTypeInfoKind.Object:
                faults.Add(new(RefusalCodes.WrongType, "Expected an object.", pointer));
                break;
            case JsonTypeInfoKind.Enumerable:
                faults.Add(new(RefusalCodes.WrongType, "Expected a list.", pointer));
                break;
            case JsonTypeInfoKind.Dictionary:
                faults.Add(new(RefusalCodes.WrongType, "Expected an object.", pointer));
                break;
            default:
                VisitValue(type, element, pointer, faults);
                break;
        }
    }

    private static void VisitEntry(Type type, JsonElement element, string pointer, List<Refusal> faults)
    {
        if (element.ValueKind == JsonValueKind.Null && !type.IsValueType)
        {
            faults.Add(new(RefusalCodes.MissingField, "An entry must not be null.", pointer));
        }
        else
        {
            Visit(Of(type), element, pointer, faults);
        }
    }

    private static void VisitFields(JsonTypeInfo type, JsonElement element, string pointer, List<Refusal> faults)
    {
        var fields = type.Properties.ToDictionary(field => field.Name, StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in element.EnumerateObject())
        {
            var at = $"{pointer}/{Escape(part.Name)}";
            if (!seen.Add(part.Name))
            {
                faults.Add(new(RefusalCodes.DuplicateField, "The field stands here twice.", at));
            }
            else if (!fields.TryGetValue(part.Name, out var field))
            {
                faults.Add(new(RefusalCodes.UnknownField, "There is no such field.", at));
            }
            else if (part.Value.ValueKind != JsonValueKind.Null)
            {
                Visit(Of(field.PropertyType), part.Value, at, faults);
            }
            else if (!field.IsSetNullable || IsValue(field.PropertyType))
            {
                faults.Add(new(RefusalCodes.MissingField, "The field must not be null.", at));
            }
        }

        foreach (var field in type.Properties.Where(field => field.IsRequired && !seen.Contains(field.Name)))
        {
            faults.Add(new(RefusalCodes.MissingField, "The field is required.", $"{pointer}/{Escape(field.Name)}"));
        }
    }

    private static void VisitValue(JsonTypeInfo type, JsonElement element, string pointer, List<Refusal> faults)
    {
        try
        {
            element.Deserialize(type);
        }
        catch (WireException e)
        {
            faults.Add(new(e.Code, e.Detail, pointer));
        }
        catch (JsonException)
        {
            faults.Add(new(RefusalCodes.WrongType, $"Expected {Describe(type.Type)}.", pointer));
        }
    }

    private static JsonTypeInfo Of(Type type) => ApiJson.Options.GetTypeInfo(type);

    private static bool IsValue(Type type) => type.IsValueType && Nullable.GetUnderlyingType(type) is null;

    private static string Describe(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(string) => "text",
        var t when t == typeof(bool) => "true or false",
        var t when t == typeof(int) || t == typeof(long) => "a whole number",
        var t when t == typeof(double) || t == typeof(float) => "a number",
        _ => "another type",
    };

    private static string Escape(string name) => name.Replace("~", "~0").Replace("/", "~1");
}
