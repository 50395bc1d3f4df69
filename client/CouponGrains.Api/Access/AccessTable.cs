using System.Collections.Frozen;
using CouponGrains.Domain.Access;

namespace CouponGrains.Api.Access;

/// <summary>What each address needs of its caller, in one table. An address without a line is closed.</summary>
internal static class AccessTable
{
    /// <summary>Where Prometheus asks.</summary>
    public const string Metrics = "/metrics";

    /// <summary>Open to anybody: what is at such an address is in the program, and tells nothing of a shop.</summary>
    private static readonly FrozenSet<string> Open = FrozenSet.ToFrozenSet(
    [
        "/", "/style.css", "/reference", "/reference.js", "/shop", "/shop.css", "/shop.js",
        "/favicon.svg", "/session", "/sign-in", "/problems/{code}", "/openapi/v1.json", "/health/live", "/health/ready", "/health/startup",
    ], StringComparer.Ordinal);

    private static readonly (string Scope, Role Role, string[] Addresses)[] Lines =
    [
        (Scopes.EventsWrite, Role.Operator, ["POST /v1/events", "POST /v1/events/batch", "POST /v1/imports/events"]),
        (Scopes.OffersRead, Role.Viewer, ["GET /v1/users/{id}/offers", "GET /v1/users/{id}/offers/stream"]),
        (Scopes.WalletRead, Role.Viewer, ["GET /v1/users/{id}/coupons", "GET /v1/users/{id}/coupons/stream"]),
        (Scopes.CouponsUse, Role.Operator,
            ["POST /v1/users/{id}/exposures", "POST /v1/coupons/{code}/view", "POST /v1/coupons/{code}/claim",
                "POST /v1/coupons/{code}/rating"]),
        (Scopes.CouponsIssue, Role.Operator, ["POST /v1/publications", "POST /v1/coupons/{code}/void"]),
        (Scopes.CheckoutWrite, Role.Operator,
            ["POST /v1/validations", "POST /v1/choices", "POST /v1/reservations", "POST /v1/reservations/{key}/confirm",
                "POST /v1/reservations/{key}/release", "POST /v1/redemptions", "POST /v1/redemptions/{key}/rollbacks",
                "POST /v1/orders/{order}/returns", "POST /v1/returns"]),
        (Scopes.UsersRead, Role.Viewer,
            ["GET /v1/users", "GET /v1/users/{id}", "GET /v1/users/{id}/similar", "GET /v1/users/{id}/decisions",
                "GET /v1/users/{id}/decisions/{decision}/explanation", "GET /v1/exports/users", "GET /v1/exports/events",
                "GET /v1/exports/coupons", "GET /v1/exports/redemptions"]),
        (Scopes.UsersWrite, Role.Operator,
            ["PUT /v1/users/{id}", "DELETE /v1/users/{id}", "POST /v1/users/{id}/keys", "POST /v1/imports/users",
                "DELETE /v1/operations/{id}"]),
        (Scopes.CatalogRead, Role.Viewer,
            ["GET /v1/items", "GET /v1/items/{id}", "GET /v1/items/{id}/similar", "GET /v1/exports/items"]),
        (Scopes.CatalogWrite, Role.Operator, ["PUT /v1/items", "POST /v1/imports/items"]),
        (Scopes.CampaignsRead, Role.Viewer,
            ["GET /v1/campaign-templates", "GET /v1/campaigns", "GET /v1/campaigns/{id}", "GET /v1/budgets",
                "GET /v1/budgets/{id}", "GET /v1/campaigns/{id}/reviews", "GET /v1/campaigns/{id}/waves/{name}",
                "GET /v1/campaigns/{id}/codes/{name}", "GET /v1/campaigns/{id}/course",
                "GET /v1/campaigns/{id}/shared-codes", "GET /v1/campaigns/{id}/refusals",
                "GET /v1/campaigns/{id}/approvals", "GET /v1/approvals", "GET /v1/exports/budgets"]),
        (Scopes.CampaignsApprove, Role.Operator, ["POST /v1/campaigns/{id}/approvals"]),
        (Scopes.CampaignsWrite, Role.Marketer,
            ["POST /v1/campaigns", "PATCH /v1/campaigns/{id}", "POST /v1/campaigns/{id}/offers",
                "POST /v1/campaigns/{id}/activate", "POST /v1/campaigns/{id}/pause", "POST /v1/campaigns/{id}/archive",
                "DELETE /v1/campaigns/{id}/offers/{offer}", "POST /v1/campaigns/{id}/design",
                "POST /v1/campaigns/{id}/offers/{offer}/approve", "POST /v1/campaigns/{id}/offers/{offer}/reject",
                "POST /v1/campaigns/{id}/simulate", "POST /v1/campaigns/{id}/waves", "POST /v1/campaigns/{id}/codes",
                "GET /v1/campaigns/{id}/codes/{name}/file", "POST /v1/campaigns/{id}/shared-codes"]),
        (Scopes.ModelsRead, Role.Viewer,
            ["GET /v1/models", "GET /v1/models/history", "GET /v1/models/{version}", "GET /v1/models/drift", "GET /v1/training-runs",
                "GET /v1/training-runs/{run}"]),
        (Scopes.ModelsWrite, Role.Operator,
            ["POST /v1/models/roll-back", "POST /v1/models/{version}/promote", "POST /v1/models/drift",
                "POST /v1/training-runs", "DELETE /v1/training-runs/{run}"]),
        (Scopes.ReportsRead, Role.Viewer,
            ["GET /v1/overview", "GET /v1/reports/days", "GET /v1/operations", "GET /v1/operations/{id}"]),
        (Scopes.WebhooksWrite, Role.Operator,
            ["GET /v1/webhook-endpoints", "POST /v1/webhook-endpoints", "GET /v1/webhook-endpoints/{id}",
                "DELETE /v1/webhook-endpoints/{id}", "POST /v1/webhook-endpoints/{id}/rotate",
                "POST /v1/webhook-endpoints/{id}/enable", "POST /v1/webhook-endpoints/{id}/test",
                "POST /v1/webhook-endpoints/{id}/replay", "GET /v1/webhook-endpoints/{id}/deliveries"]),
        (Scopes.MetricsRead, Role.Operator, ["GET " + Metrics, "GET /v1/cluster"]),
        (Scopes.AuditRead, Role.Viewer, ["GET /v1/audit-events", "GET /v1/audit-events/verification"]),
        (Scopes.KeysWrite, Role.Admin,
            ["GET /v1/keys", "POST /v1/keys", "POST /v1/keys/{id}/rotate", "POST /v1/keys/{id}/revoke"]),
    ];

