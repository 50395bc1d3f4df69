using CouponGrains.Api.Campaigns;
using CouponGrains.Api.Catalog;
using CouponGrains.Api.Coupons;
using CouponGrains.Api.Events;
using CouponGrains.Api.Profiles;
using CouponGrains.Api.Ranking;
using CouponGrains.Api.Redemptions;
using CouponGrains.Api.Webhooks;
using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Campaigns;
using CouponGrains.Contracts.Catalog;
using CouponGrains.Contracts.Coupons;
using CouponGrains.Contracts.Models;
using CouponGrains.Contracts.Profiles;
using CouponGrains.Contracts.Ranking;
using CouponGrains.Contracts.Reports;
using CouponGrains.Contracts.Shop;
using CouponGrains.Contracts.Webhooks;
using CouponGrains.Domain.Audit;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Api.Reference;

/// <summary>Every operation of <c>/v1</c>, in the order in which their examples can be carried out.</summary>
internal static partial class Operations
{
    private static readonly (string, string)[] Count = [("count", "how many at the most, 1 to 100")];

    private static readonly (string, string)[] Paged =
        [("limit", "entries of a page, 1 to 100; 20 if left out"), ("cursor", "nextCursor of a page")];

    private static readonly (string, string)[] OfOffers =
        [.. Count, ("campaign", "only of this campaign"), ("explain", "false leaves the reasons out")];

    /// <summary>What a cart may be refused with.</summary>
    private static readonly string[] Carts = ["batch_too_large", "negative_price", "currency_mismatch"];

    /// <summary>Why nothing is issued.</summary>
    private static readonly string[] Issues = ["unknown_offer", "campaign_not_active", "budget_exhausted", "cap_reached",
        "stock_exhausted", "offer_ended", "no_usable_time"];

    /// <summary>What a campaign may be refused with.</summary>
    private static readonly string[] Rules = ["nothing_allowed", "margin_floor_above_price", "currency_mismatch"];

    public static IReadOnlyList<Operation> All { get; } =
        [.. Observing(), .. Campaigning(), .. Distributing(), .. Settling(), .. Learning(), .. Telling(), .. Standing(),
            .. Guarding(), .. Transferring()];

    private static IEnumerable<Operation> Observing() =>
    [
        new("PUT", "/v1/items", "Creates or replaces up to 1,000 items, each answered for itself.")
        {
            Body = typeof(ItemBatch), Batch = ("items", typeof(Item)), Answer = typeof(BatchAnswer),
            Codes = ["batch_too_large"],
            Example = """{"items":[{"id":"tea-1","title":"Green tea","price":{"minor":499,"currency":"USD"}}]}""",
        },
        new("GET", "/v1/items", "Items in the order of their ids, page by page.")
        {
            Answer = typeof(Page<Item>), ExamplePath = "/v1/items?limit=2", Query = Paged,
        },
        new("GET", "/v1/items/{id}", "An item, its factors and where they come from.")
        {
            Answer = typeof(ItemShape), Tagged = true, Codes = ["unknown_item"], ExamplePath = "/v1/items/tea-1",
        },
        new("GET", "/v1/items/{id}/similar", "Items of like factors, best first.")
        {
            Answer = typeof(Page<SimilarItem>), Query = Count, ExamplePath = "/v1/items/tea-1/similar?count=5",
        },
        new("POST", "/v1/events", "Records one event: 201 when it is durable and in the profile, 200 if it was there.")
        {
            Body = typeof(UserEvent), Answer = typeof(EventResult), Status = 201,
            Codes = ["unknown_event_kind", "date_out_of_range", "negative_price", "duplicate_other_content"],
            Example = """{"id":"e-1","user":"ann","kind":"view","item":"tea-1","at":"2026-11-20T09:30:00Z"}""",
        },
        new("POST", "/v1/events/batch", "Records up to 1,000 events, each answered for itself.")
        {
            Body = typeof(EventBatch), Batch = ("events", typeof(UserEvent)), Answer = typeof(EventBatchAnswer),
            Codes = ["batch_too_large"],
            Example = """
                {"events":[{"id":"e-2","user":"ann","kind":"search","query":"tea","at":"2026-11-20T09:31:00Z"}]}
                """,
        },
        new("GET", "/v1/users", "Users in the order of their ids, page by page.")
        {
            Answer = typeof(Page<UserRecord>), ExamplePath = "/v1/users?limit=2",
            Query = Paged,
        },
        new("GET", "/v1/users/{id}", "The profile of a user.")
        {
            Answer = typeof(ProfileShape), Tagged = true, Codes = ["unknown_user"], ExamplePath = "/v1/users/ann",
        },
        new("PUT", "/v1/users/{id}", "Replaces attributes and consent.")
        {
            Body = typeof(UserDescription), Answer = typeof(UserRecord), ExamplePath = "/v1/users/ann",
            Example = """{"attributes":{"age":"35-44"},"consent":true}""",
        },
        new("DELETE", "/v1/users/{id}", "Forgets a user: erases what he did and what is told of him.")
        {
            Answer = typeof(Forgotten), Codes = ["unknown_user"],
        },
        new("GET", "/v1/users/{id}/similar", "Users of like taste, best first.")
        {
            Answer = typeof(Page<SimilarUser>), Query = Count, ExamplePath = "/v1/users/ann/similar",
        },
    ];

