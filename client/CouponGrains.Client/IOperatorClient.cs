using CouponGrains.Contracts.Campaigns;
using CouponGrains.Contracts.Catalog;
using CouponGrains.Contracts.Models;
using CouponGrains.Contracts.Profiles;
using CouponGrains.Contracts.Ranking;
using CouponGrains.Contracts.Reports;
using CouponGrains.Contracts.Shop;
using CouponGrains.Contracts.Webhooks;
using CouponGrains.Domain;
using CouponGrains.Domain.Access;
using CouponGrains.Domain.Audit;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Transfers;

namespace CouponGrains.Client;

/// <summary>What the people ask who run CouponGrains.</summary>
public interface IOperatorClient
    : ICampaignWorkClient, IKnowledgeClient, IReportsClient, IRunsClient, IAuditClient, IWebhooksClient, IKeysClient;

/// <summary>Work on a campaign: its terms, its offers, its approvals, its coupons.</summary>
public interface ICampaignWorkClient
{
    /// <summary>Makes a campaign from a template, with its offers, as a draft.</summary>
    Task<Campaign> Create(TemplateOrder order, CancellationToken cancel = default);

    /// <summary>Changes a campaign that was read: all but its id, its status and its revision. Refused with
    /// <see cref="RefusalCodes.RevisionChanged"/> if somebody changed it meanwhile, and with
    /// <see cref="RefusalCodes.ApprovalRequired"/> if another person has to agree; then the request is made.</summary>
    Task<Campaign> Change(Campaign changed, CancellationToken cancel = default);

    /// <summary>Withdraws an offer: it is not issued any more.</summary>
    Task<Offer> WithdrawOffer(CampaignId campaign, OfferId offer, CancellationToken cancel = default);

    /// <summary>Lets the generator of the model in force design offers, 1 to 1,000, and adds them; the same seed
    /// designs
    /// the same.</summary>
    Task<DesignedOffers> Design(CampaignId campaign, int count, int seed, CancellationToken cancel = default);

    /// <summary>The reviews of a campaign's designed offers.</summary>
    IAsyncEnumerable<ReviewedOffer> Reviews(CampaignId campaign, CancellationToken cancel = default);

    /// <summary>Approves or rejects an offer that waits for review. The same decision again changes nothing.</summary>
    Task<Offer> DecideReview(
        CampaignId campaign, OfferId offer, bool approved, string note, CancellationToken cancel = default);

    /// <summary>The requests for approval of what one person may not decide, the newest first.</summary>
    IAsyncEnumerable<CampaignApproval> Approvals(CampaignId campaign, CancellationToken cancel = default);

    /// <summary>Those that wait, of all campaigns, the oldest first.</summary>
    IAsyncEnumerable<CampaignApproval> WaitingApprovals(CancellationToken cancel = default);

    /// <summary>Decides such a request, in the name of the caller, who must be another than who asked.</summary>
    Task<CampaignApproval> DecideApproval(
        CampaignId campaign, int request, bool approved, string note, CancellationToken cancel = default);

    /// <summary>Begins to issue to everybody addressed the offer that suits him best. The same name does nothing
    /// twice and
    /// answers how far it is.</summary>
    Task<PushWave> Push(CampaignId campaign, string wave, CancellationToken cancel = default);

    /// <summary>How far a push is.</summary>
    Task<PushWave> Wave(CampaignId campaign, string wave, CancellationToken cancel = default);

    /// <summary>Begins to make codes in advance. The same name makes them once and answers how far it is.</summary>
    Task<CodeBatch> OrderCodes(CodeOrder order, CancellationToken cancel = default);

    /// <summary>How far a batch of codes is.</summary>
    Task<CodeBatch> CodeBatch(CampaignId campaign, string name, CancellationToken cancel = default);

    /// <summary>The codes of a batch that are made, in the order in which they were made.</summary>
    IAsyncEnumerable<string> Codes(CampaignId campaign, string name, CancellationToken cancel = default);

    /// <summary>Gives an offer a code that many users share. The same wish again answers the same.</summary>
    Task<SharedCode> ShareCode(SharedCodeOrder order, CancellationToken cancel = default);

    /// <summary>The codes of a campaign that many users share, in the order of their names.</summary>
    IAsyncEnumerable<SharedCode> SharedCodes(CampaignId campaign, CancellationToken cancel = default);

    /// <summary>What a campaign would do, whatever its status, if each of 1 to 1,000 users were issued the offer that
    /// suits
    /// him best; issues nothing.</summary>
    /// <param name="campaign">The campaign.</param>
    /// <param name="users">How many users.</param>
    /// <param name="at">As of when; null is now, or the campaign's start if that is yet to come.</param>
    /// <param name="cancel">Ends the waiting.</param>
    Task<CampaignSimulation> Simulate(
        CampaignId campaign, int users, DateTimeOffset? at = null, CancellationToken cancel = default);
}

/// <summary>What is known of users and items.</summary>
public interface IKnowledgeClient
{
    /// <summary>Users in the order of their ids, after <paramref name="after"/> if it is given. Asked for page by page,
    /// as the reader comes to it.</summary>
    IAsyncEnumerable<UserRecord> Users(UserId? after = null, CancellationToken cancel = default);

    /// <summary>Items in the order of their ids, likewise.</summary>
    IAsyncEnumerable<Item> Items(ItemId? after = null, CancellationToken cancel = default);

    /// <summary>A user's profile; refused with <see cref="RefusalCodes.UnknownUser"/> if he was never seen.</summary>
    Task<UserView> Profile(UserId user, CancellationToken cancel = default);

