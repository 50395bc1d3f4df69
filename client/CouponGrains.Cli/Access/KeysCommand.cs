using CouponGrains.Client;
using CouponGrains.Domain;
using CouponGrains.Domain.Access;
using CouponGrains.Storage.Postgres;
using CouponGrains.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace CouponGrains.Cli.Access;

/// <summary><c>coupons keys</c>: keys of the API, of a running CouponGrains, or in a store: the embedded one while no
/// process has it, PostgreSQL also in use.</summary>
internal static class KeysCommand
{
    private const string Environment = "CouponGrains__Connection";

    private static readonly Option<string?> Store = new("--store")
    {
        Description = $"The store itself instead: postgres (named by {Environment}), or the folder of the embedded one",
    };

    private static readonly Argument<string> Name = new("name") { Description = "What people call it" };

    private static readonly Argument<string> Id = new("id") { Description = "The key's id" };

    private static readonly Option<string> Kind = new("--kind")
    {
        Description = "server, or client for browsers and apps", DefaultValueFactory = _ => "server",
    };

    private static readonly Option<string?> Granted = new("--scopes")
    {
        Description = "What it may do, as in events:write,offers:read, or all; what a shop's server needs if left out",
    };

    private static readonly Option<string[]> Origins = new("--origin")
    {
        Description = "A page's origin that may use a client key, as in https://shop.example",
    };

    private static readonly Option<int?> Days = new("--days") { Description = "How many days it is good (for ever)" };

    private static readonly Option<int> Overlap = new("--overlap-hours")
    {
        Description = "How long the secret before stays good, 0 to 720", DefaultValueFactory = _ => 24,
    };

    public static Command Build() => Verb.Group(
        "keys", "Keys of the HTTP API",
        Do("create", "Make a key; its secret is printed once", [Name, Kind, Granted, Origins, Days], Create),
        Do("list", "List the keys", [], List),
        Do("rotate", "Give a key a new secret; it is printed once", [Id, Overlap], Rotate),
        Do("revoke", "Take a key back for good", [Id], Revoke));

    private static Command Do(
        string name, string description, Symbol[] symbols,
        Func<ParseResult, IKeysClient, Screen, CancellationToken, Task> run) =>
        Verb.Either(
            name, description, symbols, Store,
            (parsed, screen, cancel) =>
                InStore(parsed.GetValue(Store)!, keys => run(parsed, keys, screen, cancel), cancel),
            (parsed, client, screen, cancel) => run(parsed, client, screen, cancel));

    private static async Task Create(ParseResult parsed, IKeysClient keys, Screen screen, CancellationToken cancel)
    {
        var kind = parsed.GetValue(Kind) switch
        {
            "server" => KeyKind.Server,
            "client" => KeyKind.Client,
            var other => throw new RefusedException(
                RefusalCodes.BadOption, $"--kind is '{other}', but must be server or client."),
        };
        var days = parsed.GetValue(Days);
        if (days is < 1 or > 3_650)
        {
            throw new RefusedException(RefusalCodes.BadOption, "--days is 1 to 3650.");
        }

        IReadOnlyList<string>? scopes = parsed.GetValue(Granted) switch
        {
            null => null,
            "all" => Scopes.All,
            var list => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        };
        var expires = days is { } n ? TimeProvider.System.GetUtcNow().AddDays(n) : (DateTimeOffset?)null;
        Tell(screen, await keys.CreateKey(
            new(parsed.GetValue(Name)!, kind, scopes, expires, parsed.GetValue(Origins) ?? []), cancel));
    }

    private static async Task List(ParseResult parsed, IKeysClient keys, Screen screen, CancellationToken cancel)
    {
        var found = await keys.Keys(cancel).ToArrayAsync(cancel);
        screen.Result(new { keys = found }, console => console.Write(Screen.Grid(
            ["id", "name", "kind", "scopes", "expires", "revoked"], found.Select(key => new[]
            {
                key.Id, key.Name, key.Kind.ToString().ToLowerInvariant(), string.Join(' ', key.Scopes),
                $"{key.ExpiresAt:u}", $"{key.RevokedAt:u}",
            }))));
    }

    private static async Task Rotate(ParseResult parsed, IKeysClient keys, Screen screen, CancellationToken cancel) =>
        Tell(screen, await keys.RotateKey(
            Ids.Key(parsed.GetValue(Id)!), TimeSpan.FromHours(parsed.GetValue(Overlap)), cancel));

    private static async Task Revoke(ParseResult parsed, IKeysClient keys, Screen screen, CancellationToken cancel) =>
        Tell(screen, await keys.RevokeKey(Ids.Key(parsed.GetValue(Id)!), cancel));

    /// <summary>The secret alone goes to the standard output, so that it can be piped into a file.</summary>
    private static void Tell(Screen screen, ApiKey key)
    {
        if (!screen.Json)
        {
            screen.Note(key.Secret is null
                ? $"The key {key.Id} ({key.Name}) is revoked."
                : $"The secret of the key {key.Id} ({key.Name}), which is never shown again:");
        }

        if (screen.Json || key.Secret is not null)
        {
            screen.Result(key, console => console.WriteLine(key.Secret!));
        }
    }

    private static async Task InStore(string where, Func<IKeysClient, Task> run, CancellationToken cancel)
    {
        var (time, logs) = (TimeProvider.System, NullLoggerFactory.Instance);
        if (where != "postgres")
        {
            await using var embedded = SqliteStore.Open(where, time, logs);
            await run(new StoredKeys(new(embedded.Keys, time, Verb.Actor)));
            return;
        }

        var database = Server.Told(Environment) ?? throw new RefusedException(
            RefusalCodes.BadOption, $"{Environment} does not say where the database is.");
        await using var store = await PostgresStore.Open(database, time, logs, cancel);
        await run(new StoredKeys(new(store.Keys, time, Verb.Actor)));
    }
}
