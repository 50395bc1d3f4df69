using System.Globalization;
using CouponGrains.Contracts.Campaigns;
using CouponGrains.Contracts.Profiles;
using CouponGrains.Domain;

namespace CouponGrains.Api.Wire;

/// <summary>Reads the parts of an address. Throws <see cref="ProblemException"/> for what is not acceptable.</summary>
internal static class Address
{
    private const int PageMax = 100;

    /// <summary>The user of <c>/users/{id}</c>.</summary>
    public static IUserGrain User(this IGrainFactory grains, string id) => grains.GetGrain<IUserGrain>(Id(id, "id"));

    /// <summary>A user whom a body names.</summary>
    public static IUserGrain User(this IGrainFactory grains, UserId user) => grains.GetGrain<IUserGrain>(user.Value);

    /// <summary>A campaign that is known.</summary>
    public static ICampaignGrain Campaign(this IGrainFactory grains, CampaignId campaign) =>
        grains.GetGrain<ICampaignGrain>(campaign.Value);

    /// <summary>The campaign of <c>/campaigns/{id}</c>.</summary>
    public static ICampaignGrain Campaign(this IGrainFactory grains, string id) =>
        grains.GetGrain<ICampaignGrain>(Id(id, "id"));

    /// <summary>An identifier. The server leaves <c>%2F</c> in paths as it is, so that ids may hold a slash.</summary>
    public static string Id(string text, string name)
    {
        var id = text.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        return IdRules.IsValid(id)
            ? id
            : throw Refuse(RefusalCodes.InvalidId, name,
                WireJson.IdShape);
    }

    /// <summary>A whole number of the query, or <paramref name="otherwise"/>.</summary>
    public static int Number(string? text, string name, int min, int max, int otherwise)
    {
        if (text is null)
        {
            return otherwise;
        }

        return int.TryParse(text, out var number) && number >= min && number <= max
            ? number
            : throw Refuse(RefusalCodes.InvalidValue, name, $"Expected a whole number from {min} to {max}.");
    }

    /// <summary>How many entries a page has: <c>?limit=</c>, 1 to 100, or 20.</summary>
    public static int Limit(string? limit) => Number(limit, "limit", 1, PageMax, 20);

    /// <summary>A page of entries in the order of their ids: how many, and after which.</summary>
    public static (int Limit, string? After) Page(string? limit, string? cursor) =>
        (Limit(limit), cursor is null ? null : Id(cursor, "cursor"));

    /// <summary>A number of an address, such as a model version or a run.</summary>
    public static long Ordinal(string text, string name) => long.TryParse(text, out var number) && number >= 0
        ? number
        : throw Refuse(RefusalCodes.InvalidValue, name, "Expected a whole number from 0.");

    /// <summary>A value of an enum in the query, or null if there is none.</summary>
    public static T? Choice<T>(string? text, string name)
        where T : struct, Enum
    {
        try
        {
            return text is null ? null : Snake.Parse<T>(text);
        }
        catch (WireException e)
        {
            throw Refuse(e.Code, name, e.Detail);
        }
    }

    /// <summary>An instant of the query, with its offset, or null if there is none.</summary>
    public static DateTimeOffset? Instant(string? text, string name)
    {
        if (text is null)
        {
            return null;
        }

        return text.AsSpan().IndexOf('T') > 0 && DateTimeOffset.TryParse(
            text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : throw Refuse(RefusalCodes.InvalidValue, name, "Expected an instant, as in 2026-11-20T09:30:00Z.");
    }

    /// <summary>Yes or no of the query, or <paramref name="otherwise"/>.</summary>
    public static bool Flag(string? text, string name, bool otherwise) => text switch
    {
        null => otherwise,
        "true" => true,
        "false" => false,
        _ => throw Refuse(RefusalCodes.InvalidValue, name, "Expected true or false."),
    };

    private static ProblemException Refuse(string code, string name, string detail) =>
        new(Problem.Of(new Refusal(code, detail, "?" + name)));
}
