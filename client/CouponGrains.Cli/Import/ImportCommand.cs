using System.Diagnostics;
using CouponGrains.Cli.Profiles;
using CouponGrains.Contracts.Campaigns;
using CouponGrains.Contracts.Catalog;
using CouponGrains.Contracts.Profiles;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;
using CouponGrains.Storage.Import;
using CouponGrains.Storage.Import.Maps;

namespace CouponGrains.Cli.Import;

/// <summary><c>coupons import events|items|users|coupons FILE</c>.</summary>
internal static class ImportCommand
{
    private const string Journey = "complete-journey";

    private static readonly Argument<string> File = new("FILE") { Description = "CSV or JSON lines, plain or gzip" };
    internal static readonly Option<string?> Map = new("--map") { Description = "A built-in column map" };

    internal static readonly Option<string?> Columns = new("--columns")
    {
        Description = "field=column,field==fixed value; without it columns are named like the fields",
    };

    private static readonly Option<string?> RejectedPath = new("--rejected")
    {
        Description = "Where refused rows are listed (FILE.rejected.csv); the progress of the import is kept beside it",
    };

    private static readonly Option<int> Parallel = new("--parallel") { Description = "Calls under way at a time", DefaultValueFactory = _ => 64 };

    private static Symbol[] Symbols => [File, Map, Columns, RejectedPath, Parallel];

    public static Command Build() => Verb.Group("import", "Bring in events, items, users and coupons from files",
        Verb.Online("events", $"Events. Maps: {string.Join(", ", BuiltInMaps.Events.Keys)}", Symbols, Events),
        Verb.Online("items", $"Items. Maps: {string.Join(", ", BuiltInMaps.Items.Keys)}", Symbols, Items),
        Verb.Online("users", $"Users. Maps: {string.Join(", ", BuiltInMaps.Users.Keys)}", Symbols, Users),
        Verb.Online("coupons", $"Coupons, as offers of their campaigns. Maps: {Journey} (its campaigns with them)", Symbols, Offers));

    private static Task Events(ParseResult parsed, IClusterClient client, Screen screen, CancellationToken cancel)
    {
        var map = EventsMap(parsed);
        var now = TimeProvider.System.GetUtcNow();
        return Run(parsed, screen, map.Name, (text, path) => map.Read(text, path, now).Select(row => row with
            {
                Value = row.Value is { } e ? e with { User = UserNaming.Of(e.User) } : null,
            }), e => e.User.Value, EventRules.BatchMax,
            async (user, events, stop) =>
            {
                var answers = await client.GetGrain<IUserGrain>(user).Record(events, stop);
                return [.. answers.Select(a => a.Refusal is not null ? new Sent(false, a.Refusal)
                    : a.Status == AppendStatus.Duplicate ? Sent.Known : Sent.Accepted)];
            }, cancel);
    }

    private static Task Items(ParseResult parsed, IClusterClient client, Screen screen, CancellationToken cancel)
    {
        var map = Chosen(parsed, BuiltInMaps.Items, ItemMap.Plain, ItemMap.Known, f => ItemMap.Plain with { Fields = f });
        var journey = parsed.GetValue(Map) == Journey ? Folder(parsed) : null;
        return Run(parsed, screen, map.Name, (text, path) => journey?.Items() ?? map.Read(text, path),
            i => CatalogShards.Of(i.Id).ToString(), 1_000, async (shard, items, stop) =>
            {
                var answers = await client.GetGrain<ICatalogGrain>(long.Parse(shard)).Put(items, stop);
                return [.. answers.Select(Sent.Of)];
            }, cancel);
    }

    private static Task Users(ParseResult parsed, IClusterClient client, Screen screen, CancellationToken cancel)
    {
        var map = Chosen(parsed, BuiltInMaps.Users, UserMap.Plain, UserMap.Known, f => UserMap.Plain with { Fields = f });
        return Run(parsed, screen, map.Name, (text, path) => map.Read(text, path).Select(row => row with
            {
                Value = row.Value is { } u ? u with { Id = UserNaming.Of(u.Id) } : null,
            }), u => u.Id.Value, 1, async (user, records, stop) =>
        {
            var answer = await client.GetGrain<IUserGrain>(user).Describe(records[0], stop);
            return [Sent.Of(answer.Refusal)];
        }, cancel);
    }

