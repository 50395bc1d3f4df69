using CouponGrains.Domain.Profiles;

namespace CouponGrains.Storage.Tests.Profiles;

/// <summary>What every user store must do.</summary>
public abstract class UserStoreSuite<TStore> : StoreSuite<TStore>
    where TStore : StoreUnderTest, new()
{
    private IUserStore Users => Store.Users;

    [Fact]
    public async Task A_user_comes_back_with_attributes_and_consent()
    {
        var attributes = new Dictionary<string, string> { ["age"] = "35-44", ["city"] = "Köln" };
        await Users.Put([new() { Id = new("u1"), Attributes = attributes, Consent = false }], default);
        var user = await Users.Get(new("u1"), default);
        Assert.Equal(attributes, user?.Attributes);
        Assert.False(user?.Consent);
    }

    [Fact]
    public async Task A_user_seen_in_an_event_is_known_with_consent_and_no_attributes()
    {
        await Store.Events.Append([Samples.View("e1", "u1", "i1")], default);
        var user = await Users.Get(new("u1"), default);
        Assert.NotNull(user);
        Assert.Empty(user.Attributes);
        Assert.True(user.Consent);
    }

    [Fact]
    public async Task A_user_never_seen_is_null() => Assert.Null(await Users.Get(new("nobody"), default));

    [Fact]
    public async Task Putting_a_user_again_replaces_him()
    {
        await Users.Put([new() { Id = new("u1"), Attributes = new Dictionary<string, string> { ["age"] = "35-44" } }], default);
        await Users.Put([new() { Id = new("u1") }], default);
        Assert.Empty((await Users.Get(new("u1"), default))!.Attributes);
    }

    [Fact]
    public async Task Users_are_streamed_in_order_from_any_place()
    {
        var ids = Enumerable.Range(0, 2_345).Select(i => $"u{i}").ToList();
        await Users.Put([.. ids.Select(id => new UserRecord { Id = new(id) })], default);
        var ordered = ids.Order(StringComparer.Ordinal).ToList();
        Assert.Equal(ordered, await Read(null));
        Assert.Equal(ordered.SkipWhile(id => string.CompareOrdinal(id, "u2000") <= 0), await Read(new("u2000")));
    }

    [Fact]
    public async Task A_user_who_is_forgotten_leaves_no_behaviour_and_no_attributes_and_nobody_else_is_touched()
    {
        var attributes = new Dictionary<string, string> { ["age"] = "35-44" };
        await Users.Put([new() { Id = new("u1"), Attributes = attributes }], default);
        await Store.Events.Append(
            [Samples.View("e1", "u1", "i1"), Samples.View("e2", "u2", "i1"), Samples.View("e3", "u1", "i2")], default);
        Assert.Equal(2, await Users.Forget(new("u1"), default));
        var user = await Users.Get(new("u1"), default);
        Assert.Empty(user!.Attributes);
        Assert.False(user.Consent);
        Assert.Empty(await Store.Events.ReadUser(new("u1"), 0, 10, default));
        Assert.Single(await Store.Events.ReadUser(new("u2"), 0, 10, default));
        Assert.Equal(1, (await Store.Events.Size(default)).Events);
        Assert.Equal(0, await Users.Forget(new("u1"), default));
    }

    private async Task<List<string>> Read(UserId? after)
    {
        var read = new List<string>();
        await foreach (var user in Users.ReadAll(after, default))
        {
            read.Add(user.Id.Value);
        }

        return read;
    }
}
