using System.Text.Json;
using System.Text.Json.Serialization;
using CouponGrains.Domain;

namespace CouponGrains.Contracts.Wire;

/// <summary>Money as <c>{ "minor": 1234, "currency": "USD" }</c>.</summary>
internal sealed class MoneyConverter : JsonConverter<Money>
{
    private const string Shape =
        "Money is { \"minor\": 1234, \"currency\": \"USD\" } with a whole number of minor units.";

    public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new WireException(RefusalCodes.WrongType, Shape);
        }

        long? minor = null;
        string? currency = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("minor"u8) && minor is null)
            {
                reader.Read();
                minor = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number)
                    ? number
                    : throw new WireException(RefusalCodes.WrongType, Shape);
            }
            else if (reader.ValueTextEquals("currency"u8) && currency is null)
            {
                reader.Read();
                currency = reader.TokenType == JsonTokenType.String
                    ? reader.GetString()
                    : throw new WireException(RefusalCodes.WrongType, Shape);
            }
            else
            {
                throw new WireException(RefusalCodes.UnknownField, Shape);
            }
        }

        if (minor is null || currency is null)
        {
            throw new WireException(RefusalCodes.MissingField, Shape);
        }

        return Currency.IsValid(currency)
            ? new(minor.Value, new(currency))
            : throw new WireException(RefusalCodes.InvalidValue, "A currency is three upper-case letters (ISO 4217).");
    }

    public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteNumber("minor"u8, value.Minor);
        writer.WriteString("currency"u8, value.Currency.Code);
        writer.WriteEndObject();
    }
}
