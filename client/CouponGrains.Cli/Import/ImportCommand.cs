using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using CouponGrains.Cli.Profiles;
using CouponGrains.Client;
using CouponGrains.Contracts.Events;
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

    static ImportCommand() => Map.CompletionSources.Add(
        [.. BuiltInMaps.Events.Keys.Concat(BuiltInMaps.Items.Keys).Concat(BuiltInMaps.Users.Keys).Distinct()]);

    public static Command Build() => Verb.Group("import", "Bring in events, items, users and coupons from files",
        Verb.Online("events", $"Events. Maps: {string.Join(", ", BuiltInMaps.Events.Keys)}", Symbols, Events),
        Verb.Online("items", $"Items. Maps: {string.Join(", ", BuiltInMaps.Items.Keys)}", Symbols, Items),
        Verb.Online("users", $"Users. Maps: {string.Join(", ", BuiltInMaps.Users.Keys)}", Symbols, Users),
        Verb.Online("coupons", $"Coupons, as offers of their campaigns. Maps: {Journey} (its campaigns with them)", Symbols, Offers));

    private static Task Events(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var map = EventsMap(parsed);
        var now = TimeProvider.System.GetUtcNow();
        return Run(parsed, screen, map.Name, (text, path) => map.Read(text, path, now).Select(row => row with
            {
                Value = row.Value is { } e ? e with { User = Named(parsed, e.User) } : null,
            }), e => Batched(parsed, e.User), EventRules.BatchMax,
            async (_, events, stop) => Answered(await client.Record(events, stop)), cancel);
    }

    /// <summary>What became of events. Throws where that is not known of one: the import stops there and goes on
    /// later.</summary>
    internal static IReadOnlyList<Sent> Answered(IReadOnlyList<RecordAnswer> answers) => [.. answers.Select(answer =>
        answer.Refusal switch
        {
            { Code: RefusalCodes.Unavailable } gone =>
                throw new NoSiloException($"the server stopped answering: {gone.Detail}"),
            { Code: RefusalCodes.StoreNotWritable or RefusalCodes.InternalError } fault => throw new RefusedException(fault),
            { } refusal => new Sent(false, refusal),
            null => answer.Status == AppendStatus.Duplicate ? Sent.Known : Sent.Accepted,
        })];

    private static Task Items(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var map = Chosen(parsed, BuiltInMaps.Items, ItemMap.Plain, ItemMap.Known, f => ItemMap.Plain with { Fields = f });
        var journey = parsed.GetValue(Map) == Journey ? Folder(parsed) : null;
        return Run(parsed, screen, map.Name, (text, path) => journey?.Items() ?? map.Read(text, path),
            i => CatalogShards.Of(i.Id).ToString(), BatchMax(parsed), async (_, items, stop) =>
                [.. (await client.PutItems(items, stop)).Select(Sent.Of)], cancel);
    }

    private static Task Users(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var map = Chosen(parsed, BuiltInMaps.Users, UserMap.Plain, UserMap.Known, f => UserMap.Plain with { Fields = f });
        return Run(parsed, screen, map.Name, (text, path) => map.Read(text, path).Select(row => row with
            {
                Value = row.Value is { } u ? u with { Id = Named(parsed, u.Id) } : null,
            }), u => u.Id.Value, 1, async (_, records, stop) =>
                [Sent.Of(await Refusal(() => client.Describe(records[0], stop)))], cancel);
    }

    private static async Task Offers(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        CompleteJourney? journey = null;
        if (parsed.GetValue(Map) is { } name)
        {
            journey = name == Journey ? Folder(parsed)
                : throw new RefusedException(RefusalCodes.InvalidValue, $"There is no map '{name}' for coupons; there is {Journey}.");
            foreach (var campaign in journey.Campaigns().Select(o => o.Value).OfType<Campaign>())
            {
                if (await Refusal(() => client.Create(campaign, cancel))
                    is { Code: not (RefusalCodes.AlreadyExists or RefusalCodes.VersionConflict) } refusal)
                {
                    screen.Note($"campaign {campaign.Id}: {refusal}");
                }
            }
        }

        var map = Chosen(parsed, new Dictionary<string, OfferMap> { [Journey] = OfferMap.Plain }, OfferMap.Plain, OfferMap.Known,
            f => OfferMap.Plain with { Fields = f });
        await Run(
            parsed, screen, map.Name, (text, path) => journey?.Offers() ?? map.Read(text, path), o => o.Campaign.Value,
            BatchMax(parsed),
            async (campaign, offers, stop) =>
                [.. (await client.AddOffers(new(campaign), offers, stop)).Select(Sent.Of)], cancel);
    }

    /// <summary>How the rows of a file of events are read, by <c>--map</c> or <c>--columns</c>.</summary>
    internal static EventMap EventsMap(ParseResult parsed) =>
        Chosen(parsed, BuiltInMaps.Events, EventMap.Plain, EventMap.Known, f => EventMap.Plain with { Fields = f });

    /// <summary>Over HTTP a body has a limit.</summary>
    private static int BatchMax(ParseResult parsed) => Verb.IsRemote(parsed) ? 200 : 1_000;

    private static UserId Named(ParseResult parsed, UserId user) => Verb.IsRemote(parsed) ? user : UserNaming.Of(user);

    /// <summary>Whose events go together: a user's to his grain; over HTTP those of many users, so that requests are
    /// few, and
    /// each user's in their order.</summary>
    private static string Batched(ParseResult parsed, UserId user) => Verb.IsRemote(parsed)
        ? $"{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(user.Value)).AsSpan(0, 1))}"
        : user.Value;

    /// <summary>Why something is not done, or null; that nobody answers is thrown.</summary>
    private static async Task<Refusal?> Refusal<T>(Func<Task<T>> ask)
    {
        try
        {
            await ask();
            return null;
        }
        catch (CouponsException e) when (!e.IsUnknown)
        {
            return e.Refusal;
        }
    }

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
        catch (Exception e) when (e is OperationCanceledException or CouponsException or NoSiloException or RefusedException)
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
