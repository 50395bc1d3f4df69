using CouponGrains.Cli.Profiles;
using CouponGrains.Domain;

namespace CouponGrains.Cli;

/// <summary>Ids from the command line: a wrong one is a refusal.</summary>
internal static class Ids
{
    public static UserId User(string text) => UserNaming.Of(new(Checked(text, "user")));

    public static ItemId Item(string text) => new(Checked(text, "item"));

    public static CampaignId Campaign(string text) => new(Checked(text, "campaign"));

    public static OfferId Offer(string text) => new(Checked(text, "offer"));

    public static EventId Event(string text) => new(Checked(text, "event"));

    public static string Operation(string text) => Checked(text, "operation");

    private static string Checked(string text, string what) => IdRules.IsValid(text)
        ? text
        : throw new RefusedException(RefusalCodes.InvalidId, $"'{text}' is no {what} id: 1 to {IdRules.LengthMax} characters, no blanks at its ends.");
}
