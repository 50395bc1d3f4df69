using CouponGrains.Cli.Profiles;
using CouponGrains.Domain;

namespace CouponGrains.Cli;

/// <summary>Ids from the command line: a wrong one is a refusal.</summary>
internal static class Ids
{
    /// <summary>The user that an argument names: over HTTP as the shop names him, in a silo as the cluster
    /// does.</summary>
    public static UserId User(ParseResult parsed, Argument<string> argument)
    {
        var user = new UserId(Checked(parsed.GetValue(argument)!, "user"));
        return Verb.IsRemote(parsed) ? user : UserNaming.Of(user);
    }

    public static ItemId Item(string text) => new(Checked(text, "item"));

    public static CampaignId Campaign(string text) => new(Checked(text, "campaign"));

    public static OfferId Offer(string text) => new(Checked(text, "offer"));

    public static EventId Event(string text) => new(Checked(text, "event"));

    public static string Operation(string text) => Checked(text, "operation");

    public static string Key(string text) => Checked(text, "key");

    private static string Checked(string text, string what) => IdRules.IsValid(text)
        ? text
        : throw new RefusedException(RefusalCodes.InvalidId, $"'{text}' is no {what} id: 1 to {IdRules.LengthMax} characters, no blanks at its ends.");
}
