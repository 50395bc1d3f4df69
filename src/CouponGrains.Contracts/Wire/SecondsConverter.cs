using System.Text.Json;
using System.Text.Json.Serialization;
using CouponGrains.Domain;

namespace CouponGrains.Contracts.Wire;

/// <summary>Durations as a number of seconds; their names end in <c>Seconds</c>.</summary>
internal sealed class SecondsConverter : JsonConverter<TimeSpan>
{
    private const double SecondsMax = 100L * 366 * 86_400;

    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var seconds)
            && Math.Abs(seconds) <= SecondsMax
            ? TimeSpan.FromSeconds(seconds)
            : throw new WireException(
                RefusalCodes.InvalidValue, "A duration is a number of seconds, at most 100 years.");

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.TotalSeconds);
}
