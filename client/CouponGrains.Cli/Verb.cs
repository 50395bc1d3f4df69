using CouponGrains.Client;
using CouponGrains.Contracts.Audit;
using CouponGrains.Domain;
using CouponGrains.Domain.Audit;

namespace CouponGrains.Cli;

/// <summary>Makes commands that all take <c>--json</c>, and for those that speak with a running CouponGrains
/// <c>--gateway</c>, <c>--url</c> and <c>--ca</c>.</summary>
internal static class Verb
{
    private static readonly Option<string> Gateway = new("--gateway")
    {
        Description = "The silo's gateway, host:port", DefaultValueFactory = _ => Cli.Gateway.Default,
    };

    private static readonly Option<string?> Url = new("--url")
    {
        Description = "The API instead, as in https://coupons.internal:8080; without it and --gateway what "
            + $"{Server.UrlVariable} says; its key is read from {Server.KeyVariable}",
    };

    private static readonly Option<string?> Authority = new("--ca")
    {
        Description = "Certificates (PEM) of the authority that alone is trusted for --url, where it is your own; or "
            + Server.AuthorityVariable,
    };

    /// <summary>In whose name commands change something: that of the machine's user.</summary>
    public static Actor Actor { get; } = IdRules.IsValid(Environment.UserName)
        ? new(ActorKind.Local, Environment.UserName)
        : Actor.Local;

    /// <summary>A group of commands.</summary>
    public static Command Group(string name, string description, params Command[] commands)
    {
        var group = new Command(name, description);
        foreach (var command in commands)
        {
            group.Add(command);
        }

        return group;
    }

    /// <summary><c>--count</c>, 1 to 100.</summary>
    public static Option<int> Count(int usually) => new("--count") { Description = "How many, 1 to 100", DefaultValueFactory = _ => usually };

    /// <summary>The value of <c>--count</c>; another one than 1 to 100 is refused.</summary>
    public static int Counted(ParseResult parsed, Option<int> count) => parsed.GetValue(count) is >= 1 and <= 100 and var n
        ? n : throw new RefusedException(RefusalCodes.InvalidValue, "--count is 1 to 100.");

    /// <summary>A command that works on files alone.</summary>
    public static Command Offline(
        string name, string description, Symbol[] symbols, Func<ParseResult, Screen, CancellationToken, Task> run)
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON document on standard output, nothing else" };
        var command = new Command(name, description) { json };
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Add(argument);
            }
            else if (symbol is Option option)
            {
                command.Add(option);
            }
        }

        command.SetAction((parsed, cancel) => run(parsed, new Screen(parsed.GetValue(json)), cancel));
        return command;
    }

    /// <summary>A command that speaks with a running CouponGrains: with a silo, or with <c>--url</c> over HTTP with any
    /// process that serves the API.</summary>
    public static Command Online(
        string name, string description, Symbol[] symbols,
        Func<ParseResult, ICouponsClient, Screen, CancellationToken, Task> run) =>
        Offline(name, description, [.. symbols, Gateway, Url, Authority], (parsed, screen, cancel) =>
            WithServer(parsed, server => run(parsed, server.Client, screen, cancel), cancel));

    /// <summary>A command that speaks HTTP alone.</summary>
    public static Command OverHttp(
        string name, string description, Symbol[] symbols,
        Func<ParseResult, IExportsClient, Screen, CancellationToken, Task> run) =>
        Offline(name, description, [.. symbols, Url, Authority], async (parsed, screen, cancel) =>
        {
            await using var server = Server.At(Address(parsed) ?? Server.UrlUsual, Certificates(parsed));
            await Told(server, () => run(parsed, server.Exports, screen, cancel));
        });

    /// <summary>A command that works on files alone where <paramref name="files"/> is given, and otherwise speaks with
    /// a running CouponGrains.</summary>
    public static Command Either(
        string name, string description, Symbol[] symbols, Option<string?> files,
        Func<ParseResult, Screen, CancellationToken, Task> offline,
        Func<ParseResult, ICouponsClient, Screen, CancellationToken, Task> online) =>
        Offline(name, description, [.. symbols, files, Gateway, Url, Authority], (parsed, screen, cancel) =>
            parsed.GetValue(files) is null
                ? WithServer(parsed, server => online(parsed, server.Client, screen, cancel), cancel)
                : offline(parsed, screen, cancel));

    /// <summary>True if HTTP is spoken: there users have the shop's own names.</summary>
    public static bool IsRemote(ParseResult parsed) => Address(parsed) is not null;

    private static string? Address(ParseResult parsed) => parsed.GetValue(Url)
        ?? (parsed.GetResult(Gateway) is { Implicit: false } ? null : Server.Told(Server.UrlVariable));

    private static string? Certificates(ParseResult parsed) =>
        parsed.GetValue(Authority) ?? Server.Told(Server.AuthorityVariable);

    private static async Task WithServer(ParseResult parsed, Func<Server, Task> run, CancellationToken cancel)
    {
        if (parsed.GetValue(Url) is not null && parsed.GetResult(Gateway) is { Implicit: false })
        {
            throw new RefusedException(RefusalCodes.BadOption, "--url and --gateway name two servers; say one.");
        }

        var address = Address(parsed);
        if (address is null && parsed.GetValue(Authority) is not null)
        {
            throw new RefusedException(RefusalCodes.BadOption, "--ca goes with --url.");
        }

        await using var server = address is null
            ? await Server.Through(parsed.GetValue(Gateway)!, cancel)
            : Server.At(address, Certificates(parsed));
        Acting.As(Actor);
        await Told(server, () => run(server));
    }

    private static async Task Told(Server server, Func<Task> run)
    {
        try
        {
            await run();
        }
        catch (CouponsException e)
        {
            throw server.Told(e);
        }
        catch (Exception e) when (Cli.Gateway.IsGone(e))
        {
            throw server.Gone(e);
        }
    }
}
