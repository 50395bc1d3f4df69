using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using CouponGrains.Domain;
using CouponGrains.Domain.Profiles;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CouponGrains.Api.Profiles;

/// <summary>How one request names its users: behind the door they are pseudonyms, and what is answered names those whom
/// the caller named as he did. Others stay pseudonyms.</summary>
internal sealed class UserNames(Pseudonyms pseudonyms)
{
    /// <summary>Names that are kept: more than any answer holds, and no more than that of a file that is taken
    /// in.</summary>
    private const int GivenMax = 10_000;

    private static readonly AsyncLocal<UserNames?> Now = new();

    private readonly ConcurrentDictionary<UserId, UserId> _given = new();

    /// <summary>Those of the request under way; null where users keep the shop's ids.</summary>
    public static UserNames? Current
    {
        get => Now.Value;
        set => Now.Value = value;
    }

    /// <summary>The pseudonym of a user whom the caller names.</summary>
    public UserId Take(UserId given)
    {
        var taken = pseudonyms.Of(given);
        if (taken != given && _given.Count < GivenMax)
        {
            _given[taken] = given;
        }

        return taken;
    }

    /// <summary>The user as the caller named him, or the pseudonym.</summary>
    public UserId GiveBack(UserId taken) => _given.GetValueOrDefault(taken, taken);
}

/// <summary>Stands before every request and turns the user of its address into a pseudonym; those of bodies are turned
/// when they are read (<see cref="UserNamesConverter"/>).</summary>
internal sealed class UserDoor(RequestDelegate next, Pseudonyms pseudonyms)
{
    public Task Invoke(HttpContext http)
    {
        var names = new UserNames(pseudonyms);
        UserNames.Current = names;
        if (http.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } pattern }
            && pattern.StartsWith("/v1/users/{id}", StringComparison.Ordinal) && http.GetRouteValue("id") is string id)
        {
            var text = id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
            if (IdRules.IsValid(text))
            {
                http.Request.RouteValues["id"] = names.Take(new(text)).Value;
            }
        }

        return next(http);
    }
}

/// <summary>Reads and writes users as <see cref="UserNames"/> says.</summary>
internal sealed class UserNamesConverter(JsonConverter<UserId> plain) : JsonConverter<UserId>
{
    public override UserId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var read = plain.Read(ref reader, typeToConvert, options);
        return UserNames.Current?.Take(read) ?? read;
    }

    public override void Write(Utf8JsonWriter writer, UserId value, JsonSerializerOptions options) =>
        plain.Write(writer, UserNames.Current?.GiveBack(value) ?? value, options);
}
