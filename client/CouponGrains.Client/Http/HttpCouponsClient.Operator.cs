using System.Runtime.CompilerServices;
using System.Text.Json;
using CouponGrains.Contracts.Campaigns;
using CouponGrains.Contracts.Catalog;
using CouponGrains.Contracts.Models;
using CouponGrains.Contracts.Profiles;
using CouponGrains.Contracts.Ranking;
using CouponGrains.Contracts.Reports;
using CouponGrains.Contracts.Shop;
using CouponGrains.Contracts.Webhooks;
using CouponGrains.Domain;
using CouponGrains.Domain.Audit;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Transfers;
using static CouponGrains.Client.Http.HttpDoor;

namespace CouponGrains.Client.Http;

/// <summary>What operators ask.</summary>
internal sealed partial class HttpCouponsClient
{
    public Task<Campaign> Create(TemplateOrder order, CancellationToken cancel) =>
        door.Send<Campaign>(HttpMethod.Post, "campaigns", order, once: true, cancel);

    public async Task<Campaign> Change(Campaign changed, CancellationToken cancel)
    {
        var before = (await Campaign(changed.Id, cancel)).Campaign;
        var patch = MergePatch.Between(Fields(before), Fields(changed));
        patch.Remove("revision");
        return await door.Send<Campaign>(
            HttpMethod.Patch, At(changed.Id), patch, once: true, cancel, revision: changed.Revision);
    }

    public Task<Offer> WithdrawOffer(CampaignId campaign, OfferId offer, CancellationToken cancel) =>
        door.Send<Offer>(HttpMethod.Delete, $"{At(campaign)}/offers/{Part(offer.Value)}", null, once: true, cancel);

    public Task<DesignedOffers> Design(CampaignId campaign, int count, int seed, CancellationToken cancel) =>
        door.Send<DesignedOffers>(HttpMethod.Post, $"{At(campaign)}/design", new { count, seed }, once: true, cancel);

    public IAsyncEnumerable<ReviewedOffer> Reviews(CampaignId campaign, CancellationToken cancel) =>
        door.Pages<ReviewedOffer>($"{At(campaign)}/reviews", cancel);

    public Task<Offer> DecideReview(
        CampaignId campaign, OfferId offer, bool approved, string note, CancellationToken cancel) => door.Post<Offer>(
        $"{At(campaign)}/offers/{Part(offer.Value)}/{(approved ? "approve" : "reject")}", new { note }, cancel);

    public IAsyncEnumerable<CampaignApproval> Approvals(CampaignId campaign, CancellationToken cancel) =>
        door.Pages<CampaignApproval>($"{At(campaign)}/approvals", cancel);

    public IAsyncEnumerable<CampaignApproval> WaitingApprovals(CancellationToken cancel) =>
        door.Pages<CampaignApproval>("approvals", cancel);

    public Task<CampaignApproval> DecideApproval(
        CampaignId campaign, int request, bool approved, string note, CancellationToken cancel) =>
        door.Send<CampaignApproval>(
            HttpMethod.Post, $"{At(campaign)}/approvals",
            new { request, decision = approved ? "approve" : "reject", note }, once: true, cancel);

    public Task<PushWave> Push(CampaignId campaign, string wave, CancellationToken cancel) =>
        door.Post<PushWave>($"{At(campaign)}/waves", new { name = wave }, cancel);

    public Task<PushWave> Wave(CampaignId campaign, string wave, CancellationToken cancel) =>
        door.Get<PushWave>($"{At(campaign)}/waves/{Part(wave)}", cancel);

    public Task<CodeBatch> OrderCodes(CodeOrder order, CancellationToken cancel) => door.Post<CodeBatch>(
        $"{At(order.Campaign)}/codes", new { order.Name, order.Offer, order.Count }, cancel);

    public Task<CodeBatch> CodeBatch(CampaignId campaign, string name, CancellationToken cancel) =>
        door.Get<CodeBatch>($"{At(campaign)}/codes/{Part(name)}", cancel);

