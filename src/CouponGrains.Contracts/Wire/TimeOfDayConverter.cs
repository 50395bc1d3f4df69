using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CouponGrains.Domain;

namespace CouponGrains.Contracts.Wire;

/// <summary>Times of day to the minute, as in <c>18:30</c>.</summary>
internal sealed class TimeOfDayConverter : JsonConverter<TimeOnly>
{
    private const string Form = "HH:mm";

    public override TimeOnly Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && TimeOnly.TryParseExact(
            reader.GetString(), Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : throw new WireException(RefusalCodes.InvalidValue, "A time of day is hours and minutes, as in 18:30.");

    public override void Write(Utf8JsonWriter writer, TimeOnly value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString(Form, CultureInfo.InvariantCulture));
}