    /// <summary>Users of like taste, best first, 1 to 100.</summary>
    Task<IReadOnlyList<SimilarUser>> SimilarUsers(UserId user, int count, CancellationToken cancel = default);

    /// <summary>What was decided for a user, newest first, 1 to 100.</summary>
    Task<IReadOnlyList<Decision>> Decisions(UserId user, int count, CancellationToken cancel = default);

    /// <summary>Why something was decided for a user.</summary>
    Task<DecisionExplanation> Explain(UserId user, EventId decision, CancellationToken cancel = default);

    /// <summary>Forgets a user: erases his events of behaviour and his attributes, takes his consent and his open
    /// coupons
    /// back. It cannot be undone.</summary>
    Task<Forgotten> Forget(UserId user, CancellationToken cancel = default);

    /// <summary>An item, its factors and where they come from.</summary>
    Task<ItemView> Item(ItemId item, CancellationToken cancel = default);

    /// <summary>Items of like factors, best first, 1 to 100.</summary>
    Task<IReadOnlyList<SimilarItem>> SimilarItems(ItemId item, int count, CancellationToken cancel = default);
}

/// <summary>How the shop stands.</summary>
public interface IReportsClient
{
    /// <summary>How much there is, and what was refused.</summary>
    Task<ShopOverview> Overview(CancellationToken cancel = default);

    /// <summary>What happened to coupons on the last days, 1 to 366, by day and campaign, and why the checkout refused
    /// some.</summary>
    Task<CouponDays> CouponDays(int days, CancellationToken cancel = default);

    /// <summary>How a campaign's budget was used by day, and where it is heading.</summary>
    Task<BudgetCourse> Course(CampaignId campaign, CancellationToken cancel = default);

    /// <summary>How far the shop has moved from what the model in force was trained on.</summary>
    /// <param name="measure">True to take in first what has come into the log by now.</param>
    /// <param name="cancel">Ends the waiting.</param>
    Task<DriftReport> Drift(bool measure, CancellationToken cancel = default);
}

/// <summary>Long work.</summary>
public interface IRunsClient
{
    /// <summary>The last 100 training runs, newest first, without their curves.</summary>
    IAsyncEnumerable<TrainingRun> TrainingRuns(CancellationToken cancel = default);

    /// <summary>The newest files that were sent to be worked off, without their faults, 1 to 100.</summary>
    Task<IReadOnlyList<FileImport>> Operations(int count, CancellationToken cancel = default);

    /// <summary>How far one is. Over HTTP it is not told who sent it.</summary>
    Task<FileImport> Operation(string id, CancellationToken cancel = default);

    /// <summary>Stops one; what was taken in stays.</summary>
    Task<FileImport> CancelOperation(string id, CancellationToken cancel = default);
}

/// <summary>Who changed what.</summary>
public interface IAuditClient
{
    /// <summary>Records of changes, the newest first, 1 to 100.</summary>
    Task<IReadOnlyList<AuditEvent>> AuditEvents(AuditFilter filter, int count, CancellationToken cancel = default);

    /// <summary>Whether the chain of all changes holds.</summary>
    /// <param name="noted">A head that was noted earlier and must still be in it, or null.</param>
    /// <param name="cancel">Ends the waiting.</param>
    Task<AuditCheck> VerifyAudit(AuditHead? noted, CancellationToken cancel = default);
}

/// <summary>Endpoints of the shop that are told what happens.</summary>
public interface IWebhooksClient
{
    /// <summary>All endpoints in the order of their ids, without their secrets.</summary>
    IAsyncEnumerable<WebhookView> Webhooks(CancellationToken cancel = default);

    /// <summary>Tells an endpoint from now on, of all if there are no types. The answer holds its secret.</summary>
    Task<WebhookView> CreateWebhook(
        string id, string url, IReadOnlyList<string> types, CancellationToken cancel = default);

    /// <summary>Gives it a new secret, which the answer holds; the one before signs too for a day.</summary>
    Task<WebhookView> RotateWebhook(string id, CancellationToken cancel = default);

    /// <summary>Tells it again after it was disabled.</summary>
    Task<WebhookView> EnableWebhook(string id, CancellationToken cancel = default);

    /// <summary>Tells it nothing any more.</summary>
    Task<WebhookView> DeleteWebhook(string id, CancellationToken cancel = default);

    /// <summary>Sends it a message that tells of nothing.</summary>
    Task<WebhookReplay> TestWebhook(string id, CancellationToken cancel = default);

    /// <summary>Sends it again all that happened since an instant.</summary>
    Task<WebhookReplay> ReplayWebhook(string id, DateTimeOffset since, CancellationToken cancel = default);

    /// <summary>Its newest messages and what became of them, newest first.</summary>
    IAsyncEnumerable<DeliveryView> Deliveries(string id, CancellationToken cancel = default);
}

/// <summary>Keys of the HTTP API.</summary>
public interface IKeysClient
{
    /// <summary>All keys in the order of their ids, without their secrets.</summary>
    IAsyncEnumerable<ApiKey> Keys(CancellationToken cancel = default);

    /// <summary>Makes a key. The answer alone holds its secret.</summary>
    Task<ApiKey> CreateKey(KeyOrder order, CancellationToken cancel = default);

    /// <summary>Gives a key a new secret, which the answer alone holds; the one before stays good for
    /// <paramref name="overlap"/>, at most <see cref="KeyRules.OverlapMax"/>.</summary>
    Task<ApiKey> RotateKey(string id, TimeSpan overlap, CancellationToken cancel = default);

    /// <summary>Takes a key back for good.</summary>
    Task<ApiKey> RevokeKey(string id, CancellationToken cancel = default);
}
