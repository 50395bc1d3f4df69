using System.Text.Json;
using CouponGrains.Domain.Access;

namespace CouponGrains.Storage.Tests.Access;

/// <summary>Keys are kept as they are.</summary>
public abstract class KeyStoreSuite<TStore> : StoreSuite<TStore>
    where TStore : StoreUnderTest, new()
{
    private IKeyStore Keys => Store.Keys;

    [Fact]
    public async Task A_key_comes_back_whole_also_after_a_crash()
    {
        var key = Key("b") with
        {
            Name = "Kasse 1 \\ ☂", Kind = KeyKind.Client, User = new("ann/1"), Origins = ["https://shop.example"],
            PreviousHash = "old", PreviousUntil = Store.Now.AddDays(1), RotatedAt = Store.Now,
            ExpiresAt = Store.Now.AddHours(1), RevokedAt = Store.Now.AddTicks(1),
        };
        await Keys.Put(key, default);
        await Keys.Put(Key("a"), default);
        await Store.Crash();
        Assert.Equal(Print(key), Print((await Keys.Get("b", default))!));
        Assert.Equal(Print(Key("a")), Print((await Keys.Get("a", default))!));
        Assert.Null(await Keys.Get("A", default));
    }

    [Fact]
    public async Task A_key_that_is_put_again_is_replaced()
    {
        await Keys.Put(Key("a"), default);
        await Keys.Put(Key("a") with { Hash = "new", Scopes = [Scopes.OffersRead] }, default);
        var key = (await Keys.Get("a", default))!;
        Assert.Equal(("new", Scopes.OffersRead), (key.Hash, Assert.Single(key.Scopes)));
        Assert.Single(await Keys.List(null, null, 10, default));
    }

    [Fact]
    public async Task Keys_are_listed_page_by_page_in_the_order_of_their_ids()
    {
        foreach (var id in (string[])["c", "a", "b"])
        {
            await Keys.Put(Key(id), default);
        }

        Assert.Equal(["a", "b"], (await Keys.List(null, null, 2, default)).Select(key => key.Id));
        Assert.Equal(["c"], (await Keys.List(null, "b", 2, default)).Select(key => key.Id));
    }

    [Fact]
    public async Task Keys_of_users_that_ran_out_are_forgotten_and_no_others()
    {
        var session = Key("s") with { Kind = KeyKind.Client, User = new("ann"), ExpiresAt = Store.Now };
        await Keys.Put(session, default);
        await Keys.Put(session with { Id = "t", ExpiresAt = Store.Now.AddHours(1) }, default);
        await Keys.Put(Key("shop") with { ExpiresAt = Store.Now }, default);
        Assert.Equal(0, await Keys.Forget(Store.Now, default));
        Assert.Equal(1, await Keys.Forget(Store.Now.AddMinutes(1), default));
        Assert.Equal("shop", Assert.Single(await Keys.List(null, null, 10, default)).Id);
        Assert.Equal("t", Assert.Single(await Keys.List(new("ann"), null, 10, default)).Id);
        Assert.Empty(await Keys.List(new("bob"), null, 10, default));
    }

    private AccessKey Key(string id) => new()
    {
        Id = id, Name = "Shop", Kind = KeyKind.Server, Scopes = [Scopes.EventsWrite, Scopes.OffersRead], Hash = "h",
        At = Store.Now,
    };

    private static string Print(AccessKey key) => JsonSerializer.Serialize(key);
}
