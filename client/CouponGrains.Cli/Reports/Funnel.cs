using CouponGrains.Contracts.Reports;
using CouponGrains.Domain;

namespace CouponGrains.Cli.Reports;

/// <summary>What happened to coupons, added up. What was given stands by currency.</summary>
internal sealed record Funnel(
    long Exposed, long Issued, long Viewed, long Claimed, long Redeemed, long Expired, long RolledBack,
    IReadOnlyList<Money> Given)
{
    public static readonly string[] Columns =
        ["#shown", "#issued", "#viewed", "#claimed", "#redeemed", "#expired", "#rolled back", "#given"];

    public static Funnel Of(IEnumerable<CouponDay> days)
    {
        var all = days.ToList();
        return new(
            all.Sum(d => d.Exposed), all.Sum(d => d.Issued), all.Sum(d => d.Viewed), all.Sum(d => d.Claimed),
            all.Sum(d => d.Redeemed), all.Sum(d => d.Expired), all.Sum(d => d.RolledBack),
            [
                .. all.GroupBy(d => d.Given.Currency).Where(g => g.Any(d => d.Given.Minor != 0))
                    .Select(g => new Money(g.Sum(d => d.Given.Minor), g.Key)),
            ]);
    }

    public string[] Cells =>
    [
        $"{Exposed:N0}", $"{Issued:N0}", $"{Viewed:N0}", $"{Claimed:N0}", $"{Redeemed:N0}", $"{Expired:N0}",
        $"{RolledBack:N0}", Text(Given),
    ];

    public static string Text(IReadOnlyList<Money> money) => money.Count == 0 ? "–" : string.Join(" + ", money);
}
