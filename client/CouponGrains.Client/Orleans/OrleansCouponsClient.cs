using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using CouponGrains.Contracts;
using CouponGrains.Contracts.Campaigns;
using CouponGrains.Contracts.Catalog;
using CouponGrains.Contracts.Coupons;
using CouponGrains.Contracts.Events;
using CouponGrains.Contracts.Health;
using CouponGrains.Contracts.Models;
using CouponGrains.Contracts.Profiles;
using CouponGrains.Contracts.Ranking;
using CouponGrains.Contracts.Redemptions;
using CouponGrains.Contracts.Reports;
using CouponGrains.Contracts.Shop;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Redemptions;
using Orleans.Streams;

namespace CouponGrains.Client.Orleans;

/// <summary>The client as a member of the cluster's network.</summary>
internal sealed partial class OrleansCouponsClient(IClusterClient cluster) : ICouponsClient, IDisposable
{
    private readonly KnownOffers<OffersAnswer> _known = new(
        json => JsonSerializer.Deserialize<OffersAnswer>(json, WireJson.Options)!);

    public async Task<IReadOnlyList<Refusal?>> PutItems(IReadOnlyList<Item> items, CancellationToken cancel)
    {
        var refusals = new Refusal?[items.Count];
        await Task.WhenAll(items.Index().GroupBy(entry => CatalogShards.Of(entry.Item.Id)).Select(async shard =>
        {
            (int Index, Item Item)[] entries = [.. shard];
            var answers = await Ask(cluster.GetGrain<ICatalogGrain>(shard.Key)
                .Put([.. entries.Select(entry => entry.Item)], cancel));
            foreach (var (entry, answer) in entries.Zip(answers))
            {
                refusals[entry.Index] = answer;
            }
        }));
        return refusals;
    }

    public async Task<AppendStatus> Record(UserEvent e, CancellationToken cancel)
    {
        var answer = (await Ask(User(e.User).Record([e], cancel)))[0];
        return answer.Refusal is { } refusal ? throw new CouponsException(refusal) : answer.Status!.Value;
    }

    public async Task<IReadOnlyList<RecordAnswer>> Record(IReadOnlyList<UserEvent> events, CancellationToken cancel)
    {
        var answers = new RecordAnswer[events.Count];
        await Task.WhenAll(events.Index().GroupBy(entry => entry.Item.User).Select(async user =>
        {
            (int Index, UserEvent Event)[] entries = [.. user];
            try
            {
                var recorded = await Ask(User(user.Key).Record([.. entries.Select(entry => entry.Event)], cancel));
                foreach (var (entry, answer) in entries.Zip(recorded))
                {
                    answers[entry.Index] = answer;
                }
            }
            catch (CouponsException e) when (e.IsUnknown)
            {
                foreach (var (index, unknown) in entries)
                {
                    answers[index] = new(unknown.Id, null, e.Refusal);
                }
            }
        }));
        return answers;
    }

    public Task<UserRecord> Describe(UserRecord user, CancellationToken cancel) =>
        Take(User(user.Id).Describe(user, cancel));

    public async Task<OffersAnswer> Offers(UserId user, OffersQuery query, CancellationToken cancel) =>
        (await Ask(_known.Ask(User(user), query, cancel))).Offers;

    public Task<OffersAnswer> Expose(UserId user, ExposeCommand command, CancellationToken cancel) =>
        Take(User(user).Expose(command, cancel));

    public Task<Coupon> Issue(UserId user, IssueCommand command, CancellationToken cancel) =>
        Take(User(user).Issue(command, cancel));

    public IAsyncEnumerable<WalletEntry> Wallet(UserId user, CancellationToken cancel) =>
        Each(() => User(user).Wallet(cancel));

    public Task<Coupon> View(UserId user, string code, CancellationToken cancel) =>
        Take(User(user).View(Code(code), cancel));

    public Task<Coupon> Claim(UserId user, string code, CancellationToken cancel) =>
        Take(User(user).Claim(Known(Domain.Coupons.SharedCodes.NormaliseAny(code)), cancel));