    public async IAsyncEnumerable<string> Codes(
        CampaignId campaign, string name, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var answer = await door.Open($"{At(campaign)}/codes/{Part(name)}/file", "text/plain", cancel);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(cancel));
        while (await Line(lines, cancel) is { } code)
        {
            yield return code;
        }
    }

    public Task<SharedCode> ShareCode(SharedCodeOrder order, CancellationToken cancel) =>
        door.Post<SharedCode>($"{At(order.Campaign)}/shared-codes", new { order.Code, order.Offer }, cancel);

    public IAsyncEnumerable<SharedCode> SharedCodes(CampaignId campaign, CancellationToken cancel) =>
        door.Pages<SharedCode>($"{At(campaign)}/shared-codes", cancel);

    public Task<CampaignSimulation> Simulate(
        CampaignId campaign, int users, DateTimeOffset? at, CancellationToken cancel) =>
        door.Post<CampaignSimulation>($"{At(campaign)}/simulate", new { users, at }, cancel);

    public IAsyncEnumerable<UserRecord> Users(UserId? after, CancellationToken cancel) =>
        door.Pages<UserRecord>("users", cancel, after?.Value);

    public IAsyncEnumerable<Item> Items(ItemId? after, CancellationToken cancel) =>
        door.Pages<Item>("items", cancel, after?.Value);

    public async Task<UserView> Profile(UserId user, CancellationToken cancel) =>
        (await door.Get<ProfileAnswer>(At(user), cancel)).ToView();

    public Task<IReadOnlyList<SimilarUser>> SimilarUsers(UserId user, int count, CancellationToken cancel) =>
        Best<SimilarUser>($"{At(user)}/similar?count={count}", cancel);

    public Task<IReadOnlyList<Decision>> Decisions(UserId user, int count, CancellationToken cancel) =>
        Best<Decision>($"{At(user)}/decisions?limit={count}", cancel);

    public Task<DecisionExplanation> Explain(UserId user, EventId decision, CancellationToken cancel) =>
        door.Get<DecisionExplanation>($"{At(user)}/decisions/{Part(decision.Value)}/explanation", cancel);

    public Task<Forgotten> Forget(UserId user, CancellationToken cancel) =>
        door.Send<Forgotten>(HttpMethod.Delete, At(user), null, once: false, cancel);

    public async Task<ItemView> Item(ItemId item, CancellationToken cancel) =>
        (await door.Get<ItemAnswer>($"items/{Part(item.Value)}", cancel)).ToView();

    public Task<IReadOnlyList<SimilarItem>> SimilarItems(ItemId item, int count, CancellationToken cancel) =>
        Best<SimilarItem>($"items/{Part(item.Value)}/similar?count={count}", cancel);

    public Task<ShopOverview> Overview(CancellationToken cancel) => door.Get<ShopOverview>("overview", cancel);

    public Task<CouponDays> CouponDays(int days, CancellationToken cancel) =>
        door.Get<CouponDays>($"reports/days?days={days}", cancel);

    public Task<BudgetCourse> Course(CampaignId campaign, CancellationToken cancel) =>
        door.Get<BudgetCourse>($"{At(campaign)}/course", cancel);

    public Task<DriftReport> Drift(bool measure, CancellationToken cancel) => measure
        ? door.Post<DriftReport>("models/drift", null, cancel)
        : door.Get<DriftReport>("models/drift", cancel);

    public IAsyncEnumerable<TrainingRun> TrainingRuns(CancellationToken cancel) =>
        door.Pages<TrainingRun>("training-runs", cancel);

    public async Task<IReadOnlyList<FileImport>> Operations(int count, CancellationToken cancel) =>
        [.. (await Best<OperationAnswer>($"operations?limit={count}", cancel)).Select(told => told.ToImport())];

    public async Task<FileImport> Operation(string id, CancellationToken cancel) =>
        (await door.Get<OperationAnswer>($"operations/{Part(id)}", cancel)).ToImport();

    public async Task<FileImport> CancelOperation(string id, CancellationToken cancel) =>
        (await door.Send<OperationAnswer>(HttpMethod.Delete, $"operations/{Part(id)}", null, once: false, cancel))
            .ToImport();

    public async Task<IReadOnlyList<AuditEvent>> AuditEvents(AuditFilter filter, int count, CancellationToken cancel)
    {
        (string Name, string? Value)[] asked =
        [
            ("actor", filter.Actor), ("action", filter.Action), ("target", filter.Target),
            ("since", filter.Since?.ToString("O")), ("until", filter.Until?.ToString("O")),
        ];
        var only = string.Concat(
            asked.Where(one => one.Value is not null).Select(one => $"&{one.Name}={Part(one.Value!)}"));
        var told = await Best<AuditAnswer>($"audit-events?limit={count}{only}", cancel);
        return [.. told.Select(one => one.ToEvent())];
    }

    public Task<AuditCheck> VerifyAudit(AuditHead? noted, CancellationToken cancel) => door.Get<AuditCheck>(
        "audit-events/verification" + (noted is null ? "" : "?noted=" + Part(noted.ToString())), cancel);

    public IAsyncEnumerable<WebhookView> Webhooks(CancellationToken cancel) =>
        door.Pages<WebhookView>("webhook-endpoints", cancel);

    public Task<WebhookView> CreateWebhook(
        string id, string url, IReadOnlyList<string> types, CancellationToken cancel) => door.Send<WebhookView>(
        HttpMethod.Post, "webhook-endpoints", new { id, url, types }, once: true, cancel);

    public Task<WebhookView> RotateWebhook(string id, CancellationToken cancel) =>
        door.Send<WebhookView>(HttpMethod.Post, $"{Endpoint(id)}/rotate", null, once: true, cancel);

    public Task<WebhookView> EnableWebhook(string id, CancellationToken cancel) =>
        door.Post<WebhookView>($"{Endpoint(id)}/enable", null, cancel);

    public Task<WebhookView> DeleteWebhook(string id, CancellationToken cancel) =>
        door.Send<WebhookView>(HttpMethod.Delete, Endpoint(id), null, once: true, cancel);

    public Task<WebhookReplay> TestWebhook(string id, CancellationToken cancel) =>
        door.Send<WebhookReplay>(HttpMethod.Post, $"{Endpoint(id)}/test", null, once: true, cancel);

    public Task<WebhookReplay> ReplayWebhook(string id, DateTimeOffset since, CancellationToken cancel) =>
        door.Send<WebhookReplay>(HttpMethod.Post, $"{Endpoint(id)}/replay", new { since }, once: true, cancel);

    public IAsyncEnumerable<DeliveryView> Deliveries(string id, CancellationToken cancel) =>
        door.Pages<DeliveryView>($"{Endpoint(id)}/deliveries", cancel);

    public IAsyncEnumerable<ApiKey> Keys(CancellationToken cancel) => door.Pages<ApiKey>("keys", cancel);

    public Task<ApiKey> CreateKey(KeyOrder order, CancellationToken cancel) =>
        door.Send<ApiKey>(HttpMethod.Post, "keys", order, once: true, cancel);

    public Task<ApiKey> RotateKey(string id, TimeSpan overlap, CancellationToken cancel) => door.Send<ApiKey>(
        HttpMethod.Post, $"keys/{Part(id)}/rotate", new { Overlap = overlap }, once: true, cancel);

    public Task<ApiKey> RevokeKey(string id, CancellationToken cancel) =>
        door.Send<ApiKey>(HttpMethod.Post, $"keys/{Part(id)}/revoke", null, once: false, cancel);

    public async Task<Stream> Export(ExportKind kind, ExportFormat format, CancellationToken cancel)
    {
        var answer = await door.Open($"exports/{Snake.Case(kind)}?format={Snake.Case(format)}", "*/*", cancel);
        return await answer.Content.ReadAsStreamAsync(cancel);
    }

    private static string At(CampaignId campaign) => $"campaigns/{Part(campaign.Value)}";

    private static string At(UserId user) => $"users/{Part(user.Value)}";

    private static string Endpoint(string id) => $"webhook-endpoints/{Part(id)}";

    private static System.Text.Json.Nodes.JsonObject Fields(Campaign campaign) =>
        JsonSerializer.SerializeToNode(campaign, WireJson.Options)!.AsObject();

    /// <summary>A list of which only the first page is wanted.</summary>
    private async Task<IReadOnlyList<T>> Best<T>(string path, CancellationToken cancel) =>
        (await door.Get<Page<T>>(path, cancel)).Data;

    private static async Task<string?> Line(StreamReader lines, CancellationToken cancel)
    {
        try
        {
            return await lines.ReadLineAsync(cancel);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Unanswered(e);
        }
    }
}
