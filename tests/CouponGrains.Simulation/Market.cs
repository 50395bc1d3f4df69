using System.Collections.Concurrent;
using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Simulation;

/// <summary>A market whose truth is known: users with tastes and kinds, items in categories, seasons. It lives day by
/// day and tells the shop what the users do; and it answers what the shop can never know, the effect of a
/// coupon.</summary>
/// <remarks><para>What it assumes, all of it: <b>browsing</b> follows taste and season and is the same for all kinds of
/// user, so that views reveal taste and not the kind. <b>Buying</b>: on a day a user buys in category c with
/// probability <c>1 − exp(−λ)</c>, where <c>λ₀ = rate · activity · taste_c · year_c(day) · week(day) · k₀(kind)</c>
/// without a coupon; one piece, of an item drawn by his own taste within the category, and only if its price is within
/// his limit. <b>With a claimed coupon</b> that takes the share q off that item, a persuadable's k₀ grows by
/// <c>1.2 · sensitivity · (1 − exp(−q / 0.1))</c>, an always-buyer's and a lost cause's does not move, and a user who
/// is better left alone has 0.7 λ₀ in the coupon's categories from the day he sees it to the day it is gone. A discount
/// can also bring an item within a user's limit, whatever his kind. <b>Coupons</b> are noticed on visits, once; and
/// claimed then with probability <c>0.9 · taste_c / max taste</c> of the best category covered: taste, not the shop's
/// opinion, drives the response. One coupon is redeemed once, on the first purchase that it covers.</para>
/// <para>What it leaves out: stocking up (a purchase never replaces a later one), word of mouth, learning to wait for
/// coupons, and carts of several items.</para></remarks>
public sealed class Market
{
    private readonly Luck _luck;
    private readonly MarketOptions _options;
    private readonly Demand _demand;
    private readonly Dictionary<ItemId, Item> _items;
    private readonly ConcurrentDictionary<OfferId, OfferTerms> _terms = new();

    /// <summary>Draws a market. Throws if the options make none.</summary>
    public Market(MarketOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Users, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Categories, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Categories, Population.CategoriesMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Items, options.Categories);
        var shares = options.AlwaysBuyers + options.Persuadables + options.LostCauses + options.DoNotDisturb;
        if (Math.Abs(shares - 1) > 1e-9)
        {
            throw new ArgumentException($"The shares of the kinds of user must sum to 1, but sum to {shares}.", nameof(options));
        }

