using System.Collections;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using CouponGrains.Domain;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Contracts.Wire;

/// <summary>How the nouns are written in JSON: camelCase, ids as strings, money as minor units with a currency, enums
/// in snake_case, durations in seconds, instants in UTC. Reading is strict: nothing unknown, nothing twice, nothing
/// null that must not be.</summary>
public static class WireJson
{
    /// <summary>The one set of options.</summary>
    public static JsonSerializerOptions Options { get; } = Make();

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            AllowDuplicateProperties = false,
            // Answers are application/json, never part of a page: quotes and letters of any language may stay as they
            // are.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { Adapt } },
            Converters =
            {
                new TextConverter<UserId>(
                id => id.Value, text => new(text), IdRules.IsValid, RefusalCodes.InvalidId, IdShape),
                new TextConverter<ItemId>(
                id => id.Value, text => new(text), IdRules.IsValid, RefusalCodes.InvalidId, IdShape),
                new TextConverter<EventId>(
                id => id.Value, text => new(text), IdRules.IsValid, RefusalCodes.InvalidId, IdShape),
                new TextConverter<CampaignId>(
                id => id.Value, text => new(text), IdRules.IsValid, RefusalCodes.InvalidId, IdShape),
                new TextConverter<OfferId>(
                id => id.Value, text => new(text), IdRules.IsValid, RefusalCodes.InvalidId, IdShape),
                new TextConverter<Currency>(
                    currency => currency.Code, text => new(text), Currency.IsValid, RefusalCodes.InvalidValue,
                    "A currency is three upper-case letters (ISO 4217)."),
                new MoneyConverter(),
                new ModelVersionConverter(),
                new InstantConverter(),
                new SecondsConverter(),
                new TimeOfDayConverter(),
                new EnumConverterFactory(),
            },
        };
        options.MakeReadOnly();
        return options;
    }

    /// <summary>What an id must be, for people.</summary>
    public static string IdShape =>
        $"An id has 1 to {IdRules.LengthMax} characters, no control characters and no white space at its ends.";

    private static void Adapt(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if ((Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) == typeof(TimeSpan))
            {
                property.Name += "Seconds";
            }
        }

        if (type.Type == typeof(Offer))
        {
            // The campaign of an offer stands in the address.
            type.Properties.Single(property => property.Name == "campaign").IsRequired = false;
        }

        // The annotations that are respected reach fields, not what stands inside lists and maps.
        if (type.Kind is JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary
            && type.ElementType is { IsValueType: false })
        {
            type.OnDeserialized = RequireEntries;
        }
    }

    private static void RequireEntries(object entries)
    {
        foreach (var entry in (IEnumerable)(entries is IDictionary map ? map.Values : entries))
        {
            if (entry is null)
            {
                throw new WireException(RefusalCodes.MissingField, "An entry must not be null.");
            }
        }
    }
}
