using CouponGrains.Domain.Audit;
using CouponGrains.Domain.Transfers;

namespace CouponGrains.Storage.Tests.Transfers;

/// <summary>Files until they are worked off.</summary>
public abstract class ImportStoreSuite<TStore> : StoreSuite<TStore>
    where TStore : StoreUnderTest, new()
{
    [Fact]
    public async Task A_file_is_stored_in_parts_and_each_goes_with_what_became_of_it()
    {
        Assert.True(await Begin("a"));
        Assert.False(await Begin("a"));
        Assert.True(await Store.Imports.Add("a", 0, new byte[] { 1, 2 }, default));
        Assert.True(await Store.Imports.Add("a", 1, new byte[] { 9 }, default));
        Assert.True(await Store.Imports.Add("a", 1, new byte[] { 3 }, default));
        var fault = new ImportCounts(0, 0, 1, [new(2, "/kind", "unknown_event_kind", "There is \0 no such \uD83C\uDF75 kind.")]);
        var running = ImportRules.Received((await Get("a"))!, 2, 4, fault, Store.Now);
        Assert.True(await Store.Imports.Save(running, default));
        Assert.False(await Store.Imports.Add("a", 2, new byte[] { 4 }, default));
        await Store.Crash();
        Same(running, await Get("a"));
        Assert.Equal([1, 2], await Store.Imports.Part("a", 0, default));
        Assert.Equal(["a"], await Store.Imports.Open(default));

        var after = ImportRules.After(running, [1, 3], [new(null), new(null, true)], Store.Now);
        Assert.True(await Store.Imports.Save(after, default));
        Assert.False(await Store.Imports.Save(after, default));
        Assert.Null(await Store.Imports.Part("a", 0, default));
        Assert.Equal([3], await Store.Imports.Part("a", 1, default));
        var done = ImportRules.After(after, [4], [new(new("invalid_value", "No."))], Store.Now);
        Assert.True(await Store.Imports.Save(done, default));
        Assert.Null(await Store.Imports.Part("a", 1, default));
        Assert.Empty(await Store.Imports.Open(default));
        Same(done, await Get("a"));
        Assert.Equal((ImportState.Done, 1, 1, 2), (done.State, done.Counts.Accepted, done.Counts.Duplicate, done.Counts.Refused));
    }

    [Fact]
    public async Task Of_two_who_save_the_same_revision_one_does()
    {
        await Begin("a");
        var import = (await Get("a"))!;
        Assert.True(await Store.Imports.Add("a", 0, new byte[] { 1 }, default));
        var saved = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() =>
            Store.Imports.Save(ImportRules.Cancelled(import, Store.Now), default))));
        Assert.Single(saved, yes => yes);
        Assert.Null(await Store.Imports.Part("a", 0, default));
        Assert.Equal((2, ImportState.Cancelled), ((await Get("a"))!.Revision, (await Get("a"))!.State));
    }

    [Fact]
    public async Task The_newest_come_first_and_what_ended_long_ago_is_forgotten()
    {
        foreach (var id in (string[])["a", "b", "c"])
        {
            await Begin(id);
        }

        await Store.Imports.Save(ImportRules.Cancelled((await Get("b"))!, Store.Now), default);
        Assert.Equal(["c", "b"], (await Store.Imports.List(null, 2, default)).Select(i => i.Id));
        Assert.Equal(["a"], (await Store.Imports.List("b", 9, default)).Select(i => i.Id));
        Assert.Empty(await Store.Imports.List("none", 9, default));
        await Store.Imports.Forget(Store.Now, default);
        Assert.Equal(3, (await Store.Imports.List(null, 9, default)).Count);
        await Store.Imports.Forget(Store.Now.AddSeconds(1), default);
        Assert.Equal(["c", "a"], (await Store.Imports.List(null, 9, default)).Select(i => i.Id));
        Assert.Null(await Get("b"));
    }

    [Fact]
    public async Task Who_sent_a_file_is_recorded_with_it()
    {
        var entry = new AuditEntry
        {
            At = Store.Now, Actor = Actor.Local, Action = AuditActions.ImportBegin, Target = AuditTargets.Import("a"),
        };
        await Begin("a", entry);
        await Begin("a", entry);
        Assert.Equal("import.begin", Assert.Single(await Store.Audit.Read(0, 9, default)).Action);
    }

    private Task<bool> Begin(string id, AuditEntry? audit = null) => Store.Imports.Begin(
        new() { Id = id, Kind = ImportKind.Events, By = "local:local", At = Store.Now }, default, audit);

    private Task<FileImport?> Get(string id) => Store.Imports.Get(id, default);

    private static void Same(FileImport expected, FileImport? found)
    {
        Assert.Equal(expected.Errors, found!.Errors);
        Assert.Equal(
            expected with { Counts = ImportCounts.None }, found with { Counts = ImportCounts.None });
        Assert.Equal(expected.Counts.Lines, found.Counts.Lines);
    }
}