    private static IEnumerable<Operation> Campaigning() =>
    [
        new("GET", "/v1/campaign-templates", "What the template of a new campaign may be.")
        {
            Answer = typeof(Page<CampaignTemplate>), Query = Paged, ExamplePath = "/v1/campaign-templates",
        },
        new("POST", "/v1/campaigns", "Makes a campaign, as a draft; with `template` one with its offers.")
        {
            Body = typeof(Campaign), Answer = typeof(Campaign), Status = 201,
            Codes = ["already_exists", "version_conflict", "unknown_template", .. Rules],
            Example = """
                {"id":"autumn","name":"Autumn","start":"2020-01-01T00:00:00Z","end":"2099-01-01T00:00:00Z",
                 "budget":{"minor":100000,"currency":"USD"},
                 "guardrails":{"cap":{"minor":5000,"currency":"USD"},"minimumSpendMin":{"minor":0,"currency":"USD"},
                  "minimumSpendMax":{"minor":2000,"currency":"USD"},"amountStep":{"minor":50,"currency":"USD"},
                  "wholeCart":true}}
                """,
        },
        new("GET", "/v1/campaigns", "Campaigns in the order of their ids, page by page.")
        {
            Answer = typeof(Page<Campaign>), ExamplePath = "/v1/campaigns?status=draft",
            Query = [("status", "only those: draft, active, paused or archived"), .. Paged],
        },
        new("GET", "/v1/approvals", "What waits for a second person, of all campaigns, the oldest request first.")
        {
            Answer = typeof(Page<CampaignApproval>), ExamplePath = "/v1/approvals", Query = Paged,
        },
        new("GET", "/v1/budgets", "What has been used of the campaigns' budgets, page by page.")
        {
            Answer = typeof(Page<Budget>), ExamplePath = "/v1/budgets?limit=2",
            Query = [("status", "only of such campaigns"), .. Paged],
        },
        new("GET", "/v1/budgets/{id}", "What has been used of a campaign's budget.")
        {
            Answer = typeof(Budget), Tagged = true, Codes = ["unknown_campaign"], ExamplePath = "/v1/budgets/autumn",
        },
        One("GET", "", "A campaign with its budget and offers.", typeof(CampaignView), "/v1/campaigns/autumn") with
        {
            Tagged = true,
        },
        One("PATCH", "", "Changes a campaign by a merge patch (RFC 7396); with If-Match only that revision.",
            typeof(Campaign), "/v1/campaigns/autumn", typeof(Campaign), """{"name":"Autumn sale"}""") with
        {
            Conditional = true,
            Codes = ["unknown_campaign", "budget_below_spent", "offers_in_force", "approval_required", .. Rules],
        },
        One("POST", "/offers", "Adds up to 1,000 offers, each answered for itself.", typeof(BatchAnswer),
            "/v1/campaigns/autumn/offers", typeof(OfferBatch),
            """
            {"offers":[{"id":"autumn-tenth","title":"A tenth off","kind":"percent_off","percentBasisPoints":1000}]}
            """) with { Batch = ("offers", typeof(Offer)), Codes = ["unknown_campaign", "batch_too_large"] },
        One("POST", "/activate", "Has it issue coupons.", typeof(Campaign), "/v1/campaigns/autumn/activate") with
        {
            Conditional = true, Codes = ["unknown_campaign", "approval_required"],
        },
        One("GET", "/approvals", "What needs a second person, the newest request first.",
            typeof(Page<CampaignApproval>), "/v1/campaigns/autumn/approvals") with { Query = Paged },
        One("POST", "/approvals", "Decides a request of another person; approved, it is in force.",
            typeof(CampaignApproval), null, typeof(ApprovalDecision)) with
        {
            Codes = ["unknown_campaign", "unknown_approval", "approval_decided", "approval_by_same", "offers_in_force"],
        },
        One("POST", "/pause", "Has it issue nothing for now.", typeof(Campaign)) with { Conditional = true },
        One("POST", "/archive", "Ends it for good.", typeof(Campaign)) with { Conditional = true },
        One("DELETE", "/offers/{offer}", "Withdraws an offer.", typeof(Offer)) with
        {
            Codes = ["unknown_offer"],
        },
        One("POST", "/design", "Has the generator design offers and adds them.", typeof(DesignedOffers),
            null, typeof(DesignRequest)) with { Codes = ["unknown_campaign", "no_model", "no_train_silo"] },
        One("GET", "/reviews", "The designed offers that wait for review, and those decided, page by page.",
            typeof(Page<ReviewedOffer>), "/v1/campaigns/autumn/reviews") with
        {
            Query = [("status", "only those: waiting, approved or rejected"), .. Paged],
        },
        One("POST", "/offers/{offer}/approve", "Approves an offer.", typeof(Offer), null, typeof(ReviewRequest)) with
        {
            Codes = ["unknown_campaign", "unknown_offer"],
        },
        One("POST", "/offers/{offer}/reject", "Rejects an offer.", typeof(Offer), null, typeof(ReviewRequest)) with
        {
            Codes = ["unknown_campaign", "unknown_offer"],
        },
        One("POST", "/simulate", "Tries it out on a sample of the users; issues nothing.",
            typeof(CampaignSimulation), "/v1/campaigns/autumn/simulate", typeof(SimulationRequest), """{"users":50}""")
            with { BodyRequired = false },
        One("POST", "/waves", "Issues to everybody addressed, once for a name.", typeof(PushWave), null,
            typeof(WaveRequest)) with { Status = 202, Codes = ["unknown_campaign", "campaign_not_active"] },
        One("GET", "/waves/{name}", "How far a wave is.", typeof(PushWave)) with { Codes = ["unknown_wave"] },
        .. Coding(),
    ];

