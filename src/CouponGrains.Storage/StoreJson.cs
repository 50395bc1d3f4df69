using System.Text.Json;
using System.Text.Json.Serialization;
using CouponGrains.Domain;

namespace CouponGrains.Storage;

/// <summary>How records are written into JSON columns: camelCase, ids and currencies as strings, enumerations as their
/// numbers, derived properties left out. Unknown members are ignored and missing ones take their defaults, so that
/// records may grow.</summary>
internal static class StoreJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        IgnoreReadOnlyProperties = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters =
        {
            new StringConverter<UserId>(text => new(text), id => id.Value),
            new StringConverter<ItemId>(text => new(text), id => id.Value),
            new StringConverter<EventId>(text => new(text), id => id.Value),
            new StringConverter<CampaignId>(text => new(text), id => id.Value),
            new StringConverter<OfferId>(text => new(text), id => id.Value),
            new StringConverter<Currency>(text => new(text), currency => currency.Code),
            new MoneyConverter(),
            new ModelVersionConverter(),
        },
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static byte[] WriteBytes<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options)
        ?? throw new JsonException($"A stored {typeof(T).Name} must not be null.");

    private sealed class StringConverter<T>(Func<string, T> parse, Func<T, string> format) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            parse(reader.GetString() ?? throw new JsonException($"A {typeof(T).Name} must not be null."));

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteStringValue(format(value));
    }

    /// <summary>An amount is a pair: <c>[1234, "USD"]</c>.</summary>
    private sealed class MoneyConverter : JsonConverter<Money>
    {
        public override Money Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            Expect(reader.TokenType == JsonTokenType.StartArray && reader.Read());
            var minor = reader.GetInt64();
            Expect(reader.Read());
            var currency = reader.GetString() ?? "";
            Expect(reader.Read() && reader.TokenType == JsonTokenType.EndArray);
            return new(minor, new(currency));
        }

        public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(value.Minor);
            writer.WriteStringValue(value.Currency.Code);
            writer.WriteEndArray();
        }

        private static void Expect(bool condition)
        {
            if (!condition)
            {
                throw new JsonException("An amount is written as [minor units, currency].");
            }
        }
    }

    private sealed class ModelVersionConverter : JsonConverter<ModelVersion>
    {
        public override ModelVersion Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            new(reader.GetInt64());

        public override void Write(Utf8JsonWriter writer, ModelVersion value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.Number);
    }
}
