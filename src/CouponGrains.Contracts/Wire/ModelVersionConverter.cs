using System.Text.Json;
using System.Text.Json.Serialization;
using CouponGrains.Domain;

namespace CouponGrains.Contracts.Wire;

/// <summary>A model version as its number; 0 for none.</summary>
internal sealed class ModelVersionConverter : JsonConverter<ModelVersion>
{
    public override ModelVersion Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) && number >= 0
            ? new(number)
            : throw new WireException(RefusalCodes.InvalidValue, "A model version is a whole number from 0.");

    public override void Write(Utf8JsonWriter writer, ModelVersion value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.Number);
}
