using System.Globalization;
using CouponGrains.Domain.Campaigns;

namespace CouponGrains.Domain.Redemptions;

/// <summary>What one user has used of a campaign on one day: redemptions in force and reservations that hold.</summary>
/// <param name="Campaign">The campaign.</param>
/// <param name="User">The user.</param>
/// <param name="Day">The day; see <see cref="LimitRules.DayOf"/>.</param>
/// <param name="Use">How often, and how many minor units less what came back.</param>
public readonly record struct DayUse(CampaignId Campaign, UserId User, int Day, LimitUse Use);

/// <summary>How many coupons of a campaign one user was ever issued.</summary>
/// <param name="Campaign">The campaign.</param>
/// <param name="User">The user.</param>
/// <param name="Count">Coupons.</param>
public readonly record struct UserIssues(CampaignId Campaign, UserId User, long Count);

/// <summary>Counts again, from the books alone, what campaigns limit.</summary>
public static class LimitAudit
{
    /// <summary>Checks every limit and cap of every campaign: one row checked for each that was used at all. A limit
    /// that was lowered below what had been used is told as broken: the books do not say when it was lowered.</summary>
    public static AuditedIdentity Run(
        IEnumerable<Campaign> campaigns, IReadOnlyList<DayUse> uses, IReadOnlyList<UserIssues> issues)
    {
        var used = uses.ToLookup(use => use.Campaign);
        var issued = issues.ToLookup(issue => issue.Campaign);
        var counts = campaigns.SelectMany(campaign =>
            CapsOf(campaign, used[campaign.Id], issued[campaign.Id])
                .Concat(campaign.Limits.SelectMany(limit => Uses(campaign, limit, used[campaign.Id]))));
        var number = 0L;
        var broken = new List<string>();
        foreach (var count in counts)
        {
            number++;
            if (count.Used > count.Max && broken.Count < LedgerAudit.RowsMax)
            {
                broken.Add(string.Create(CultureInfo.InvariantCulture, $"{count.What}: {count.Used} of {count.Max}"));
            }
        }

        return new("caps", "what is used of each limit and cap of a campaign ≤ what it allows", number, broken);
    }

    private static IEnumerable<Counted> CapsOf(
        Campaign campaign, IEnumerable<DayUse> uses, IEnumerable<UserIssues> issues)
    {
        var ofUsers = uses.GroupBy(use => use.User).Select(use => (User: use.Key, Count: use.Sum(u => u.Use.Count))).ToList();
        foreach (var (user, count) in ofUsers)
        {
            yield return new($"campaign {campaign.Id}, user {user}, redeemed", count, campaign.Caps.RedeemedPerUser);
        }

        foreach (var issue in issues)
        {
            yield return new(
                $"campaign {campaign.Id}, user {issue.User}, issued", issue.Count, campaign.Caps.IssuedPerUser);
        }

        if (campaign.RedemptionsMax is { } max)
        {
            yield return new($"campaign {campaign.Id}, redeemed", ofUsers.Sum(user => user.Count), max);
        }
    }

    private static IEnumerable<Counted> Uses(Campaign campaign, Limit limit, IEnumerable<DayUse> uses)
    {
        var together = uses.GroupBy(use => (
            User: limit.Per == LimitPer.User ? use.User : default, LimitRules.DaysOf(limit.Period, use.Day).First));
        foreach (var use in together)
        {
            var what = $"campaign {campaign.Id}{(limit.Per == LimitPer.User ? $", user {use.Key.User}" : "")}, "
                + $"{limit.Period} from day {use.Key.First}";
            if (limit.Count is { } count)
            {
                yield return new($"{what}, uses", use.Sum(u => u.Use.Count), count);
            }

            if (limit.Value is { } value)
            {
                yield return new($"{what}, minor units", use.Sum(u => u.Use.Minor), value.Minor);
            }
        }
    }

    private readonly record struct Counted(string What, long Used, long Max);
}
