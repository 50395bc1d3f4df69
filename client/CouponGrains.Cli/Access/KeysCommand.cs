using CouponGrains.Contracts.Access;
using CouponGrains.Contracts.Audit;
using CouponGrains.Domain;
using CouponGrains.Domain.Access;
using CouponGrains.Storage.Postgres;
using CouponGrains.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace CouponGrains.Cli.Access;

/// <summary><c>coupons keys</c>: keys of the API, through a running silo, or in a store: the embedded one while no process
/// has it, PostgreSQL also in use.</summary>
internal static class KeysCommand
{
    private const string Environment = "CouponGrains__Connection";

    private static readonly Option<string?> Store = new("--store")
    {
        Description = $"The store itself instead: postgres (named by {Environment}), or the folder of the embedded one",
    };

    private static readonly Option<string> Through = new("--gateway")
    {
        Description = "The silo's gateway, host:port", DefaultValueFactory = _ => Gateway.Default,
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
        Verb.Offline("create", "Make a key; its secret is printed once", [Name, Kind, Granted, Origins, Days, Store, Through], Create),
        Verb.Offline("list", "List the keys", [Store, Through], List),
        Verb.Offline("rotate", "Give a key a new secret; it is printed once", [Id, Overlap, Store, Through], Rotate),
        Verb.Offline("revoke", "Take a key back for good", [Id, Store, Through], Revoke));

    private static Task Create(ParseResult parsed, Screen screen, CancellationToken cancel)
    {
        var kind = parsed.GetValue(Kind) switch
        {
            "server" => KeyKind.Server,
            "client" => KeyKind.Client,
            var other => throw new RefusedException(
                RefusalCodes.BadOption, $"--kind is '{other}', but must be server or client."),
        };
        var (id, secret) = KeySecret.New(kind);
        var days = parsed.GetValue(Days);
        if (days is < 1 or > 3_650)
        {
            throw new RefusedException(RefusalCodes.BadOption, "--days is 1 to 3650.");
        }

        var key = new AccessKey
        {
            Id = id, Name = parsed.GetValue(Name)!, Kind = kind, Hash = KeySecret.Hash(secret), At = default,
            Scopes = parsed.GetValue(Granted) switch
            {
                null => kind == KeyKind.Client ? [Scopes.EventsWrite] : Scopes.Shop,
                "all" => Scopes.All,
                var list => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            },
            Origins = parsed.GetValue(Origins) ?? [],
            ExpiresAt = days is { } n ? TimeProvider.System.GetUtcNow().AddDays(n) : null,
        };
        return With(
            parsed, async book => Tell(screen, await book.Create(key, cancel), secret),
            async grain => Tell(screen, await grain.Create(key, cancel), secret), cancel);
    }

    private static Task List(ParseResult parsed, Screen screen, CancellationToken cancel)
    {
        const int Most = 1_000;
        return With(
            parsed, async book => Show(await book.List(null, Most, cancel)),
            async grain => Show(await grain.List(null, Most, cancel)), cancel);

        void Show(IReadOnlyList<AccessKey> keys) => screen.Result(
            new { keys = keys.Select(key => Document(key, null)) }, console => console.Write(Screen.Grid(
                ["id", "name", "kind", "scopes", "expires", "revoked"], keys.Select(key => new[]
                {
                    key.Id, key.Name, key.Kind.ToString().ToLowerInvariant(), string.Join(' ', key.Scopes),
                    $"{key.ExpiresAt:u}", $"{key.RevokedAt:u}",
                }))));
    }

    private static Task Rotate(ParseResult parsed, Screen screen, CancellationToken cancel)
    {
        var id = parsed.GetValue(Id)!;
        var overlap = TimeSpan.FromHours(parsed.GetValue(Overlap));
        return With(
            parsed, async book =>
            {
                var secret = Secret(await book.Find(id, cancel));
                Tell(screen, await book.Rotate(id, KeySecret.Hash(secret), overlap, cancel), secret);
            },
            async grain =>
            {
                var secret = Secret(await grain.Find(id, cancel));
                Tell(screen, await grain.Rotate(id, KeySecret.Hash(secret), overlap, cancel), secret);
            }, cancel);

        string Secret(AccessKey? key) => key is null
            ? throw new RefusedException(RefusalCodes.UnknownKey, $"There is no key {id}.")
            : KeySecret.Of(key.Kind, id);
    }

    private static Task Revoke(ParseResult parsed, Screen screen, CancellationToken cancel)
    {
        var id = parsed.GetValue(Id)!;
        return With(
            parsed, async book => Tell(screen, await book.Revoke(id, cancel), null),
            async grain => Tell(screen, await grain.Revoke(id, cancel), null), cancel);
    }

    /// <summary>The secret alone goes to the standard output, so that it can be piped into a file.</summary>
    private static void Tell(Screen screen, AccessKey key, string? secret)
    {
        if (!screen.Json)
        {
            screen.Note(secret is null
                ? $"The key {key.Id} ({key.Name}) is revoked."
                : $"The secret of the key {key.Id} ({key.Name}), which is never shown again:");
        }

        if (screen.Json || secret is not null)
        {
            screen.Result(Document(key, secret), console => console.WriteLine(secret!));
        }
    }

    private static object Document(AccessKey key, string? secret) => new
    {
        key.Id, key.Name, key.Kind, key.Scopes, key.Origins, key.At, key.RotatedAt, key.PreviousUntil, key.ExpiresAt,
        key.RevokedAt, secret,
    };

    private static async Task With(
        ParseResult parsed, Func<KeyBook, Task> stored, Func<IKeysGrain, Task> running, CancellationToken cancel)
    {
        var (time, logs) = (TimeProvider.System, NullLoggerFactory.Instance);
        switch (parsed.GetValue(Store))
        {
            case null:
                var gateway = parsed.GetValue(Through)!;
                await using (var connection = await Gateway.Connect(gateway, cancel))
                {
                    Acting.As(Verb.Actor);
                    try
                    {
                        await running(connection.Client.GetGrain<IKeysGrain>(0));
                    }
                    catch (Exception e) when (Gateway.IsGone(e))
                    {
                        throw new NoSiloException($"the silo at {gateway} stopped answering ({e.GetType().Name})");
                    }
                }

                break;
            case "postgres":
                var database = System.Environment.GetEnvironmentVariable(Environment);
                await using (var store = await PostgresStore.Open(
                    string.IsNullOrEmpty(database)
                        ? throw new RefusedException(
                            RefusalCodes.BadOption, $"{Environment} does not say where the database is.")
                        : database, time, logs, cancel))
                {
                    await stored(new(store.Keys, time, Verb.Actor));
                }

                break;
            case var folder:
                await using (var store = SqliteStore.Open(folder, time, logs))
                {
                    await stored(new(store.Keys, time, Verb.Actor));
                }

                break;
        }
    }
}
