using System.Collections.Concurrent;
using System.Text.Json;

namespace CouponGrains.Grains;

/// <summary>The values of an enum as words of a label: <c>HeldBack</c> is <c>held_back</c>.</summary>
internal static class Word
{
    /// <summary>The word of a value.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum =>
        Words<T>.Of.GetOrAdd(value, static v => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{v}"));

    private static class Words<T>
        where T : struct, Enum
    {
        public static ConcurrentDictionary<T, string> Of { get; } = new();
    }
}