    private static readonly FrozenDictionary<(string Method, string Pattern), Need> Needs = Lines
        .SelectMany(line => line.Addresses.Select(address => (address, new Need(line.Scope, line.Role))))
        .ToFrozenDictionary(line => (line.address.Split(' ')[0], line.address.Split(' ')[1]), line => line.Item2);

    /// <summary>The Orleans dashboard shows the whole cluster.</summary>
    private static readonly Need Dashboard = new(Scopes.MetricsRead, Role.Operator);

    /// <summary>Every line, as method and address.</summary>
    public static IEnumerable<string> Addresses => Lines.SelectMany(line => line.Addresses);

    /// <summary>True for what anybody may ask for.</summary>
    public static bool IsOpen(string method, string pattern) =>
        (method is "GET" or "HEAD" && (Open.Contains(pattern) || IsBelow(pattern, "/console")))
        || (method == "POST" && pattern == "/sign-out"); // It looks for the session itself.

    /// <summary>What a caller needs, or null where the address is closed.</summary>
    public static Need? Of(string method, string pattern) => Needs.GetValueOrDefault((method, pattern))
        ?? (IsBelow(pattern, Metrics) ? Needs[("GET", Metrics)] : IsBelow(pattern, "/dashboard") ? Dashboard : null);

    /// <summary>True for the address and those below it.</summary>
    public static bool IsBelow(string pattern, string address) => ("/" + pattern.TrimStart('/')) is var path
        && (path == address || path.StartsWith(address + "/", StringComparison.Ordinal));
}
