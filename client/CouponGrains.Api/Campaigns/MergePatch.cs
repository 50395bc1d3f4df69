using System.Text.Json;
using System.Text.Json.Nodes;

namespace CouponGrains.Api.Campaigns;

/// <summary>JSON Merge Patch (RFC 7396): fields of the patch replace those of the target, null takes them
/// away.</summary>
internal static class MergePatch
{
    /// <summary>The target with the patch applied.</summary>
    public static JsonElement Apply(JsonElement target, JsonElement patch) =>
        JsonSerializer.SerializeToElement(Merge(ToNode(target), ToNode(patch)));

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
