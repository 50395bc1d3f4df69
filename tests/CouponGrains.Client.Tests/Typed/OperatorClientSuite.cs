using System.Net.Http.Headers;
using System.Text;
using CouponGrains.Client.Tests.Api;
using CouponGrains.Contracts.Coupons;
using CouponGrains.Domain;
using CouponGrains.Domain.Access;
using CouponGrains.Domain.Audit;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Domain.Transfers;

namespace CouponGrains.Client.Tests.Typed;

/// <summary>What every <see cref="ICouponsClient"/> does for operators.</summary>
public abstract class OperatorClientSuite(ApiFixture api)
{
    protected ApiFixture Api => api;

    private static readonly Currency Usd = new("USD");

    protected abstract ICouponsClient Client { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_campaign_is_changed_as_it_was_read_and_not_over_somebody_elses_change()
    {
        var read = (await Client.Campaign(new(await api.Campaign()), Cancel)).Campaign;
        var wanted = read with
        {
            Name = "Two", RedemptionsMax = 7, Budget = new(200_00, Usd),
            Audience = new() { Attributes = new Dictionary<string, IReadOnlyList<string>> { ["age"] = ["35-44"] } },
        };
        var changed = await Client.Change(wanted, Cancel);
        Assert.Equal(
            (read.Revision + 1, "Two", 7, 200_00L),
            (changed.Revision, changed.Name, changed.RedemptionsMax, changed.Budget.Minor));
        Assert.Equal(["35-44"], changed.Audience.Attributes["age"]);
        await Refused(RefusalCodes.RevisionChanged, () => Client.Change(read with { Name = "Three" }, Cancel));
        await Refused(
            RefusalCodes.InvalidValue, () => Client.Change(changed with { Status = CampaignStatus.Paused }, Cancel));

        await Client.Change(changed with { RedemptionsMax = null, Audience = new() }, Cancel);
        var now = (await Client.Campaign(read.Id, Cancel)).Campaign;
        Assert.Equal((read.Revision + 2, "Two", (int?)null), (now.Revision, now.Name, now.RedemptionsMax));
        Assert.Empty(now.Audience.Attributes);
        Assert.Equal(CampaignStatus.Active, now.Status);
    }

    [Fact]
    public async Task An_offer_is_withdrawn_and_one_that_nobody_holds_for_review_is_not_decided()
    {
        var id = new CampaignId(await api.Campaign());
        var offer = Assert.Single((await Client.Campaign(id, Cancel)).Offers);
        await Refused(RefusalCodes.UnknownOffer, () => Client.DecideReview(id, new("no-offer"), true, "", Cancel));
        Assert.Equal(offer.Id, (await Client.WithdrawOffer(id, offer.Id, Cancel)).Id);
        Assert.Empty((await Client.Campaign(id, Cancel)).Offers);
        Assert.Empty(await Client.Reviews(id, Cancel).ToArrayAsync(Cancel));
        await Refused(RefusalCodes.NoModel, () => Client.Design(id, 3, 1, Cancel));
        await Refused(RefusalCodes.InvalidValue, () => Client.Design(id, 0, 1, Cancel));
    }

    [Fact]
    public async Task What_one_person_may_not_decide_waits_for_another()
    {
        var id = new CampaignId(api.Name("campaign"));
        Money Xts(long minor) => new(minor, new("XTS"));
        await Client.Create(
            new Campaign
            {
                Id = id, Name = id.Value, Start = api.Now.AddDays(-1), End = api.Now.AddDays(30), Budget = Xts(2_000),
                Guardrails = new()
                {
                    Cap = Xts(500), MinimumSpendMin = Xts(0), MinimumSpendMax = Xts(2_000), AmountStep = Xts(50),
                },
            }, Cancel);
        await Refused(RefusalCodes.ApprovalRequired, () => Client.SetStatus(id, CampaignStatus.Active, Cancel));
        var asked = Assert.Single(await Client.Approvals(id, Cancel).ToArrayAsync(Cancel));
        Assert.Equal(
            (1, ApprovalStatus.Waiting, CampaignStatus.Active), (asked.Number, asked.Status, asked.Wanted.Status));
        Assert.Contains(id, await Client.WaitingApprovals(Cancel).Select(one => one.Wanted.Id).ToArrayAsync(Cancel));
        await Refused(RefusalCodes.ApprovalBySame, () => Client.DecideApproval(id, 1, true, "", Cancel));
        await Refused(RefusalCodes.UnknownApproval, () => Client.DecideApproval(id, 2, false, "", Cancel));
    }

    [Fact]
    public async Task A_template_makes_a_campaign_that_is_tried_out_pushed_and_reported()
    {
        var user = new UserId(api.Name("user"));
        await Client.Describe(new() { Id = user, Attributes = new Dictionary<string, string>() }, Cancel);
        var id = new CampaignId(api.Name("campaign"));
        var made = await Client.Create(
            new TemplateOrder { Template = CampaignTemplates.All[0].Name, Id = id, Budget = new(500_00, Usd) }, Cancel);
        Assert.Equal((CampaignStatus.Draft, 500_00L), (made.Status, made.Budget.Minor));
        Assert.True((await Client.Simulate(id, 100, null, Cancel)).Users > 0);
        Assert.Equal(500_00, (await Client.Course(id, Cancel)).Use.Left.Minor);

        id = new(await api.Campaign());
        var wave = await Client.Push(id, "first", Cancel);
        await Until(async () => (wave = await Client.Wave(id, "first", Cancel)).Done);
        Assert.True(wave.Issued > 0 && wave.Seen >= wave.Issued);
        await Until(async () =>
            (await Client.CouponDays(7, Cancel)).Days.Any(day => day.Campaign == id && day.Issued > 0));
        await Refused(RefusalCodes.InvalidValue, () => Client.CouponDays(0, Cancel));
        Assert.True((await Client.Overview(Cancel)).Campaigns > 0);
        await Refused(RefusalCodes.UnknownCampaign, () => Client.Course(new("nowhere"), Cancel));
    }

    [Fact]
    public async Task Codes_are_made_and_listed_and_one_is_shared()
    {
        var id = new CampaignId(await api.Campaign());
        var offer = (await Client.Campaign(id, Cancel)).Offers[0].Id;
        var batch = await Client.OrderCodes(new(id, "leaflet", offer, 12_000), Cancel);
        await Until(async () => (batch = await Client.CodeBatch(id, "leaflet", Cancel)).Done);
        var codes = await Client.Codes(id, "leaflet", Cancel).ToArrayAsync(Cancel);
        Assert.Equal((12_000, 12_000), (batch.Made, codes.Distinct().Count()));
        await Refused(
            RefusalCodes.DuplicateOtherContent, () => Client.OrderCodes(new(id, "leaflet", offer, 1), Cancel));
        var code = $"W{api.Name("ELCOME").ToUpperInvariant()}{(Client.GetType().Name.Length)}";
        Assert.Equal(offer, (await Client.ShareCode(new(id, code, offer), Cancel)).Offer);
        Assert.Equal(code, Assert.Single(await Client.SharedCodes(id, Cancel).ToArrayAsync(Cancel)).Code);
    }

    [Fact]
    public async Task A_user_is_shown_explained_and_forgotten()
    {
        var user = new UserId(api.Name("user"));
        await Refused(RefusalCodes.UnknownUser, () => Client.Profile(user, Cancel));
        await Client.Describe(
            new() { Id = user, Attributes = new Dictionary<string, string> { ["age"] = "35-44" } }, Cancel);
        foreach (var item in new[] { "tea", "cup" })
        {
            await Client.Record(
                new UserEvent
                {
                    Id = new(api.Name("event")), User = user, Kind = EventKind.View, Item = new(item),
                    At = api.Now,
                }, Cancel);
        }

        Assert.Contains(user, await Client.Users(null, Cancel).Select(one => one.Id).ToArrayAsync(Cancel));
        Assert.DoesNotContain(user, await Client.Users(user, Cancel).Select(one => one.Id).ToArrayAsync(Cancel));
        var campaign = new CampaignId(await api.Campaign());
        var coupon = await Client.Issue(user, new IssueCommand(api.Name("issue"), campaign), Cancel);
        var profile = await Client.Profile(user, Cancel);
        Assert.Equal(
            (user, "35-44", true), (profile.Record.Id, profile.Record.Attributes["age"], profile.Record.Consent));
        Assert.Equal(2, profile.Kinds[EventKind.View].Count);
        Assert.Equal(["tea", "cup"], profile.Recent.Where(e => e.Item is not null).Select(e => e.Item!.Value.Value));
        var decision = Assert.Single(await Client.Decisions(user, 10, Cancel));
        Assert.Equal(coupon.Code, decision.CouponCode);
        Assert.Equal(decision.Id, (await Client.Explain(user, decision.Id, Cancel)).Decision.Id);
        await Refused(RefusalCodes.UnknownDecision, () => Client.Explain(user, new("none"), Cancel));
        Assert.DoesNotContain(await Client.SimilarUsers(user, 3, Cancel), like => like.User == user);
        Assert.Equal(1, (await Client.Forget(user, Cancel)).Coupons);
    }

    [Fact]
    public async Task An_item_is_shown_with_where_its_factors_come_from()
    {
        var id = new ItemId(api.Name("item"));
        await Refused(RefusalCodes.UnknownItem, () => Client.Item(id, Cancel));
        await Client.PutItems([new Item { Id = id, Title = "Tea", Price = new(4_99, Usd) }], Cancel);
        Assert.Contains(id, await Client.Items(null, Cancel).Select(one => one.Id).ToArrayAsync(Cancel));
        Assert.Empty(await Client.Items(new("~"), Cancel).ToArrayAsync(Cancel));
        var view = await Client.Item(id, Cancel);
        Assert.Equal(("Tea", (long?)4_99), (view.Item.Title, view.Item.Price?.Minor));
        Assert.Equal(view.Model == ModelVersion.None, view.Factor.Length == 0);
        Assert.DoesNotContain(await Client.SimilarItems(id, 3, Cancel), like => like.Item == id);
    }

    [Fact]
    public async Task Runs_files_and_drift_are_told()
    {
        Assert.Empty(await Client.TrainingRuns(Cancel).ToArrayAsync(Cancel));
        Assert.NotNull((await Client.Drift(false, Cancel)).Days);
        Assert.NotNull((await Client.Drift(true, Cancel)).References);
        using var file = new StringContent(
            $"id,title,price.minor,price.currency\n{api.Name("item")},Tea,1,USD\nx,,many,USD\n", Encoding.UTF8);
        file.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/imports/items")
        {
            Content = file, Headers = { { "Prefer", "respond-async" } },
        };
        using var sent = await api.Http.SendAsync(request, Cancel);
        var known = Assert.Single(await Client.Operations(1, Cancel));
        var import = known;
        await Until(async () => !(import = await Client.Operation(known.Id, Cancel)).IsOpen);
        Assert.Equal((ImportKind.Items, 1L, 1L), (import.Kind, import.Counts.Accepted, import.Counts.Refused));
        Assert.Equal(3, Assert.Single(import.Errors).Line);
        Assert.Equal(import.State, (await Client.CancelOperation(known.Id, Cancel)).State);
        await Refused(RefusalCodes.UnknownOperation, () => Client.Operation("none", Cancel));
    }

    [Fact]
    public async Task Who_changed_what_is_told_and_the_chain_holds()
    {
        var id = await api.Campaign();
        var events = await Client.AuditEvents(
            new() { Target = $"campaign/{id}", Since = api.Now.AddDays(-1) }, 10, Cancel);
        Assert.Equal(
            [AuditActions.CampaignActivate, AuditActions.OffersAdd, AuditActions.CampaignCreate],
            events.Select(e => e.Action));
        Assert.NotEmpty(events[0].Changes);
        Assert.Equal(events[0].Hash, AuditChain.HashOf(events[0]));
        var check = await Client.VerifyAudit(null, Cancel);
        Assert.True(check.Holds);
        Assert.Null((await Client.VerifyAudit(check.Head, Cancel)).Fault);
        var other = check.Head with { Hash = AuditHead.NoHash };
        Assert.Equal(AuditFaultKind.NotAsNoted, (await Client.VerifyAudit(other, Cancel)).Fault?.Kind);
    }

    [Fact]
    public async Task A_webhook_lives_from_its_first_secret_to_its_end()
    {
        var id = api.Name("erp");
        await Refused(
            RefusalCodes.PrivateAddress, () => Client.CreateWebhook(id, "https://127.0.0.1/", [], Cancel));
        var made = await Client.CreateWebhook(id, "https://erp.example.com/hooks", ["coupon.redeemed"], Cancel);
        Assert.StartsWith("whsec_", made.Secret, StringComparison.Ordinal);
        Assert.NotEqual(made.Secret, (await Client.RotateWebhook(id, Cancel)).Secret);
        Assert.Null((await Client.EnableWebhook(id, Cancel)).Secret);
        Assert.Contains(await Client.Webhooks(Cancel).ToArrayAsync(Cancel), one => one.Id == id && one.Secret is null);
        Assert.Equal(1, (await Client.TestWebhook(id, Cancel)).Messages);
        Assert.Equal(0, (await Client.ReplayWebhook(id, api.Now, Cancel)).Messages);
        Assert.Single(await Client.Deliveries(id, Cancel).ToArrayAsync(Cancel));
        await Client.DeleteWebhook(id, Cancel);
        await Refused(RefusalCodes.UnknownWebhook, () => Client.EnableWebhook(id, Cancel));
    }

    [Fact]
    public async Task A_key_tells_its_secret_when_it_is_made_and_never_again()
    {
        var made = await Client.CreateKey(new("Till", Scopes: [Scopes.CheckoutWrite]), Cancel);
        Assert.Equal(made.Id, KeySecret.IdOf(made.Secret!));
        Assert.Equal([Scopes.CheckoutWrite], made.Scopes);
        var rotated = await Client.RotateKey(made.Id, TimeSpan.FromHours(2), Cancel);
        Assert.NotEqual(made.Secret, rotated.Secret);
        Assert.InRange(rotated.PreviousUntil!.Value, api.Now.AddHours(1), api.Now.AddHours(3));
        Assert.Null((await Client.RevokeKey(made.Id, Cancel)).Secret);
        var listed = Assert.Single(await Client.Keys(Cancel).ToArrayAsync(Cancel), key => key.Id == made.Id);
        Assert.NotNull(listed.RevokedAt);
        await Refused(RefusalCodes.UnknownKey, () => Client.RotateKey("nobody", TimeSpan.Zero, Cancel));
        await Refused(RefusalCodes.InvalidValue, () => Client.CreateKey(new("Till", Scopes: ["everything"]), Cancel));
    }

    [Fact]
    public async Task What_a_redemption_would_answer_is_told_for_another_time()
    {
        var campaign = new CampaignId(await api.Campaign());
        var user = new UserId(api.Name("user"));
        var coupon = await Client.Issue(user, new IssueCommand(api.Name("issue"), campaign), Cancel);
        var request = new RedemptionRequest
        {
            Key = api.Name("key"), User = user, Code = coupon.Code, Order = api.Name("order"),
            Cart = new() { Currency = Usd, Lines = [new(new("tea"), 1, new(10_00, Usd))] },
        };
        Assert.Equal(1_00, (await Client.ValidateAt(request, coupon.ExpiresAt.AddMinutes(-1), Cancel)).Total.Minor);
        await Refused("expired", () => Client.ValidateAt(request, coupon.ExpiresAt.AddMinutes(1), Cancel));
        await Refused(
            RefusalCodes.DateOutOfRange, () => Client.ValidateAt(request, DateTimeOffset.UnixEpoch, Cancel));
    }

    private static async Task Until(Func<Task<bool>> done)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (!await done())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
        }
    }

    private static async Task Refused<T>(string code, Func<Task<T>> ask) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<CouponsException>(ask)).Code);
}