    private static IEnumerable<Operation> Distributing() =>
    [
        new("GET", "/v1/users/{id}/offers", "The offers that suit best, with reasons; issues nothing.")
        {
            Answer = typeof(OffersAnswer), Tagged = true, ExamplePath = "/v1/users/ann/offers?count=3", Query = OfOffers,
        },
        new("GET", "/v1/users/{id}/decisions", "What was decided for the user, newest first, page by page.")
        {
            Answer = typeof(Page<Decision>), Query = Paged, ExamplePath = "/v1/users/ann/decisions",
        },
        new("GET", "/v1/users/{id}/decisions/{decision}/explanation", "Why an offer was shown or issued.")
        {
            Answer = typeof(DecisionExplanation), Codes = ["unknown_decision"],
        },
        new("GET", "/v1/users/{id}/offers/stream", "Server-sent events: `offers`, the whole list, whenever it changes.")
        {
            MediaType = "text/event-stream", Query = OfOffers,
        },
        new("POST", "/v1/users/{id}/exposures", "The offers to show now: ranked, explored, and logged as shown.")
        {
            Body = typeof(ExposureRequest), Answer = typeof(OffersAnswer), Status = 201, Keyed = true,
            Codes = ["duplicate_other_content"], ExamplePath = "/v1/users/ann/exposures",
            Example = """{"count":3,"key":"list-1"}""",
        },
        new("POST", "/v1/publications", "Issues a coupon: the named offer, or the one that suits best.")
        {
            Body = typeof(Publication), Answer = typeof(Coupon), Status = 201, Keyed = true,
            Codes = ["unknown_campaign", "no_suitable_offer", "duplicate_other_content", .. Issues],
            Example = """{"user":"ann","campaign":"autumn","offer":"autumn-tenth","key":"cart-77"}""",
        },
        new("GET", "/v1/users/{id}/coupons", "The wallet, the newest 500, newest first, page by page.")
        {
            Answer = typeof(Page<WalletEntry>), Query = Paged, ExamplePath = "/v1/users/ann/coupons",
        },
        new("GET", "/v1/users/{id}/coupons/stream", "Server-sent events: `ready`, then `coupon` for each issued.")
        {
            MediaType = "text/event-stream",
        },
        OfCoupon("view", "Notes that the user looked at it.", typeof(CouponHolder)),
        OfCoupon("claim", "Notes that the user claimed it; a shared code issues him one.", typeof(CouponHolder), Issues),
        OfCoupon("rating", "Notes the user's rating, 1 to 5.", typeof(CouponRating)),
        OfCoupon("void", "Takes an open coupon back.", typeof(CouponHolder)),
    ];

