using System.Runtime.CompilerServices;
using CouponGrains.Contracts.Access;
using CouponGrains.Contracts.Audit;
using CouponGrains.Contracts.Campaigns;
using CouponGrains.Contracts.Catalog;
using CouponGrains.Contracts.Models;
using CouponGrains.Contracts.Profiles;
using CouponGrains.Contracts.Ranking;
using CouponGrains.Contracts.Reports;
using CouponGrains.Contracts.Shop;
using CouponGrains.Contracts.Transfers;
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

namespace CouponGrains.Client.Orleans;

/// <summary>What operators ask.</summary>
internal sealed partial class OrleansCouponsClient
{
    private const int PageMost = 1_000;

    private IShopGrain Shop => cluster.GetGrain<IShopGrain>(0);

    private IKeysGrain KeyBook => cluster.GetGrain<IKeysGrain>(0);

    public Task<Campaign> Create(TemplateOrder order, CancellationToken cancel) =>
        Take(Grain(order.Id).Create(order, cancel));

    public async Task<Campaign> Change(Campaign changed, CancellationToken cancel)
    {
        var current = (await Campaign(changed.Id, cancel)).Campaign;
        if (current.Revision != changed.Revision)
        {
            throw new CouponsException(new(
                RefusalCodes.RevisionChanged, $"The campaign is at revision {current.Revision} now; read it again."));
        }

        return current.Status == changed.Status
            ? await Take(Grain(changed.Id).Put(changed with { Revision = changed.Revision + 1 }, cancel))
            : throw new CouponsException(new(
                RefusalCodes.InvalidValue, "The status is moved, not changed.", "/status"));
    }

    public Task<Offer> WithdrawOffer(CampaignId campaign, OfferId offer, CancellationToken cancel) =>
        Take(Grain(campaign).WithdrawOffer(offer, cancel));

    public Task<DesignedOffers> Design(CampaignId campaign, int count, int seed, CancellationToken cancel) =>
        Take(Trainer.Design(campaign, Between(count, 1, 1_000, "/count"), seed, cancel));

    public IAsyncEnumerable<ReviewedOffer> Reviews(CampaignId campaign, CancellationToken cancel) =>
        Each<ReviewedOffer>(async () => (await Take(Grain(campaign).Reviews(cancel))).Reviews);

    public Task<Offer> DecideReview(
        CampaignId campaign, OfferId offer, bool approved, string note, CancellationToken cancel) =>
        Take(Grain(campaign).Decide(offer, approved, note, cancel));

    public IAsyncEnumerable<CampaignApproval> Approvals(CampaignId campaign, CancellationToken cancel) =>
        Each<CampaignApproval>(async () => (await Take(Grain(campaign).Approvals(cancel))).Approvals);

    public IAsyncEnumerable<CampaignApproval> WaitingApprovals(CancellationToken cancel) =>
        Each<CampaignApproval>(async () => (await Ask(Shop.WaitingApprovals(cancel))).Approvals);

    public Task<CampaignApproval> DecideApproval(
        CampaignId campaign, int request, bool approved, string note, CancellationToken cancel) =>
        Take(Grain(campaign).DecideApproval(request, approved, note, cancel));

    public Task<PushWave> Push(CampaignId campaign, string wave, CancellationToken cancel) =>
        Take(Grain(campaign).Push(Named(wave, "/name"), cancel));

    public Task<PushWave> Wave(CampaignId campaign, string wave, CancellationToken cancel) =>
        Take(Grain(campaign).Wave(Named(wave, "?name"), cancel));

    public Task<CodeBatch> OrderCodes(CodeOrder order, CancellationToken cancel) =>
        Take(Grain(order.Campaign).OrderCodes(order, cancel));

    public Task<CodeBatch> CodeBatch(CampaignId campaign, string name, CancellationToken cancel) =>
        Take(Grain(campaign).Codes(Named(name, "?name"), cancel));