    public Task<Coupon> Rate(UserId user, string code, int rating, CancellationToken cancel) => rating is >= 1 and <= 5
        ? Take(User(user).Rate(Code(code), rating, cancel))
        : throw new CouponsException(new(RefusalCodes.InvalidValue, "A rating is 1 to 5.", "/rating"));

    public Task<Coupon> Void(UserId user, string code, CancellationToken cancel) =>
        Take(User(user).Void(Code(code), cancel));

    public async IAsyncEnumerable<CouponPush> Listen(UserId user, [EnumeratorCancellation] CancellationToken cancel)
    {
        var pushes = Channel.CreateUnbounded<CouponPush>();
        var stream = cluster.GetStreamProvider(PushStream.Provider)
            .GetStream<CouponPush>(StreamId.Create(PushStream.Namespace, user.Value));
        var subscription = await Ask(stream.SubscribeAsync((push, _) =>
        {
            pushes.Writer.TryWrite(push);
            return Task.CompletedTask;
        }));
        try
        {
            await foreach (var push in pushes.Reader.ReadAllAsync(cancel))
            {
                yield return push;
            }
        }
        finally
        {
            await subscription.UnsubscribeAsync();
        }
    }

    public Task<Discount> Validate(RedemptionRequest request, CancellationToken cancel) =>
        Tried(User(request.User).Validate(Checked(request), cancel));

    public Task<Discount> ValidateAt(RedemptionRequest request, DateTimeOffset now, CancellationToken cancel) =>
        now.Year is >= 2000 and < 2200
            ? Tried(User(request.User).ValidateAt(Checked(request), now, cancel))
            : throw new CouponsException(new(
                RefusalCodes.DateOutOfRange, "A time to try at lies in the years 2000 to 2199.", "/now"));

    private static async Task<Discount> Tried(Task<RedemptionAnswer> call)
    {
        var answer = await Ask(call);
        return answer is { Status: RedemptionStatus.Redeemed, Discount: { } discount }
            ? discount
            : throw new CouponsException(Reasons.Of(answer.Status));
    }

    public Task<CartChoice> Choose(ChoiceRequest request, CancellationToken cancel) =>
        Ask(User(request.User).Choose(request, cancel));

    public async Task<Redemption> Redeem(RedemptionRequest request, CancellationToken cancel) =>
        Redeemed(await Ask(User(request.User).Redeem(Checked(request), cancel)));

    public async Task<Reservation> Reserve(ReservationRequest request, CancellationToken cancel)
    {
        _ = Checked(request.Checkout);
        return ReservationRules.Check(request) is { } wrong
            ? throw new CouponsException(wrong)
            : Held(await Ask(User(request.Checkout.User).Reserve(request, cancel)));
    }

    public async Task<Redemption> Confirm(UserId user, string key, CancellationToken cancel) =>
        Redeemed(await Ask(User(user).Confirm(key, cancel)));

    public async Task<Reservation> Release(UserId user, string key, CancellationToken cancel) =>
        Held(await Ask(User(user).Release(key, cancel)));

    public async Task<Redemption> RollBack(UserId user, string key, CancellationToken cancel)
    {
        var answer = await Ask(User(user).RollBack(key, cancel));
        return answer.Status is RedemptionStatus.Redeemed or RedemptionStatus.OrderReturned
            ? Redeemed(answer)
            : throw new CouponsException(new(
                RefusalCodes.UnknownRedemption, "This user has no redemption of this key.", "?key"));
    }

    public Task<OrderReturn> Return(ReturnRequest request, CancellationToken cancel) =>
        Take(User(request.User).Return(request, cancel));

    public IAsyncEnumerable<Campaign> Campaigns(CancellationToken cancel) =>
        Each(() => cluster.GetGrain<IShopGrain>(0).Campaigns(cancel));

    public Task<CampaignView> Campaign(CampaignId id, CancellationToken cancel) => Take(Grain(id).Show(cancel));

    public Task<Campaign> Create(Campaign campaign, CancellationToken cancel) =>
        Take(Grain(campaign.Id).Put(campaign, cancel));

