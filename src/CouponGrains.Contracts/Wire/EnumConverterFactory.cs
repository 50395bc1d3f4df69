using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using CouponGrains.Domain;
using CouponGrains.Domain.Events;

namespace CouponGrains.Contracts.Wire;

/// <summary>Enums by their names in snake_case, also as keys of maps.</summary>
internal sealed class EnumConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(EnumConverter<>).MakeGenericType(typeToConvert))!;
}

/// <summary>One enum.</summary>
internal sealed class EnumConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    private static readonly FrozenDictionary<T, string> Names =
        Enum.GetValues<T>()
        .ToFrozenDictionary(value => value, Snake.Case);
    private static readonly FrozenDictionary<string, T> Values = Names
        .Select(pair => KeyValuePair.Create(pair.Value, pair.Key))
        .Concat(SegmentNames.Kinds as IEnumerable<KeyValuePair<string, T>> ?? [])
        .ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly string Code =
        typeof(T) == typeof(EventKind) ? RefusalCodes.UnknownEventKind : RefusalCodes.InvalidValue;

    private static readonly string Rule =
        $"Expected one of {string.Join(", ", Names.OrderBy(n => n.Key).Select(n => n.Value))}.";

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
            ? Parse(reader.GetString())
            : throw new WireException(RefusalCodes.WrongType, Rule);

    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert,
        JsonSerializerOptions options) =>
        Parse(reader.GetString());

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Names[value]);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WritePropertyName(Names[value]);

    public static T Parse(string? text) =>
        text is not null && Values.TryGetValue(text, out var value) ? value : throw new WireException(Code, Rule);
}

/// <summary>Names on the wire.</summary>
public static class Snake
{
    /// <summary><c>KeyReusedWithOtherContent</c> as <c>key_reused_with_other_content</c>.</summary>
    public static string Case<T>(T value)
        where T : Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>The value of a name, as it stands in a body or an address. Throws
    /// <see cref="WireException"/>.</summary>
    public static T Parse<T>(string? name)
        where T : struct, Enum => EnumConverter<T>.Parse(name);
}
