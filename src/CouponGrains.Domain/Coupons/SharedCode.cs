using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Domain.Coupons;

/// <summary>A wish to give an offer a code that many users share, as <c>WELCOME10</c>.</summary>
/// <param name="Campaign">Who pays.</param>
/// <param name="Code">The code that the marketer chose; see <see cref="SharedCodes.Normalise"/>.</param>
/// <param name="Offer">What it gives.</param>
public sealed record SharedCodeOrder(CampaignId Campaign, string Code, OfferId Offer);

/// <summary>A code that many users share. Who claims it, or presents it at the checkout, is issued a coupon of his own,
/// with a code of its own, under the rules of issue; once.</summary>
/// <param name="Code">The code in its one written form.</param>
/// <param name="Campaign">Who pays.</param>
/// <param name="Offer">What it gives.</param>
/// <param name="At">When it was given to the offer.</param>
public sealed record SharedCode(string Code, CampaignId Campaign, OfferId Offer, DateTimeOffset At);

/// <summary>The answer to a wish for a shared code.</summary>
/// <param name="Code">The code, new or known; null if refused.</param>
/// <param name="Refusal">Why not.</param>
public sealed record SharedCodeAnswer(SharedCode? Code, Refusal? Refusal);

/// <summary>Which codes may be shared, and what they answer.</summary>
public static class SharedCodes
{
    /// <summary>The fewest characters.</summary>
    public const int LengthMin = 3;

    /// <summary>The most characters.</summary>
    public const int LengthMax = 32;

    private const int PersonalSymbols = 15;

    /// <summary>The code in its one written form, or null if <paramref name="text"/> is none: 3 to 32 of A to Z, 0 to 9
    /// and hyphens, read in any case and with blanks around it, that begins and ends with a letter or digit and does
    /// not look like a coupon's own code, even a mistyped one.</summary>
    public static string? Normalise(string? text)
    {
        if (text is null || text.Length > 2 * LengthMax)
        {
            return null;
        }

        var code = text.Trim().ToUpperInvariant();
        return code.Length is >= LengthMin and <= LengthMax && code.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            && code[0] != '-' && code[^1] != '-' && !IsPersonal(code)
                ? code
                : null;
    }

    /// <summary>A code that may be claimed or used, a coupon's own or a shared one, in its one written form; null if
    /// <paramref name="text"/> is neither.</summary>
    public static string? NormaliseAny(string? text) => CouponCode.Normalise(text) ?? Normalise(text);

    /// <summary>What is wrong with a wish as such, or null.</summary>
    public static Refusal? Check(SharedCodeOrder order) => Normalise(order.Code) is not null ? null
        : new(RefusalCodes.InvalidValue, $"A shared code has {LengthMin} to {LengthMax} letters A to Z, digits and hyphens, "
            + "with no hyphen at its ends, and does not look like a coupon's own code of 15 symbols.", "/code");

    /// <summary>The known code, if the wish asks for the same again; otherwise why not.</summary>
    public static SharedCodeAnswer Repeat(SharedCodeOrder order, SharedCode known) =>
        known.Campaign == order.Campaign && known.Offer == order.Offer
            ? new(known, null)
            : new(null, new(RefusalCodes.DuplicateOtherContent, $"The code {known.Code} is taken by another offer.", "/code"));

    /// <summary>What a checkout is answered whose user could not be issued a coupon of the code.</summary>
    /// <param name="refusal">Why not.</param>
    /// <param name="campaign">The campaign of the code.</param>
    /// <param name="use">What has been used of its budget.</param>
    /// <param name="now">The time.</param>
    public static RedemptionStatus StatusOf(Refusal refusal, Campaign campaign, BudgetUse use, DateTimeOffset now) =>
        refusal.Code switch
        {
            RefusalCodes.UnknownOffer => RedemptionStatus.Voided,
            RefusalCodes.CampaignNotActive => campaign.Status == CampaignStatus.Archived ? RedemptionStatus.Voided
                : now >= campaign.End ? RedemptionStatus.Expired : RedemptionStatus.NotYetValid,
            RefusalCodes.OfferEnded => RedemptionStatus.Expired,
            RefusalCodes.NoUsableTime => RedemptionStatus.OutsideTimes,
            RefusalCodes.BudgetExhausted => RedemptionStatus.BudgetExhausted,
            RefusalCodes.CapReached when !(use.Redeemed >= campaign.RedemptionsMax) => RedemptionStatus.UserCapReached,
            RefusalCodes.CapReached or RefusalCodes.StockExhausted => RedemptionStatus.CampaignCapReached,
            _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal.Code, "No refusal of an issue."),
        };

    private static bool IsPersonal(string code)
    {
        var symbols = code.Where(c => c != '-').ToArray();
        return symbols.Length == PersonalSymbols && symbols.All(CouponCode.Alphabet.Contains);
    }
}
