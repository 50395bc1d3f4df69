using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Grains.Tests.Campaigns;

public sealed class TemplateTests
{
    public static TheoryData<string> Names() => [.. CampaignTemplates.All.Select(t => t.Name)];

    /// <summary>Wednesday noon after now, so that lunch is served.</summary>
    private static TimeSpan UntilNoon(DateTimeOffset now)
    {
        var day = now.Date.AddDays(1);
        while (day.DayOfWeek != DayOfWeek.Wednesday)
        {
            day = day.AddDays(1);
        }

        return new DateTimeOffset(day, TimeSpan.Zero).AddHours(12) - now;
    }

    [Fact]
    public void A_template_that_starts_at_the_end_of_time_ends_with_it()
    {
        var order = new TemplateOrder
        {
            Template = "retail-season", Id = new("late"), Start = DateTimeOffset.MaxValue.AddDays(-1),
        };
        Assert.Equal(DateTimeOffset.MaxValue, CampaignTemplates.Make(order, new([]), order.Start.Value).Campaign?.End);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Each_template_is_created_activated_issued_and_redeemed_as_it_stands(string name)
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        var thin = new Item { Id = new("thin"), Title = "Thin", Price = new(1_000, Samples.Usd),
            MarginBasisPoints = 200 };
        Assert.Equal([null], await shop.Shard(thin.Id).Put([thin]));
        shop.Time.Advance(UntilNoon(shop.Time.GetUtcNow()));
        var template = CampaignTemplates.Find(name)!;
        var campaign = shop.Campaign(name);
        var created = await campaign.Create(new() { Template = name, Id = new(name) });
        Assert.Null(created.Refusal);
        Assert.Equal(CampaignStatus.Draft, created.Value!.Status);
        Assert.Null((await campaign.SetStatus(CampaignStatus.Active)).Refusal);
        await shop.Refreshed();

        var view = (await campaign.Show()).Value!;
        Assert.NotEmpty(view.Offers);
        foreach (var offer in view.Offers)
        {
            Assert.True(offer.Scope.Excluded.Contains(thin.Id)
                || offer.Kind is OfferKind.FreeShipping or OfferKind.PointsMultiplied);
            var user = shop.User("user-of-" + offer.Id);
            await Fit(shop, "user-of-" + offer.Id, template);
            var issued = await user.Issue(new("k", new(name)));
            Assert.Null(issued.Refusal);
            var coupon = (await user.Issue(new("named", new(name), offer.Id))).Value ?? issued.Value!;
            var answer = await user.Redeem(new()
            {
                Key = "r-" + coupon.Code,
                User = coupon.User,
                Code = coupon.Code,
                Order = "o-" + coupon.Code,
                Cart = new()
                {
                    Currency = Samples.Usd,
                    Lines = [new(new("tea-1"), 60, new(1_000, Samples.Usd)),
                        new(new("bread-1"), 60, new(1_000, Samples.Usd))],
                    Shipping = new(499, Samples.Usd),
                    Points = 5_000,
                },
            });
            Assert.Equal(RedemptionStatus.Redeemed, answer.Status);
            Assert.True(answer.Discount!.Total.Minor > 0 || answer.Discount.PointsEarned > 0);
        }
    }

    [Fact]
    public async Task A_template_makes_nothing_where_it_cannot_make_all()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        var order = new TemplateOrder { Template = "retail-season", Id = new("season") };
        await Refused(RefusalCodes.UnknownTemplate, "/template", order with { Template = "none" });
        await Refused(RefusalCodes.InvalidValue, "/timeZone", order with { TimeZone = "Mars/Base" });
        await Refused(RefusalCodes.InvalidValue, "/end", order with { End = shop.Time.GetUtcNow().AddDays(-1) });
        foreach (var item in Samples.Items)
        {
            await shop.Shard(item.Id).Put([item with { MarginBasisPoints = 100 }]);
        }

        await Refused(RefusalCodes.OfferOutsideGuardrails, "/offers/0/scope", order);
        Assert.Equal(RefusalCodes.UnknownCampaign, (await shop.Campaign("season").Show()).Refusal?.Code);

        async Task Refused(string code, string pointer, TemplateOrder order)
        {
            var refusal = (await shop.Campaign("season").Create(order)).Refusal;
            Assert.Equal((code, pointer), (refusal?.Code, refusal?.Pointer));
        }
    }

    [Fact]
    public async Task A_template_is_not_made_twice_under_one_name()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        var order =
            new TemplateOrder { Template = "retail-season", Id = new("season"), Budget = new(5_000, new("JPY")) };
        Assert.Null((await shop.Campaign("season").Create(order)).Refusal);
        Assert.Equal(RefusalCodes.AlreadyExists, (await shop.Campaign("season").Create(order)).Refusal?.Code);
        var view = (await shop.Campaign("season").Show()).Value!;
        Assert.Equal(new(5_000, new("JPY")), view.Campaign.Budget);
        Assert.Equal(new(1_000, new("JPY")), view.Offers[0].Amount);
    }

    /// <summary>Makes the user one of the audience.</summary>
    private static async Task Fit(TestShop shop, string id, CampaignTemplate template)
    {
        var attributes = template.Audience.Attributes.ToDictionary(a => a.Key, a => a.Value[0]);
        await shop.User(id).Describe(new() { Id = new(id), Attributes = attributes });
        if (template.Audience.OrdersMin > 0)
        {
            var bought = Samples.Event("bought-" + id, id, "tea-1", shop.Time.GetUtcNow().AddHours(-1));
            await shop.User(id).Record([bought with { Order = "first-" + id }]);
        }
    }
}