    public async IAsyncEnumerable<string> Codes(
        CampaignId campaign, string name, [EnumeratorCancellation] CancellationToken cancel)
    {
        var told = 0;
        while (await Take(Grain(campaign).CodePage(Named(name, "?name"), told, cancel)) is { Codes.Count: > 0 } page)
        {
            foreach (var code in page.Codes)
            {
                yield return code;
            }

            told += page.Codes.Count;
        }
    }

    public Task<SharedCode> ShareCode(SharedCodeOrder order, CancellationToken cancel) =>
        Take(Grain(order.Campaign).ShareCode(order, cancel));

    public IAsyncEnumerable<SharedCode> SharedCodes(CampaignId campaign, CancellationToken cancel) =>
        Each<SharedCode>(async () => (await Take(Grain(campaign).SharedCodes(cancel))).Codes);

    public Task<CampaignSimulation> Simulate(
        CampaignId campaign, int users, DateTimeOffset? at, CancellationToken cancel) =>
        Take(cluster.GetGrain<ISimulatorGrain>(0).Simulate(campaign, users, at, cancel));

    public IAsyncEnumerable<UserRecord> Users(UserId? after, CancellationToken cancel) =>
        Pages<UserRecord, UserId?>(after, user => user.Id, last => Shop.Users(last, PageMost, cancel));

    public IAsyncEnumerable<Item> Items(ItemId? after, CancellationToken cancel) =>
        Pages<Item, ItemId?>(after, item => item.Id, last => Shop.Items(last, PageMost, cancel));

    public Task<UserView> Profile(UserId user, CancellationToken cancel) => Take(User(user).Show(cancel));

    public Task<IReadOnlyList<SimilarUser>> SimilarUsers(UserId user, int count, CancellationToken cancel) =>
        Ask(User(user).Similar(Counted(count), cancel));

    public Task<IReadOnlyList<Decision>> Decisions(UserId user, int count, CancellationToken cancel) =>
        Ask(User(user).Decisions(long.MaxValue, Counted(count), cancel));

    public Task<DecisionExplanation> Explain(UserId user, EventId decision, CancellationToken cancel) =>
        Take(User(user).Explain(decision, cancel));

    public Task<Forgotten> Forget(UserId user, CancellationToken cancel) => Take(User(user).Forget(cancel));

    public Task<ItemView> Item(ItemId item, CancellationToken cancel) => Take(Shard(item).Get(item, cancel));

    public Task<IReadOnlyList<SimilarItem>> SimilarItems(ItemId item, int count, CancellationToken cancel) =>
        Ask(Shard(item).Similar(item, Counted(count), cancel));

    public Task<ShopOverview> Overview(CancellationToken cancel) => Ask(Shop.Overview(cancel));

    public Task<CouponDays> CouponDays(int days, CancellationToken cancel) =>
        Ask(cluster.GetGrain<IReportGrain>(0).Days(Between(days, 1, 366, "?days"), cancel));

    public Task<BudgetCourse> Course(CampaignId campaign, CancellationToken cancel) =>
        Take(cluster.GetGrain<IReportGrain>(0).Course(campaign, cancel));

    public Task<DriftReport> Drift(bool measure, CancellationToken cancel)
    {
        var grain = cluster.GetGrain<IDriftGrain>(0);
        return Ask(measure ? grain.Measure(cancel) : grain.Show(cancel));
    }

    public IAsyncEnumerable<TrainingRun> TrainingRuns(CancellationToken cancel) => Each(() => Trainer.Runs(cancel));

    public Task<IReadOnlyList<FileImport>> Operations(int count, CancellationToken cancel) =>
        Ask(Shop.Imports(null, Counted(count), cancel));

    public Task<FileImport> Operation(string id, CancellationToken cancel) => Take(Import(id).Show(cancel));

    public Task<FileImport> CancelOperation(string id, CancellationToken cancel) => Take(Import(id).Cancel(cancel));

    public async Task<IReadOnlyList<AuditEvent>> AuditEvents(
        AuditFilter filter, int count, CancellationToken cancel) =>
        (await Take(cluster.GetGrain<IAuditGrain>(0).Find(filter, long.MaxValue, Counted(count), cancel))).Events;

