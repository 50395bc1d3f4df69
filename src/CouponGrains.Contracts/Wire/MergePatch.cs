using System.Text.Json;
using System.Text.Json.Nodes;

namespace CouponGrains.Contracts.Wire;

/// <summary>JSON Merge Patch (RFC 7396): fields of the patch replace those of the target, null takes them
/// away.</summary>
public static class MergePatch
{
    /// <summary>The target with the patch applied.</summary>
    public static JsonElement Apply(JsonElement target, JsonElement patch) =>
        JsonSerializer.SerializeToElement(Merge(ToNode(target), ToNode(patch)));

    /// <summary>The patch that makes <paramref name="target"/> of <paramref name="before"/>; a field that is null is as
    /// one that is not there.</summary>
    public static JsonObject Between(JsonObject before, JsonObject target)
    {
        var patch = new JsonObject();
        foreach (var (name, _) in before.Where(field => target[field.Key] is null))
        {
            patch[name] = null;
        }

        foreach (var (name, value) in target.Where(field => !JsonNode.DeepEquals(before[field.Key], field.Value)))
        {
            patch[name] = before[name] is JsonObject known && value is JsonObject wanted
                ? Between(known, wanted)
                : value?.DeepClone();
        }

        return patch;
    }

    private static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject fields)
        {
            return patch?.DeepClone();
        }

        var merged = target is JsonObject known ? known.DeepClone().AsObject() : [];
        foreach (var (name, value) in fields)
        {
            if (value is null)
            {
                merged.Remove(name);
            }
            else
            {
                merged[name] = Merge(merged[name], value);
            }
        }

        return merged;
    }

    private static JsonNode? ToNode(JsonElement element) => element.Deserialize<JsonNode?>();
}