    private static IEnumerable<Operation> Settling() =>
    [
        new("POST", "/v1/validations", "What a redemption would answer; consumes nothing.")
        {
            Body = typeof(CheckoutToTry), Answer = typeof(Validation), Codes = ["date_out_of_range", .. Carts],
            Example = """
                {"user":"ann","code":"AAAAA-AAAAA-AAAAA","order":"o-1","cart":{"currency":"USD","lines":[
                 {"item":"tea-1","quantity":2,"unitPrice":{"minor":499,"currency":"USD"}}]}}
                """,
        },
        new("POST", "/v1/choices", "Which of several coupons to use on a cart; consumes nothing.")
        {
            Body = typeof(ChoiceRequest), Answer = typeof(CartChoice), Codes = Carts,
        },
        Money("/v1/reservations", "Sets a coupon aside while the user pays.", typeof(CheckoutToHold),
            typeof(Reservation)),
        new("POST", "/v1/reservations/{key}/confirm", "Redeems what is set aside under the key.")
        {
            Body = typeof(Rollback), Answer = typeof(Redemption), Status = 201,
            Codes = ["unknown_reservation", "reservation_expired", "released", "rolled_back"],
        },
        new("POST", "/v1/reservations/{key}/release", "Gives up what is set aside under the key.")
        {
            Body = typeof(Rollback), Answer = typeof(Reservation),
            Codes = ["unknown_reservation", "reservation_expired"],
        },
        Money("/v1/redemptions", "Redeems a coupon, exactly once for a key.", typeof(Checkout), typeof(Redemption)),
        new("POST", "/v1/redemptions/{key}/rollbacks", "Rolls a redemption back.")
        {
            Body = typeof(Rollback), Answer = typeof(Redemption), Codes = ["unknown_redemption", "order_returned"],
        },
        Money("/v1/orders/{order}/returns", "Books pieces of an order that come back.", typeof(PiecesBack),
            typeof(OrderReturn)) with { Codes = ["duplicate_other_content", "nothing_left", "unknown_redemption", .. Carts] },
        new("POST", "/v1/returns", "What pieces that come back are worth; stores nothing.")
        {
            Body = typeof(Returned), Answer = typeof(ReturnValue), Codes = Carts,
        },
    ];

