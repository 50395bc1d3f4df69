using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Ranking;

namespace CouponGrains.Domain.Campaigns;

/// <summary>Which campaigns are accepted, and whom they address.</summary>
public static class CampaignRules
{
    /// <summary>The most offers that a refusal names.</summary>
    private const int BarredNamed = 10;

    /// <summary>The first rule that <paramref name="campaign"/> breaks (window upside down, unknown zone, negative
    /// budget, currencies that differ, guardrails that allow nothing), or null.</summary>
    public static Refusal? Check(Campaign campaign)
    {
        if (string.IsNullOrWhiteSpace(campaign.Name) || campaign.Name.Length > 256)
        {
            return Invalid("A campaign has a name of 1 to 256 characters.", "/name");
        }

        if (campaign.Revision < 1 || !Enum.IsDefined(campaign.Status))
        {
            return Invalid("A campaign has a revision from 1 on and a known status.", "/revision");
        }

        if (!Enum.IsDefined(campaign.Approval))
        {
            return Invalid("Designed offers are approved automatically or by review.", "/approval");
        }

        if (campaign.End <= campaign.Start)
        {
            return Invalid(
                $"The campaign must end after it starts, but runs from {campaign.Start:O} to {campaign.End:O}.", "/end");
        }

        if (!IsZone(campaign.TimeZone))
        {
            return Invalid(
                $"There is no time zone '{campaign.TimeZone}' on this machine; zones are named as in the IANA "
                + "time zone database (package tzdata), for example Asia/Shanghai.", "/timeZone");
        }

        if (campaign.Budget.Minor < 0)
        {
            return Invalid($"The budget must not be negative, but was {campaign.Budget}.", "/budget");
        }

        if (campaign.Budget.Currency != campaign.Guardrails.Cap.Currency)
        {
            return new(
                RefusalCodes.CurrencyMismatch,
                $"The budget is in {campaign.Budget.Currency}, the guardrails in {campaign.Guardrails.Cap.Currency}.",
                "/budget");
        }

        if (campaign.RedemptionsMax is < 0
            || campaign.Caps is not { OpenPerUser: >= 0, IssuedPerUser: >= 0, RedeemedPerUser: >= 0 })
        {
            return Invalid("Caps must not be negative.", "/caps");
        }

        if (campaign.Caps.Frequency.Check() is { } frequency)
        {
            return frequency with { Pointer = $"/caps/frequency{frequency.Pointer}" };
        }

        return LimitRules.Check(campaign) ?? CheckAudience(campaign.Audience) ?? RankingRules.Check(campaign.Ranking)
            ?? OfferRules.Check(campaign.Guardrails)
            ?? (Meets(campaign, null)
                ? null
                : new(RefusalCodes.NothingAllowed,
                    $"The times that the campaign allows never meet its window, {Window(campaign)}.",
                    "/guardrails/times"));
    }

    /// <summary>The first rule that an offer of the campaign breaks: those of <see cref="OfferRules"/>, then that its
    /// times meet the campaign's window.</summary>
    public static Refusal? Check(Campaign campaign, Offer offer, CatalogIndex catalog) =>
        OfferRules.Check(offer, campaign.Guardrails, catalog)
        ?? (Meets(campaign, offer.Times)
            ? null
            : new(RefusalCodes.OfferOutsideGuardrails,
                $"The offer's times never meet its campaign's, {Window(campaign)}.", "/times"));

    /// <summary>Refuses a change of a campaign that would leave offers in force which it does not allow any more, and
    /// names them. Offers that it did not allow before, because the catalog has changed since, are not in the
    /// way.</summary>
    public static Refusal? CheckChange(
        Campaign before, Campaign after, IReadOnlyList<Offer> inForce, CatalogIndex catalog)
    {
        if (AllowSame(before, after))
        {
            return null;
        }

        var barred = inForce.Select(o => (Offer: o, Refusal: Check(after, o, catalog)))
            .Where(o => o.Refusal is not null && Check(before, o.Offer, catalog) is null)
            .ToList();
        if (barred.Count == 0)
        {
            return null;
        }

        var names = string.Join(", ", barred.Take(BarredNamed).Select(o => o.Offer.Id.Value));
        var more = barred.Count > BarredNamed ? $" and {barred.Count - BarredNamed} more" : "";
        var (first, why) = barred[0];
        return new(RefusalCodes.OffersInForce,
            $"Offers in force would not be allowed any more; withdraw them first: {names}{more}. "
            + $"Of {first.Id}: {why!.Detail}", "/guardrails");
    }

    /// <summary>True if the user is in the audience.</summary>
    public static bool Addresses(Audience audience, UserProfile profile) =>
        profile.Orders >= (audience.OrdersMin ?? 0)
        && profile.Orders <= (audience.OrdersMax ?? int.MaxValue)
        && audience.Attributes.All(a =>
            profile.Record.Attributes.TryGetValue(a.Key, out var value) && a.Value.Contains(value));

    /// <summary>The campaign's time zone.</summary>
    public static TimeZoneInfo Zone(Campaign campaign) => campaign.TimeZone == "UTC"
        ? TimeZoneInfo.Utc
        : TimeZoneInfo.FindSystemTimeZoneById(campaign.TimeZone);

    private static bool Meets(Campaign campaign, OfferTimes? times) => OfferTimes.Meet(
        [times, campaign.Guardrails.Times], campaign.Start, campaign.End, Zone(campaign));

    private static string Window(Campaign campaign) =>
        $"{campaign.Start:O} to {campaign.End:O} in {campaign.TimeZone}";

    /// <summary>True if two revisions allow the same offers.</summary>
    private static bool AllowSame(Campaign a, Campaign b)
    {
        var (one, other) = (a.Guardrails, b.Guardrails);
        return (a.Start, a.End, a.TimeZone) == (b.Start, b.End, b.TimeZone)
            && one.Kinds.SequenceEqual(other.Kinds) && one.Categories.SequenceEqual(other.Categories)
            && one.Brands.SequenceEqual(other.Brands) && one.Times is null && other.Times is null
            && one == other with { Kinds = one.Kinds, Categories = one.Categories, Brands = one.Brands };
    }

    private static Refusal? CheckAudience(Audience audience)
    {
        if (audience.OrdersMin is < 0 || audience.OrdersMax is < 0 || audience.OrdersMin > audience.OrdersMax)
        {
            return Invalid("The fewest orders must not be above the most, and neither below 0.", "/audience/ordersMin");
        }

        return audience.Attributes.Any(a => a.Value.Count == 0)
            ? Invalid("An attribute of the audience allows at least one value.", "/audience/attributes")
            : null;
    }

    private static bool IsZone(string name) =>
        name == "UTC" || (name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+')
            && TimeZoneInfo.TryFindSystemTimeZoneById(name, out _));

    private static Refusal Invalid(string detail, string pointer) => new(RefusalCodes.InvalidValue, detail, pointer);
}
