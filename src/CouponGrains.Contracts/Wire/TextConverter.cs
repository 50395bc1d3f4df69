using System.Text.Json;
using System.Text.Json.Serialization;
using CouponGrains.Domain;

namespace CouponGrains.Contracts.Wire;

/// <summary>Values that are a piece of text under a rule: ids and currencies.</summary>
internal sealed class TextConverter<T>(
    Func<T, string> write, Func<string, T> read, Func<string?, bool> valid, string code, string rule) : JsonConverter<T>
    where T : struct
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new WireException(RefusalCodes.WrongType, "Expected text.");
        }

        var text = reader.GetString();
        return valid(text) ? read(text!) : throw new WireException(code, rule);
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(write(value));
}