    private static IEnumerable<Operation> Telling() =>
    [
        new("GET", "/v1/overview", "How much there is, and what was refused.")
        {
            Answer = typeof(ShopOverview), ExamplePath = "/v1/overview",
        },
        new("GET", "/v1/reports/days", "What happened to coupons, by day and campaign, and refused redemptions.")
        {
            Answer = typeof(CouponDays), Query = [("days", "The last days, today among them: 1 to 366, else 30.")],
            ExamplePath = "/v1/reports/days?days=7",
        },
        new("GET", "/v1/campaigns/{id}/course", "How a campaign's budget has been used by day, and its forecast.")
        {
            Answer = typeof(BudgetCourse), Codes = ["unknown_campaign"], ExamplePath = "/v1/campaigns/autumn/course",
        },
        new("GET", "/v1/audit-events", "Who changed what, the newest first, page by page.")
        {
            Answer = typeof(Page<AuditEvent>), ExamplePath = "/v1/audit-events?action=campaign&limit=5",
            Query = [("actor", "a kind, as in `key`, or one, as in `key:k_7f3a`"),
                ("action", "what was done, or its first word, as in `campaign`"),
                ("target", "what it was done to, as in `campaign/autumn`"),
                ("since", "the first instant"), ("until", "the instant from which on none is wanted"), .. Paged],
        },
        new("GET", "/v1/audit-events/verification", "Looks at the whole chain: its end, and the first fault.")
        {
            Answer = typeof(AuditCheck), ExamplePath = "/v1/audit-events/verification",
            Query = [("noted", "`NUMBER:HASH` of a head that was noted: told if it is not in the chain any more")],
        },
        new("GET", "/v1/webhook-endpoints", "The endpoints that are told what happens, page by page.")
        {
            Answer = typeof(Page<WebhookView>), Query = Paged, ExamplePath = "/v1/webhook-endpoints",
        },
        new("POST", "/v1/webhook-endpoints", "Makes an endpoint; the answer holds its secret.")
        {
            Body = typeof(NewEndpoint), Answer = typeof(WebhookView), Status = 201,
            Codes = ["already_exists", "private_address"],
        },
        Endpoint("GET", "", "An endpoint without its secret.", typeof(WebhookView)),
        Endpoint("DELETE", "", "Deletes an endpoint.", typeof(WebhookView)),
        Endpoint("POST", "/rotate", "Gives it a new secret.", typeof(WebhookView)),
        Endpoint("POST", "/enable", "Has it told again.", typeof(WebhookView)),
        Endpoint("POST", "/test", "Sends it a message that tells of nothing.", typeof(WebhookReplay)),
        Endpoint("POST", "/replay", "Sends all since an instant again.", typeof(WebhookReplay)) with
        {
            Body = typeof(ReplaySince), Status = 202,
        },
        Endpoint("GET", "/deliveries", "The newest 100 messages to it, page by page.", typeof(Page<DeliveryView>)) with
        {
            Query = Paged,
        },
    ];

    private static Operation One(
        string method, string below, string summary, Type? answer, string? examplePath = null, Type? body = null,
        string? example = null) => new(method, "/v1/campaigns/{id}" + below, summary)
        {
            Answer = answer, Body = body, Example = example, ExamplePath = examplePath, Codes = ["unknown_campaign"],
        };

    private static Operation OfCoupon(string verb, string summary, Type body, string[]? codes = null) =>
        new("POST", $"/v1/coupons/{{code}}/{verb}", summary)
        {
            Body = body, Answer = typeof(Coupon), Codes = ["unknown_coupon", "coupon_not_open", .. codes ?? []],
        };

    /// <summary>An operation that moves money; any answer to a redemption may be its problem.</summary>
    private static Operation Money(string path, string summary, Type body, Type answer) => new("POST", path, summary)
    {
        Body = body, Answer = answer, Status = 201, Keyed = true,
        Codes = [.. Enum.GetValues<RedemptionStatus>().Where(s => s != RedemptionStatus.Redeemed).Select(Snake.Case),
            .. Carts],
    };

    private static Operation Endpoint(string method, string below, string summary, Type answer) =>
        new(method, "/v1/webhook-endpoints/{id}" + below, summary) { Answer = answer, Codes = ["unknown_webhook"] };
}
