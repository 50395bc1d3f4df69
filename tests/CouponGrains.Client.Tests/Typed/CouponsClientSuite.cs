using CouponGrains.Contracts.Coupons;
using CouponGrains.Contracts.Ranking;
using CouponGrains.Client.Tests.Api;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Client.Tests.Typed;

/// <summary>What every <see cref="ICouponsClient"/> does.</summary>
public abstract class CouponsClientSuite(ApiFixture api)
{
    private static readonly Currency Usd = new("USD");

    protected abstract ICouponsClient Client { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_item_that_is_wrong_is_told_in_its_place_and_keeps_no_other_out()
    {
        var right = new Item { Id = new(api.Name("item")), Title = "Tea", Price = new(4_99, Usd) };
        var answers = await Client.PutItems([right with { Price = new(-1, Usd) }, right], Cancel);
        Assert.Equal(RefusalCodes.NegativePrice, answers[0]?.Code);
        Assert.Null(answers[1]);
    }

    [Fact]
    public async Task An_event_sent_twice_is_recorded_once_and_one_of_other_content_is_refused()
    {
        var e = View(api.Name("user"));
        Assert.Equal(AppendStatus.Accepted, await Client.Record(e, Cancel));
        Assert.Equal(AppendStatus.Duplicate, await Client.Record(e, Cancel));
        var answers = await Client.Record([View(api.Name("user")), e with { Item = new("other") }, e], Cancel);
        Assert.Equal(
            [AppendStatus.Accepted, AppendStatus.Conflict, AppendStatus.Duplicate], answers.Select(a => a.Status));
        Assert.Equal(RefusalCodes.DuplicateOtherContent, answers[1].Refusal?.Code);
    }

    [Fact]
    public async Task A_description_replaces_attributes_and_consent()
    {
        var user = new UserId(api.Name("user"));
        var record = await Client.Describe(
            new() { Id = user, Attributes = new Dictionary<string, string> { ["age"] = "35-44" }, Consent = false },
            Cancel);
        Assert.Equal((user, "35-44", false), (record.Id, record.Attributes["age"], record.Consent));
    }

    [Fact]
    public async Task Offers_are_ranked_with_reasons_and_a_list_shown_is_the_same_for_its_key()
    {
        var campaign = new CampaignId(await api.Campaign());
        var user = new UserId(api.Name("user"));
        var offers = await Client.Offers(user, new(3, campaign), Cancel);
        var offer = Assert.Single(offers.Offers);
        Assert.Equal(campaign, offer.Offer.Campaign);
        Assert.NotEmpty(offer.Reasons);
        var command = new ExposeCommand(api.Name("list"), 3, campaign);
        var shown = await Client.Expose(user, command, Cancel);
        var again = await Client.Expose(user, command, Cancel);
        Assert.Equal(shown.Offers.Select(o => o.Offer.Id), again.Offers.Select(o => o.Offer.Id));
    }

    [Fact]
    public async Task The_cluster_the_refusals_and_an_unknown_run_are_told()
    {
        var silo = Assert.Single((await Client.Cluster(Cancel)).Silos);
        Assert.Equal(["serve", "train"], silo.Roles);
        var campaign = new CampaignId(await api.Campaign());
        Assert.Equal((campaign, 7), await Client.Refusals(campaign, 7, Cancel) is var told ? (told.Campaign, told.Days) : default);
        await Refused(RefusalCodes.UnknownCampaign, () => Client.Refusals(new("nobody-knows-it"), 7, Cancel));
        await Refused(RefusalCodes.UnknownRun, () => Client.TrainingRun(4_711, Cancel));
        await Refused(RefusalCodes.UnknownRun, () => Client.CancelTraining(4_711, Cancel));
        await Refused(RefusalCodes.InvalidValue, () => Client.Train(new() { Rank = 0 }, Cancel));

        static async Task Refused<T>(string code, Func<Task<T>> ask) =>
            Assert.Equal(code, (await Assert.ThrowsAsync<CouponsException>(ask)).Code);
    }

    [Fact]
    public async Task A_coupon_lives_from_issue_to_redemption_and_back()
    {
        var (user, coupon) = await Issued();
        Assert.NotNull((await Client.View(user, coupon.Code, Cancel)).ViewedAt);
        Assert.NotNull((await Client.Claim(user, coupon.Code, Cancel)).ClaimedAt);
        Assert.Equal(5, (await Client.Rate(user, coupon.Code, 5, Cancel)).Rating);
        Assert.Equal(coupon.Code, Assert.Single(await Client.Wallet(user, Cancel).ToArrayAsync(Cancel)).Coupon.Code);

        var checkout = Checkout(user, coupon);
        Assert.Equal(1_00, (await Client.Validate(checkout, Cancel)).Total.Minor);
        var redemption = await Client.Redeem(checkout, Cancel);
        Assert.Equal(redemption.At, (await Client.Redeem(checkout, Cancel)).At);
        Assert.Equal(1_00, redemption.Discount.Total.Minor);
        var other = checkout with { Key = api.Name("key") };
        Assert.Equal("already_redeemed", (await Refused(() => Client.Redeem(other, Cancel))).Code);
        Assert.Equal("already_redeemed", (await Refused(() => Client.Validate(other, Cancel))).Code);
        Assert.NotNull((await Client.RollBack(user, checkout.Key, Cancel)).RolledBackAt);
        Assert.Equal(
            RefusalCodes.UnknownRedemption, (await Refused(() => Client.RollBack(user, "no-key", Cancel))).Code);
    }

    [Fact]
    public async Task A_reservation_holds_the_coupon_until_it_is_confirmed_or_released()
    {
        var (user, coupon) = await Issued();
        var first = new ReservationRequest(Checkout(user, coupon), TimeSpan.FromMinutes(5));
        Assert.Equal(ReservationState.Held, (await Client.Reserve(first, Cancel)).State);
        Assert.Equal("reserved", (await Refused(() => Client.Redeem(Checkout(user, coupon), Cancel))).Code);
        Assert.Equal(ReservationState.Released, (await Client.Release(user, first.Checkout.Key, Cancel)).State);
        var second = first with { Checkout = Checkout(user, coupon) };
        await Client.Reserve(second, Cancel);
        Assert.Equal(second.Checkout.Key, (await Client.Confirm(user, second.Checkout.Key, Cancel)).Key);
        Assert.Equal("unknown_reservation", (await Refused(() => Client.Confirm(user, "no-key", Cancel))).Code);
    }

    [Fact]
    public async Task Of_several_coupons_the_better_one_is_chosen_and_pieces_that_come_back_are_booked()
    {
        var (user, coupon) = await Issued();
        var checkout = Checkout(user, coupon);
        var choice = await Client.Choose(
            new() { User = user, Codes = [coupon.Code], Order = checkout.Order, Cart = checkout.Cart }, Cancel);
        Assert.Equal(coupon.Code, Assert.Single(choice.Chosen).Code);
        await Client.Redeem(checkout, Cancel);
        var back = await Client.Return(
            new()
            {
                Key = api.Name("return"), User = user, Order = checkout.Order, Cart = checkout.Cart, Now = [1],
            }, Cancel);
        Assert.Equal(checkout.Order, back.Order);
        Assert.True(back.Value.Money.Minor > 0);
    }

    [Fact]
    public async Task A_coupon_taken_back_cannot_be_redeemed()
    {
        var (user, coupon) = await Issued();
        await Client.Void(user, coupon.Code, Cancel);
        Assert.Equal("voided", (await Refused(() => Client.Redeem(Checkout(user, coupon), Cancel))).Code);
    }

    [Fact]
    public async Task A_campaign_is_made_filled_and_moved()
    {
        var id = new CampaignId(api.Name("campaign"));
        var campaign = new Campaign
        {
            Id = id,
            Name = "Autumn",
            Start = api.Now.AddDays(-1),
            End = api.Now.AddDays(30),
            Budget = new(100_00, Usd),
            Guardrails = new()
            {
                Cap = new(50_00, Usd),
                MinimumSpendMin = new(0, Usd),
                MinimumSpendMax = new(20_00, Usd),
                AmountStep = new(50, Usd),
                WholeCart = true,
            },
        };
        Assert.Equal(CampaignStatus.Draft, (await Client.Create(campaign, Cancel)).Status);
        var offer = new Offer
        {
            Id = new(api.Name("offer")), Campaign = id, Title = "A tenth", Kind = OfferKind.PercentOff,
            PercentBasisPoints = 1_000,
        };
        var answers = await Client.AddOffers(id, [offer, offer with { PercentBasisPoints = -1 }], Cancel);
        Assert.Null(answers[0]);
        Assert.NotNull(answers[1]);
        Assert.Equal(CampaignStatus.Active, (await Client.SetStatus(id, CampaignStatus.Active, Cancel)).Status);
        var view = await Client.Campaign(id, Cancel);
        Assert.Equal((1, 100_00), (view.Offers.Count, view.Use.Left.Minor));
        Assert.Contains(id, await Client.Campaigns(Cancel).Select(c => c.Id).ToArrayAsync(Cancel));
        Assert.Equal(
            RefusalCodes.UnknownCampaign, (await Refused(() => Client.Campaign(new("nowhere"), Cancel))).Code);
    }

    [Fact]
    public async Task Models_are_listed_and_one_that_is_not_there_is_not_promoted()
    {
        Assert.NotNull((await Client.Models(Cancel)).Models);
        Assert.Equal(
            RefusalCodes.UnknownModel, (await Refused(() => Client.Promote(new(999), "a test", Cancel))).Code);
    }

    [Fact]
    public async Task Ids_of_any_letters_reach_their_users()
    {
        var user = new UserId(api.Name("用户/ä ?&#"));
        var record = await Client.Describe(new() { Id = user, Attributes = new Dictionary<string, string>() }, Cancel);
        Assert.Equal(user, record.Id);
    }

    [Fact]
    public async Task Who_listens_hears_of_coupons_as_they_are_issued()
    {
        var user = new UserId(api.Name("user"));
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var heard = First(Client.Listen(user, enough.Token));
        var issued = new List<string>();
        while (!heard.IsCompleted && issued.Count < 10)
        {
            // Nothing tells when the listening has begun, so one coupon after the other until one is heard.
            var campaign = new CampaignId(await api.Campaign());
            issued.Add((await Client.Issue(user, new(api.Name("issue"), campaign), Cancel)).Code);
            await Task.WhenAny(heard, Task.Delay(TimeSpan.FromSeconds(1), Cancel));
        }

        Assert.Contains((await heard).Coupon.Code, issued);
        var nothing = First(Client.Listen(user, enough.Token));
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => nothing);

        static async Task<CouponPush> First(IAsyncEnumerable<CouponPush> pushes)
        {
            await foreach (var push in pushes)
            {
                return push;
            }

            throw new InvalidOperationException("The stream ended.");
        }
    }

    private UserEvent View(string user) => new()
    {
        Id = new(api.Name("event")), User = new(user), Kind = EventKind.View, Item = new("tea"), At = api.Now,
    };

    private async Task<(UserId User, Coupon Coupon)> Issued()
    {
        var campaign = new CampaignId(await api.Campaign());
        var user = new UserId(api.Name("user"));
        var command = new IssueCommand(api.Name("issue"), campaign);
        var coupon = await Client.Issue(user, command, Cancel);
        Assert.Equal(coupon.Code, (await Client.Issue(user, command, Cancel)).Code);
        return (user, coupon);
    }

    private RedemptionRequest Checkout(UserId user, Coupon coupon) => new()
    {
        Key = api.Name("key"),
        User = user,
        Code = coupon.Code,
        Order = api.Name("order"),
        Cart = new()
        {
            Currency = Usd,
            Lines = [new(new("tea"), 1, new(10_00, Usd))],
        },
    };

    private static Task<CouponsException> Refused<T>(Func<Task<T>> ask) => Assert.ThrowsAsync<CouponsException>(ask);
}
