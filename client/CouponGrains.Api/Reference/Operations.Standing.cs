using CouponGrains.Contracts.Health;
using CouponGrains.Contracts.Reports;

namespace CouponGrains.Api.Reference;

/// <summary>How the shop and its machines stand.</summary>
internal static partial class Operations
{
    private static IEnumerable<Operation> Standing() =>
    [
        new("GET", "/v1/campaigns/{id}/refusals", "Why the checkout refused the coupons of a campaign, by reason.")
        {
            Answer = typeof(CampaignRefusals), Codes = ["unknown_campaign"],
            Query = [("days", "The last days, today among them: 1 to 366, else 30.")],
            ExamplePath = "/v1/campaigns/autumn/refusals?days=7",
        },
        new("GET", "/v1/cluster", "The silos with their roles and load, and what is active on them.")
        {
            Answer = typeof(ClusterView), ExamplePath = "/v1/cluster",
        },
    ];
}
