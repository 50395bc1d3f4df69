using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CouponGrains.Domain.Audit;

/// <summary>What a change moved, told briefly.</summary>
public static class AuditChanges
{
    /// <summary>The longest JSON that is told as it is; of longer ones the digest.</summary>
    public const int LengthMax = 200;

    /// <summary>The most differences told one by one; of more, the digests of the whole.</summary>
    public const int CountMax = 64;

    /// <summary>The values that differ between two states of a thing, in the order of its fields.</summary>
    /// <param name="before">The thing before, null if it is new.</param>
    /// <param name="after">The thing after, null if it is gone.</param>
    public static IReadOnlyList<AuditDifference> Between(JsonElement? before, JsonElement? after)
    {
        var found = new List<AuditDifference>();
        Walk("", before, after, found);
        return found.Count <= CountMax ? found : [new("", Digest(before), Digest(after))];
    }

    private static void Walk(string path, JsonElement? before, JsonElement? after, List<AuditDifference> found)
    {
        if (IsObject(before) || IsObject(after))
        {
            if ((before is null || IsObject(before)) && (after is null || IsObject(after)))
            {
                foreach (var name in Names(before).Concat(Names(after)).Distinct(StringComparer.Ordinal))
                {
                    Walk($"{path}/{Escape(name)}", Field(before, name), Field(after, name), found);
                }

                return;
            }
        }

        if (before?.GetRawText() != after?.GetRawText())
        {
            found.Add(new(path, Told(before), Told(after)));
        }
    }

    private static bool IsObject(JsonElement? value) => value is { ValueKind: JsonValueKind.Object };

    private static IEnumerable<string> Names(JsonElement? value) =>
        value is { } thing ? thing.EnumerateObject().Select(field => field.Name) : [];

    private static JsonElement? Field(JsonElement? value, string name) =>
        value is { } thing && thing.TryGetProperty(name, out var field) ? field : null;

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal)
        .Replace("/", "~1", StringComparison.Ordinal);

    private static string? Told(JsonElement? value) =>
        value?.GetRawText() is { Length: <= LengthMax } text ? text : Digest(value);

    private static string? Digest(JsonElement? value) => value is { } thing
        ? $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(thing.GetRawText())))}"
        : null;
}
