namespace CouponGrains.Domain.Access;

/// <summary>What keys may do, in one table.</summary>
public static class Scopes
{
#pragma warning disable CS1591 // The names say it; docs/security.md tells which addresses each opens.
    public const string EventsWrite = "events:write";
    public const string OffersRead = "offers:read";
    public const string WalletRead = "wallet:read";
    public const string CouponsUse = "coupons:use";
    public const string CouponsIssue = "coupons:issue";
    public const string CheckoutWrite = "checkout:write";
    public const string UsersRead = "users:read";
    public const string UsersWrite = "users:write";
    public const string CatalogRead = "catalog:read";
    public const string CatalogWrite = "catalog:write";
    public const string CampaignsRead = "campaigns:read";
    public const string CampaignsWrite = "campaigns:write";
    public const string CampaignsApprove = "campaigns:approve";
    public const string ModelsRead = "models:read";
    public const string ModelsWrite = "models:write";
    public const string ReportsRead = "reports:read";
    public const string WebhooksWrite = "webhooks:write";
    public const string MetricsRead = "metrics:read";
    public const string AuditRead = "audit:read";
    public const string KeysWrite = "keys:write";
#pragma warning restore CS1591

    /// <summary>All.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        EventsWrite, OffersRead, WalletRead, CouponsUse, CouponsIssue, CheckoutWrite, UsersRead, UsersWrite, CatalogRead,
        CatalogWrite, CampaignsRead, CampaignsWrite, CampaignsApprove, ModelsRead, ModelsWrite, ReportsRead, WebhooksWrite,
        MetricsRead, AuditRead, KeysWrite,
    ];

    /// <summary>What a client key may have at the most. All but <see cref="EventsWrite"/> only if it is of one user:
    /// who reads such a key must not learn of others.</summary>
    public static IReadOnlyList<string> Client { get; } = [EventsWrite, OffersRead, WalletRead, CouponsUse];

    /// <summary>What a shop's server is given unless it is told otherwise: all that the shop's day needs, but not keys,
    /// models, campaigns to change or endpoints.</summary>
    public static IReadOnlyList<string> Shop { get; } =
    [
        EventsWrite, OffersRead, WalletRead, CouponsUse, CouponsIssue, CheckoutWrite, UsersRead, UsersWrite, CatalogRead,
        CatalogWrite, CampaignsRead, ReportsRead,
    ];
}
