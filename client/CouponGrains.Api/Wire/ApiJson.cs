using System.Text.Json;
using System.Text.Json.Serialization;
using CouponGrains.Api.Profiles;
using CouponGrains.Domain;

namespace CouponGrains.Api.Wire;

/// <summary>How requests are read and answers written: as <see cref="WireJson"/> does, with users named as
/// <see cref="UserNames"/> says.</summary>
internal static class ApiJson
{
    /// <summary>The one set of options.</summary>
    public static JsonSerializerOptions Options { get; } = Make();

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(WireJson.Options);
        var plain = options.Converters.OfType<JsonConverter<UserId>>().Single();
        options.Converters[options.Converters.IndexOf(plain)] = new UserNamesConverter(plain);
        options.MakeReadOnly();
        return options;
    }
}
