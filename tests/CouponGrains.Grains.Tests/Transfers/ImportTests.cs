using CouponGrains.Contracts.Shop;
using CouponGrains.Contracts.Transfers;
using CouponGrains.Domain;
using CouponGrains.Domain.Transfers;

namespace CouponGrains.Grains.Tests.Transfers;

public sealed class ImportTests
{
    [Fact]
    public async Task A_file_is_worked_off_part_by_part_and_each_line_is_told_of()
    {
        await using var shop = await TestShop.Start();
        var import = shop.Grains.GetGrain<IImportGrain>("file");
        Assert.Equal(ImportState.Receiving, (await import.Begin(ImportKind.Events)).Value!.State);
        Assert.Equal(ImportState.Receiving, (await import.Begin(ImportKind.Events)).Value!.State);
        await import.Add(0, Events(shop, (1, "a"), (2, "b"), (3, "a")));
        await import.Add(1, Events(shop, TimeSpan.FromDays(9), (5, "c"), (6, "b")));
        var unread = ImportCounts.None.With(4, new(new("malformed_row", "No JSON.")));
        await import.Received(2, 6, unread);

        var done = await Ended(import);
        Assert.Equal((ImportState.Done, 2, 1, 3), (done.State, done.Counts.Accepted, done.Counts.Duplicate, done.Counts.Refused));
        Assert.Equal(["4 malformed_row", "5 date_out_of_range", "6 date_out_of_range"], done.Errors.Select(fault => $"{fault.Line} {fault.Code}"));
        Assert.Equal((6, 6, 2), (done.Total, done.Counts.Lines, done.PartsDone));
        Assert.Equal(2, (await shop.Store.Events.Size(default)).Events);
        Assert.Equal(ImportState.Done, (await import.Cancel()).Value!.State);
        Assert.NotNull((await import.Add(2, Events(shop, (7, "d")))).Refusal);
        var listed = Assert.Single(await shop.Grains.GetGrain<IShopGrain>(0).Imports(null, 10));
        Assert.Equal((done.Counts.Refused, 0), (listed.Counts.Refused, listed.Errors.Count));
    }

    [Fact]
    public async Task A_file_that_is_cancelled_stops_and_what_was_taken_in_stays()
    {
        await using var shop = await TestShop.Start();
        var import = shop.Grains.GetGrain<IImportGrain>("file");
        await import.Begin(ImportKind.Events);
        for (var part = 0; part < 40; part++)
        {
            await import.Add(part, Events(shop, [.. Enumerable.Range(0, 20).Select(i => ((long)i, $"{part}-{i}"))]));
        }

        await import.Received(40, 800, ImportCounts.None);
        await TestShop.Soon(() => import.Show(), i => i.Value!.PartsDone > 0, "a part");
        var cancelled = (await import.Cancel()).Value!;
        Assert.Equal(ImportState.Cancelled, cancelled.State);
        Assert.Equal(cancelled.Revision, (await import.Show()).Value!.Revision);
        Assert.Empty(await shop.Store.Imports.Open(default));
        Assert.Null(await shop.Store.Imports.Part("file", 39, default));
        Assert.InRange((await shop.Store.Events.Size(default)).Events, cancelled.Counts.Accepted, 800);
    }

    [Fact]
    public async Task The_death_of_its_silo_loses_no_line_and_doubles_none()
    {
        await using var shop = await TestShop.Start(silos: 3, trainers: 0);
        var import = shop.Grains.GetGrain<IImportGrain>("file");
        await import.Begin(ImportKind.Events);
        for (var part = 0; part < 60; part++)
        {
            await import.Add(part, Events(shop, [.. Enumerable.Range(0, 25).Select(i => ((long)i, $"{part}-{i}"))]));
        }

        await import.Received(60, 1_500, ImportCounts.None);
        await TestShop.Soon(() => import.Show(), i => i.Value!.PartsDone > 0, "a part");
        var at = await shop.Grains.GetGrain<IManagementGrain>(0).GetActivationAddress(import);
        await shop.Cluster.KillSiloAsync(shop.Cluster.Silos.Single(silo => silo.SiloAddress.Equals(at)));
        var done = await Ended(import);
        Assert.Equal((ImportState.Done, 1_500, 0), (done.State, done.Counts.Lines, done.Counts.Refused));
        Assert.Equal(1_500, (await shop.Store.Events.Size(default)).Events);
    }

    [Fact]
    public async Task A_file_that_never_ends_is_given_up()
    {
        await using var shop = await TestShop.Start();
        var import = shop.Grains.GetGrain<IImportGrain>("file");
        await import.Begin(ImportKind.Items);
        shop.Time.Advance(ImportRules.ReceivingMax + TimeSpan.FromMinutes(1));
        Assert.Equal(ImportState.Cancelled, (await Ended(import)).State);
        Assert.Equal(RefusalCodes.UnknownOperation, (await shop.Grains.GetGrain<IImportGrain>("none").Show()).Refusal?.Code);
    }

    /// <summary>Takes in lines of every kind, as one file and at once.</summary>
    internal static async Task TakeAll(TestShop shop)
    {
        ImportPart[] parts =
        [
            Events(shop, (1, "taken")), new([1], [], [Samples.Items[0]], []),
            new([1], [], [], [new() { Id = new("ann") }]),
        ];
        foreach (var (number, part) in parts.Index())
        {
            Assert.Null(Assert.Single(await shop.Grains.GetGrain<IShopGrain>(0).Take(part)).Refusal);
            var import = shop.Grains.GetGrain<IImportGrain>($"file-{number}");
            await import.Begin((ImportKind)(number + 1));
            await import.Add(0, part);
            await import.Received(1, 1, ImportCounts.None);
            Assert.Equal(ImportState.Done, (await Ended(import)).State);
        }
    }

    private static async Task<FileImport> Ended(IImportGrain import) =>
        (await TestShop.Soon(() => import.Show(), i => i.Value is { IsOpen: false }, "the import's end")).Value!;

    private static ImportPart Events(TestShop shop, params (long Line, string Id)[] events) =>
        Events(shop, TimeSpan.Zero, events);

    /// <summary>Events of today's first moment; the same id is the same event.</summary>
    private static ImportPart Events(TestShop shop, TimeSpan ahead, params (long Line, string Id)[] events)
    {
        var at = new DateTimeOffset(shop.Time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero) + ahead;
        return new(
            [.. events.Select(e => e.Line)],
            [.. events.Select(e => Samples.Event(e.Id, $"user-{e.Id[0]}", "tea", at))], [], []);
    }
}