    private static async Task Offers(ParseResult parsed, IClusterClient client, Screen screen, CancellationToken cancel)
    {
        CompleteJourney? journey = null;
        if (parsed.GetValue(Map) is { } name)
        {
            journey = name == Journey ? Folder(parsed)
                : throw new RefusedException(RefusalCodes.InvalidValue, $"There is no map '{name}' for coupons; there is {Journey}.");
            foreach (var campaign in journey.Campaigns().Select(o => o.Value).OfType<Campaign>())
            {
                var put = await client.GetGrain<ICampaignGrain>(campaign.Id.Value).Put(campaign, cancel);
                if (put.Refusal is { Code: not (RefusalCodes.AlreadyExists or RefusalCodes.VersionConflict) } refusal)
                {
                    screen.Note($"campaign {campaign.Id}: {refusal}");
                }
            }
        }

        var map = Chosen(parsed, new Dictionary<string, OfferMap> { [Journey] = OfferMap.Plain }, OfferMap.Plain, OfferMap.Known,
            f => OfferMap.Plain with { Fields = f });
        await Run(parsed, screen, map.Name, (text, path) => journey?.Offers() ?? map.Read(text, path), o => o.Campaign.Value, 1_000,
            async (campaign, offers, stop) =>
            {
                var answers = await client.GetGrain<ICampaignGrain>(campaign).AddOffers(offers, stop);
                return [.. answers.Select(Sent.Of)];
            }, cancel);
    }

    /// <summary>How the rows of a file of events are read, by <c>--map</c> or <c>--columns</c>.</summary>
    internal static EventMap EventsMap(ParseResult parsed) =>
        Chosen(parsed, BuiltInMaps.Events, EventMap.Plain, EventMap.Known, f => EventMap.Plain with { Fields = f });

    private static CompleteJourney Folder(ParseResult parsed) =>
        new(Path.GetDirectoryName(Path.GetFullPath(parsed.GetValue(File)!))!, TimeProvider.System.GetUtcNow());

    private static T Chosen<T>(
        ParseResult parsed, IReadOnlyDictionary<string, T> maps, T plain, IReadOnlyList<string> known, Func<Fields, T> withFields) =>
        (parsed.GetValue(Map), parsed.GetValue(Columns)) switch
        {
            (not null, not null) => throw new RefusedException(RefusalCodes.InvalidValue, "Give --map or --columns, not both."),
            ({ } name, null) => BuiltInMaps.Get(maps, name),
            (null, { } columns) => withFields(Fields.Parse(columns, known)),
            _ => plain,
        };

    private static async Task Run<T>(
        ParseResult parsed, Screen screen, string map, Func<TextReader, string, IEnumerable<RowOutcome<T>>> read, Func<T, string> key,
        int batchMax, Func<string, IReadOnlyList<T>, CancellationToken, Task<IReadOnlyList<Sent>>> send, CancellationToken cancel)
        where T : class
    {
        var path = parsed.GetValue(File)!;
        var started = Stopwatch.GetTimestamp();
        using var file = ImportFile.Open(path);
        var list = parsed.GetValue(RejectedPath) ?? path + ".rejected.csv";
        var checkpoint = ImportCheckpoint.Open(
            path, $"{typeof(T).Name} {map} {parsed.GetValue(Columns)}", Path.GetDirectoryName(Path.GetFullPath(list))!);
        using var rejected = new RejectedRows(list, checkpoint.GoesOn);
        if (checkpoint.GoesOn)
        {
            screen.Note($"going on behind row {checkpoint.Counts.Rows} of an earlier run");
        }

        var run = new ImportRun<T>(key, batchMax, send)
        {
            Parallel = Math.Clamp(parsed.GetValue(Parallel), 1, 1_024), Rejected = rejected, Checkpoint = checkpoint,
        };
        var counts = checkpoint.Counts;
        try
        {
            await screen.Progress("reading", async report =>
                counts = await run.Run(read(file.Text, path), rows => report(file.Share, $"{rows:N0} rows"), cancel));
        }
        catch (Exception e) when (e is OperationCanceledException || Gateway.IsGone(e))
        {
            screen.Note($"{checkpoint.Counts.Rows:N0} rows are done; the same command goes on from there and records nothing twice");
            throw;
        }

        checkpoint.Remove();
        Show(screen, counts, rejected.Path, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static void Show(Screen screen, ImportCounts counts, string? rejected, double seconds)
    {
        var document = new
        {
            rows = counts.Rows, accepted = counts.Accepted, known = counts.Known, refused = counts.Refused,
            rejectedFile = rejected, seconds = Math.Round(seconds, 1),
        };
        screen.Result(document, console =>
        {
            console.WriteLine($"{counts.Rows:N0} rows in {seconds:F1} s: {counts.Accepted:N0} accepted, {counts.Known:N0} known before, "
                + $"{counts.Refused.Values.Sum():N0} refused");
            if (counts.Refused.Count > 0)
            {
                console.Write(Screen.Grid(["reason", "#rows"], counts.Refused.Select(r => new[] { r.Key, $"{r.Value:N0}" })));
                console.WriteLine($"Each refused row with its line: {rejected}");
            }
        });
    }
}