        _options = options;
        _luck = new(options.Seed);
        Categories = Population.Categories(options, _luck);
        Users = [.. Enumerable.Range(0, options.Users).Select(u => Population.User(options, (MarketCategory[])Categories, _luck, u))];
        Catalog = new(Categories.SelectMany(c => c.Items.Select(c.Describe)));
        _demand = new(options, Categories);
        _items = Catalog.Items.ToDictionary(i => i.Id);
    }

    /// <summary>The currency of every price.</summary>
    public static Currency Currency => Population.Currency;

    /// <summary>The categories, by number.</summary>
    public IReadOnlyList<MarketCategory> Categories { get; }

    /// <summary>The users as they really are, by number.</summary>
    public IReadOnlyList<MarketUser> Users { get; }

    /// <summary>The items as the shop knows them.</summary>
    public CatalogIndex Catalog { get; }

    /// <summary>The luck of this market.</summary>
    internal Luck Luck => _luck;

    /// <summary>00:00 UTC of a day, counted from 0.</summary>
    public DateTimeOffset Midnight(int day) => _options.Start.AddDays(day);

    /// <summary>One user lives one day: he may visit and look around, notice his coupons, and buy.</summary>
    public void Live(MarketUser user, int day, IStorefront shop)
    {
        if (Visits(user, day))
        {
            Browse(user, day, shop);
            Notice(user, day, shop);
        }

        foreach (var category in Categories)
        {
            Buy(user, category, day, shop);
        }
    }

    /// <summary>The truth about giving <paramref name="user"/> a coupon of <paramref name="offer"/> on the morning of
    /// <paramref name="day"/>, valid for <paramref name="days"/> days, while he holds no other: exact, by summing over
    /// the days and the states of the coupon.</summary>
    public Response Respond(MarketUser user, Offer offer, int day, int days) => _demand.Respond(user, Terms(offer), day, days);

    private bool Visits(MarketUser user, int day) =>
        _luck.Uniform(Chance.Visits, user.Number, day) < _demand.Visits(user, day);

    private void Browse(MarketUser user, int day, IStorefront shop)
    {
        var demand = new double[Categories.Count];
        var sum = 0.0;
        foreach (var c in Categories)
        {
            demand[c.Number] = sum += user.Taste[c.Number] * Seasons.Year(day, c.SeasonAmplitude, c.SeasonPhase);
        }

        var views = 1 + (int)(4 * _luck.Uniform(Chance.Views, user.Number, day));
        for (var v = 0; v < views; v++)
        {
            var category = Categories[_luck.Draw(demand, Chance.ViewedCategory, user.Number, day, v)];
            var item = category.Items[_luck.Draw(user.ItemTaste[category.Number], Chance.ViewedItem, user.Number, day, v)];
            var at = Midnight(day).AddHours(10).AddMinutes(v);
            if (v == 0 && _luck.Uniform(Chance.Searches, user.Number, day) < 0.2)
            {
                shop.Record(Event($"u{user.Number}-d{day}-s", user, EventKind.Search, at) with { Query = category.Name.ToLowerInvariant() });
            }

            shop.Record(Event($"u{user.Number}-d{day}-v{v}", user, EventKind.View, at) with { Item = item.Id, Dwell = TimeSpan.FromSeconds(20) });
            if (_luck.Uniform(Chance.Carts, user.Number, day, v) < 0.1)
            {
                shop.Record(Event($"u{user.Number}-d{day}-c{v}", user, EventKind.Cart, at.AddSeconds(30)) with { Item = item.Id });
            }
        }
    }

    private void Notice(MarketUser user, int day, IStorefront shop)
    {
        foreach (var coupon in shop.Open(user.Id))
        {
            var terms = Terms(shop.Offer(coupon.Offer));
            var about = terms.Categories.FirstOrDefault(-1);
            if (coupon.ViewedAt is not null || _luck.Uniform(Chance.Notices, user.Number, day, about) >= user.Notice)
            {
                continue;
            }

            var claims = _luck.Uniform(Chance.Claims, user.Number, day, about) < Demand.Claims(user, terms);
            shop.View(coupon, claims, Midnight(day).AddHours(11));
            if (!claims && _luck.Uniform(Chance.Rates, user.Number, day, about) < (user.Kind == UserKind.DoNotDisturb ? 0.3 : 0.1))
            {
                shop.Rate(coupon, Stars(user, day, 1), Midnight(day).AddHours(11).AddMinutes(1));
            }
        }
    }

    private void Buy(MarketUser user, MarketCategory category, int day, IStorefront shop)
    {
        var at = _luck.Uniform(Chance.Buys, user.Number, day, category.Number);
        if (at >= Demand.Probability(_demand.LargestRate(user, category.Number, day)))
        {
            return;
        }

        var place = _luck.Draw(user.ItemTaste[category.Number], Chance.BoughtItem, user.Number, day, category.Number);
        var item = _items[category.Items[place].Id];
        var order = $"u{user.Number}-d{day}-o{category.Number}";
        var seen = shop.Open(user.Id).Where(c => c.ViewedAt is not null)
            .Select(c => (Coupon: c, Terms: Terms(shop.Offer(c.Offer))))
            .Where(c => c.Terms.DiscountMinor[category.Number].Length > 0).ToList();
        var instant = Midnight(day).AddHours(12).AddMinutes(category.Number);
        foreach (var (coupon, terms) in seen.Where(c => c.Coupon.State == CouponState.Claimed)
            .OrderByDescending(c => c.Terms.DiscountMinor[category.Number][place]))
        {
            var off = terms.DiscountMinor[category.Number][place];
            if (off > 0 && item.Price!.Value.Minor - off <= user.LimitMinor
                && at < Demand.Probability(_demand.Rate(user, category.Number, day, (double)off / item.Price.Value.Minor, true))
                && shop.Redeem(coupon, item, order, instant.AddSeconds(30)))
            {
                Paid(user, item, order, instant, shop);
                if (_luck.Uniform(Chance.Rates, user.Number, day, category.Number) < 0.3)
                {
                    shop.Rate(coupon, Stars(user, day, 4), instant.AddMinutes(1));
                }

                return;
            }
        }

        if (item.Price!.Value.Minor <= user.LimitMinor && at < Demand.Probability(_demand.Rate(user, category.Number, day, 0, seen.Count > 0)))
        {
            Paid(user, item, order, instant, shop);
        }
    }

    private static void Paid(MarketUser user, Item item, string order, DateTimeOffset at, IStorefront shop)
    {
        shop.Record(Event(order + "-v", user, EventKind.View, at) with { Item = item.Id, Dwell = TimeSpan.FromSeconds(30) });
        shop.Record(Event(order + "-c", user, EventKind.Cart, at.AddSeconds(10)) with { Item = item.Id });
        shop.Record(Event(order + "-p", user, EventKind.Purchase, at.AddSeconds(30)) with { Item = item.Id, Order = order, Amount = item.Price });
    }

    private int Stars(MarketUser user, int day, int least) =>
        least + (int)(2 * _luck.Uniform(Chance.Stars, user.Number, day, least));

    private static UserEvent Event(string id, MarketUser user, EventKind kind, DateTimeOffset at) =>
        new() { Id = new(id), User = user.Id, Kind = kind, At = at };

    private OfferTerms Terms(Offer offer) => _terms.GetOrAdd(offer.Id, _ => OfferTerms.Of(offer, Categories, Catalog));
}
