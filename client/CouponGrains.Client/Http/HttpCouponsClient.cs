using CouponGrains.Contracts.Campaigns;
using CouponGrains.Contracts.Coupons;
using CouponGrains.Contracts.Events;
using CouponGrains.Contracts.Health;
using CouponGrains.Contracts.Models;
using CouponGrains.Contracts.Ranking;
using CouponGrains.Contracts.Redemptions;
using CouponGrains.Contracts.Reports;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Redemptions;
using static CouponGrains.Client.Http.HttpDoor;

namespace CouponGrains.Client.Http;

/// <summary>The client over HTTP.</summary>
internal sealed partial class HttpCouponsClient(HttpDoor door, TimeProvider time) : ICouponsClient, IExportsClient
{
    public Task<IReadOnlyList<Refusal?>> PutItems(IReadOnlyList<Item> items, CancellationToken cancel) =>
        Batch(door.Send<BatchAnswer>(HttpMethod.Put, "items", new { items }, false, cancel));

    public async Task<AppendStatus> Record(UserEvent e, CancellationToken cancel) =>
        (await door.Post<EventResult>("events", e, cancel)).Recorded!.Value;

    public async Task<IReadOnlyList<RecordAnswer>> Record(IReadOnlyList<UserEvent> events, CancellationToken cancel)
    {
        var answer = await door.Post<EventBatchAnswer>("events/batch", new { events }, cancel);
        return [.. answer.Results.Select(result =>
            new RecordAnswer(events[result.Index].Id, result.Recorded, result.Refusal))];
    }

    public Task<UserRecord> Describe(UserRecord user, CancellationToken cancel) => door.Send<UserRecord>(
        HttpMethod.Put, $"users/{Part(user.Id.Value)}", new { user.Attributes, user.Consent }, false, cancel);

    public Task<OffersAnswer> Offers(UserId user, OffersQuery query, CancellationToken cancel)
    {
        var only = query.Campaign is { } campaign ? "&campaign=" + Part(campaign.Value) : "";
        var plain = query.Unexplained ? "&explain=false" : "";
        return door.Get<OffersAnswer>($"users/{Part(user.Value)}/offers?count={query.Count}{only}{plain}", cancel);
    }

    public Task<OffersAnswer> Expose(UserId user, ExposeCommand command, CancellationToken cancel) =>
        door.Post<OffersAnswer>($"users/{Part(user.Value)}/exposures", command, cancel);

    public Task<Coupon> Issue(UserId user, IssueCommand command, CancellationToken cancel) => door.Post<Coupon>(
        "publications", new { user, command.Campaign, command.Offer, command.Key }, cancel);

    public IAsyncEnumerable<WalletEntry> Wallet(UserId user, CancellationToken cancel) =>
        door.Pages<WalletEntry>($"users/{Part(user.Value)}/coupons", cancel);

    public Task<Coupon> View(UserId user, string code, CancellationToken cancel) =>
        door.Post<Coupon>($"coupons/{Part(code)}/view", new { user }, cancel);

    public Task<Coupon> Claim(UserId user, string code, CancellationToken cancel) =>
        door.Post<Coupon>($"coupons/{Part(code)}/claim", new { user }, cancel);

    public Task<Coupon> Rate(UserId user, string code, int rating, CancellationToken cancel) =>
        door.Post<Coupon>($"coupons/{Part(code)}/rating", new { user, rating }, cancel);

    public Task<Coupon> Void(UserId user, string code, CancellationToken cancel) =>
        door.Post<Coupon>($"coupons/{Part(code)}/void", new { user }, cancel);

    public IAsyncEnumerable<CouponPush> Listen(UserId user, CancellationToken cancel) =>
        new HttpPushes(door, this, user, time).Read(cancel);

    public Task<Discount> Validate(RedemptionRequest request, CancellationToken cancel) =>
        Tried(Checkout(request), cancel);

    public Task<Discount> ValidateAt(RedemptionRequest request, DateTimeOffset now, CancellationToken cancel) =>
        Tried(new { request.User, request.Code, request.Order, request.Cart, request.Key, Now = now }, cancel);

    private async Task<Discount> Tried(object checkout, CancellationToken cancel)
    {
        var answer = await door.Post<Validation>("validations", checkout, cancel);
        return answer is { Valid: true, Discount: { } discount }
            ? discount
            : throw new CouponsException(Reasons.Of(Snake.Parse<RedemptionStatus>(answer.Reason)));
    }

    public Task<CartChoice> Choose(ChoiceRequest request, CancellationToken cancel) =>
        door.Post<CartChoice>("choices", request, cancel);