    public Task<AuditCheck> VerifyAudit(AuditHead? noted, CancellationToken cancel) =>
        Ask(cluster.GetGrain<IAuditGrain>(0).Verify(noted, cancel));

    public IAsyncEnumerable<WebhookView> Webhooks(CancellationToken cancel) =>
        Each<WebhookView>(async () => (await Ask(Shop.Webhooks(cancel))).Endpoints);

    public Task<WebhookView> CreateWebhook(
        string id, string url, IReadOnlyList<string> types, CancellationToken cancel) =>
        Take(Endpoint(id).Create(url, types, cancel));

    public Task<WebhookView> RotateWebhook(string id, CancellationToken cancel) => Take(Endpoint(id).Rotate(cancel));

    public Task<WebhookView> EnableWebhook(string id, CancellationToken cancel) => Take(Endpoint(id).Enable(cancel));

    public Task<WebhookView> DeleteWebhook(string id, CancellationToken cancel) => Take(Endpoint(id).Delete(cancel));

    public Task<WebhookReplay> TestWebhook(string id, CancellationToken cancel) => Take(Endpoint(id).Test(cancel));

    public Task<WebhookReplay> ReplayWebhook(string id, DateTimeOffset since, CancellationToken cancel) =>
        Take(Endpoint(id).Replay(since, cancel));

    public IAsyncEnumerable<DeliveryView> Deliveries(string id, CancellationToken cancel) =>
        Each<DeliveryView>(async () => (await Take(Endpoint(id).Deliveries(cancel))).Deliveries);

    public IAsyncEnumerable<ApiKey> Keys(CancellationToken cancel) =>
        Pages<AccessKey, string>(null, key => key.Id, last => KeyBook.List(last, PageMost, cancel))
            .Select(key => ApiKey.Of(key));

    public async Task<ApiKey> CreateKey(KeyOrder order, CancellationToken cancel)
    {
        var (id, secret) = KeySecret.New(order.Kind);
        return ApiKey.Of(await Ask(KeyBook.Create(order.ToKey(id, secret), cancel)), secret);
    }

    public async Task<ApiKey> RotateKey(string id, TimeSpan overlap, CancellationToken cancel)
    {
        var found = await Ask(KeyBook.Find(Named(id, "?id"), cancel));
        var secret = KeySecret.Of(found?.Kind ?? KeyKind.Server, id);
        return ApiKey.Of(await Ask(KeyBook.Rotate(id, KeySecret.Hash(secret), overlap, cancel)), secret);
    }

    public async Task<ApiKey> RevokeKey(string id, CancellationToken cancel) =>
        ApiKey.Of(await Ask(KeyBook.Revoke(Named(id, "?id"), cancel)));

    private ICatalogGrain Shard(ItemId item) => cluster.GetGrain<ICatalogGrain>(CatalogShards.Of(item));

    private IImportGrain Import(string id) => cluster.GetGrain<IImportGrain>(Named(id, "?id"));

    private IWebhookGrain Endpoint(string id) => cluster.GetGrain<IWebhookGrain>(Named(id, "/id"));

    /// <summary>A list in the order of its ids, page by page.</summary>
    private static async IAsyncEnumerable<T> Pages<T, TId>(
        TId? after, Func<T, TId> id, Func<TId?, Task<IReadOnlyList<T>>> read)
    {
        while (await Ask(read(after)) is { Count: > 0 } page)
        {
            foreach (var entry in page)
            {
                yield return entry;
            }

            after = id(page[^1]);
        }
    }

    private static int Counted(int count) => Between(count, 1, 100, "?count");

    private static int Between(int value, int least, int most, string pointer) => value >= least && value <= most
        ? value
        : throw new CouponsException(new(RefusalCodes.InvalidValue, $"Expected {least} to {most}.", pointer));

    private static string Named(string name, string pointer) => IdRules.IsValid(name)
        ? name
        : throw new CouponsException(new(RefusalCodes.InvalidId, WireJson.IdShape, pointer));
}