    public Task<Campaign> SetStatus(CampaignId id, CampaignStatus status, CancellationToken cancel) =>
        Take(Grain(id).SetStatus(status, cancel));

    public Task<IReadOnlyList<Refusal?>> AddOffers(
        CampaignId id, IReadOnlyList<Offer> offers, CancellationToken cancel) =>
        Ask(Grain(id).AddOffers([.. offers.Select(offer => offer with { Campaign = id })], cancel));

    public Task<ModelList> Models(CancellationToken cancel) =>
        Ask(cluster.GetGrain<IModelRegistryGrain>(0).List(cancel));

    public Task<ModelManifest> Promote(ModelVersion version, string reason, CancellationToken cancel) =>
        Take(cluster.GetGrain<IModelRegistryGrain>(0).Promote(version, reason, cancel));

    public Task<ModelManifest> RollBackModel(string reason, CancellationToken cancel) =>
        Take(cluster.GetGrain<IModelRegistryGrain>(0).RollBack(reason, cancel));

    public Task<CampaignRefusals> Refusals(CampaignId campaign, int days, CancellationToken cancel) =>
        Take(cluster.GetGrain<IRefusalsGrain>(campaign.Value).Show(days, cancel));

    public Task<TrainingRun> Train(TrainingOptions options, CancellationToken cancel) =>
        Take(Trainer.Start(options, cancel));

    public Task<TrainingRun> TrainingRun(long run, CancellationToken cancel) => Take(Trainer.Run(run, cancel));

    public Task<TrainingRun> CancelTraining(long run, CancellationToken cancel) => Take(Trainer.Cancel(run, cancel));

    public Task<ClusterView> Cluster(CancellationToken cancel) =>
        Ask(cluster.GetGrain<IClusterGrain>(0).Show(cancel));

    private ITrainerGrain Trainer => cluster.GetGrain<ITrainerGrain>(0);

    public void Dispose() => _known.Dispose();

    private IUserGrain User(UserId user) => cluster.GetGrain<IUserGrain>(user.Value);

    private ICampaignGrain Grain(CampaignId id) => cluster.GetGrain<ICampaignGrain>(id.Value);

    private static string Code(string text) => Known(CouponCode.Normalise(text));

    private static string Known(string? code) => code
        ?? throw new CouponsException(new(RefusalCodes.UnknownCoupon, "This is not a coupon's code.", "?code"));

    private static RedemptionRequest Checked(RedemptionRequest request) => CartEngine.Check(request.Cart) is { } refusal
        ? throw new CouponsException(refusal with { Pointer = "/cart" + refusal.Pointer })
        : request;

    private static Redemption Redeemed(RedemptionAnswer answer) =>
        answer is { Status: RedemptionStatus.Redeemed, Redemption: { } redemption }
            ? redemption
            : throw new CouponsException(Reasons.Of(answer.Status));

    private static Reservation Held(ReservationAnswer answer) =>
        answer.Reservation ?? throw new CouponsException(Reasons.Of(answer.Status));

    private static async IAsyncEnumerable<T> Each<T>(Func<Task<IReadOnlyList<T>>> call)
    {
        foreach (var entry in await Ask(call()))
        {
            yield return entry;
        }
    }

    private static async Task<T> Take<T>(Task<Answer<T>> call)
        where T : class
    {
        var answer = await Ask(call);
        return answer.Succeeded ? answer.Value : throw new CouponsException(answer.Refusal);
    }

    /// <summary>The answer of a grain; a cluster that does not give one is told as such.</summary>
    private static async Task<T> Ask<T>(Task<T> call)
    {
        try
        {
            return await call;
        }
        catch (RefusedException e)
        {
            throw new CouponsException(e.Refusal, null, e);
        }
        catch (Exception e) when (Outage.Is(e))
        {
            throw new CouponsException(
                new(RefusalCodes.Unavailable, "The cluster did not answer in time; what was asked may or may not be done."),
                null, e);
        }
    }
}