    public Task<Redemption> Redeem(RedemptionRequest request, CancellationToken cancel) =>
        door.Post<Redemption>("redemptions", Checkout(request), cancel);

    public Task<Reservation> Reserve(ReservationRequest request, CancellationToken cancel)
    {
        var (checkout, hold) = request;
        return door.Post<Reservation>(
            "reservations",
            new { checkout.User, checkout.Code, checkout.Order, checkout.Cart, checkout.Key, Hold = hold }, cancel);
    }

    public Task<Redemption> Confirm(UserId user, string key, CancellationToken cancel) =>
        door.Post<Redemption>($"reservations/{Part(key)}/confirm", new { user }, cancel);

    public Task<Reservation> Release(UserId user, string key, CancellationToken cancel) =>
        door.Post<Reservation>($"reservations/{Part(key)}/release", new { user }, cancel);

    public Task<Redemption> RollBack(UserId user, string key, CancellationToken cancel) =>
        door.Post<Redemption>($"redemptions/{Part(key)}/rollbacks", new { user }, cancel);

    public Task<OrderReturn> Return(ReturnRequest request, CancellationToken cancel) => door.Post<OrderReturn>(
        $"orders/{Part(request.Order)}/returns", new { request.User, request.Cart, request.Now, request.Key }, cancel);

    public IAsyncEnumerable<Campaign> Campaigns(CancellationToken cancel) => door.Pages<Campaign>("campaigns", cancel);

    public Task<CampaignView> Campaign(CampaignId id, CancellationToken cancel) =>
        door.Get<CampaignView>($"campaigns/{Part(id.Value)}", cancel);

    public Task<Campaign> Create(Campaign campaign, CancellationToken cancel) =>
        door.Send<Campaign>(HttpMethod.Post, "campaigns", campaign, once: true, cancel);

    public Task<Campaign> SetStatus(CampaignId id, CampaignStatus status, CancellationToken cancel) => status switch
    {
        CampaignStatus.Active => Move(id, "activate", cancel),
        CampaignStatus.Paused => Move(id, "pause", cancel),
        CampaignStatus.Archived => Move(id, "archive", cancel),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "A campaign does not become a draft again."),
    };

    public Task<IReadOnlyList<Refusal?>> AddOffers(
        CampaignId id, IReadOnlyList<Offer> offers, CancellationToken cancel) => Batch(door.Send<BatchAnswer>(
        HttpMethod.Post, $"campaigns/{Part(id.Value)}/offers", new { offers }, once: true, cancel));

    public async Task<ModelList> Models(CancellationToken cancel)
    {
        var inForce = await door.Get<InForce>("models?limit=1", cancel);
        return new(
            inForce.Current, await door.Pages<ModelManifest>("models", cancel).ToArrayAsync(cancel),
            await door.Pages<ModelPromotion>("models/history", cancel).ToArrayAsync(cancel));
    }

    public Task<ModelManifest> Promote(ModelVersion version, string reason, CancellationToken cancel) =>
        door.Post<ModelManifest>($"models/{version.Number}/promote", new { reason }, cancel);

    public Task<ModelManifest> RollBackModel(string reason, CancellationToken cancel) =>
        door.Send<ModelManifest>(HttpMethod.Post, "models/roll-back", new { reason }, once: true, cancel);

    public Task<CampaignRefusals> Refusals(CampaignId campaign, int days, CancellationToken cancel) =>
        door.Get<CampaignRefusals>($"campaigns/{Part(campaign.Value)}/refusals?days={days}", cancel);

    public Task<TrainingRun> Train(TrainingOptions options, CancellationToken cancel) =>
        door.Send<TrainingRun>(HttpMethod.Post, "training-runs", options, once: true, cancel);

    public Task<TrainingRun> TrainingRun(long run, CancellationToken cancel) =>
        door.Get<TrainingRun>($"training-runs/{run}", cancel);

    public Task<TrainingRun> CancelTraining(long run, CancellationToken cancel) =>
        door.Send<TrainingRun>(HttpMethod.Delete, $"training-runs/{run}", null, once: false, cancel);

    public Task<ClusterView> Cluster(CancellationToken cancel) => door.Get<ClusterView>("cluster", cancel);

    private Task<Campaign> Move(CampaignId id, string verb, CancellationToken cancel) =>
        door.Post<Campaign>($"campaigns/{Part(id.Value)}/{verb}", null, cancel);

    private static object Checkout(RedemptionRequest request) =>
        new { request.User, request.Code, request.Order, request.Cart, request.Key };

    private static async Task<IReadOnlyList<Refusal?>> Batch(Task<BatchAnswer> answer) =>
        [.. (await answer).Results.OrderBy(result => result.Index).Select(result => result.Refusal)];
}
