namespace CouponGrains.Storage.Tests.Profiles;

/// <summary>A store's users are named in one way for good.</summary>
public abstract class PseudonymStoreSuite<TStore> : StoreSuite<TStore>
    where TStore : StoreUnderTest, new()
{
    [Fact]
    public async Task Without_users_the_last_word_counts()
    {
        foreach (var wanted in (string?[])[null, "one", "two", null, "one"])
        {
            await Store.Pseudonyms.Agree(wanted, default);
        }

        await Put();
        await Store.Reopen();
        await Store.Pseudonyms.Agree("one", default);
        await Refused("two");
        await Refused(null);
    }

    [Fact]
    public async Task A_store_of_an_older_version_has_the_shops_own_ids()
    {
        await Put();
        await Refused("one");
        await Store.Pseudonyms.Agree(null, default);
        await Store.Reopen();
        await Refused("one");
    }

    [Fact]
    public async Task A_user_who_is_known_by_an_event_alone_counts_too()
    {
        await Store.Pseudonyms.Agree("one", default);
        await Store.Events.Append([Samples.View("e1", "p", "i1", Store.Now)], default);
        await Refused("two");
    }

    private Task Put() => Store.Users.Put([new() { Id = new("ann") }], default);

    private async Task Refused(string? wanted)
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(() => Store.Pseudonyms.Agree(wanted, default));
        Assert.Equal(RefusalCodes.PseudonymsDiffer, refused.Refusal.Code);
    }
}
