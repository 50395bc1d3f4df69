using CouponGrains.Client;
using CouponGrains.Contracts.Audit;
using CouponGrains.Domain;
using CouponGrains.Domain.Audit;

namespace CouponGrains.Cli;

/// <summary>Makes commands that all take <c>--json</c>, and for those that speak with a silo <c>--gateway</c>.</summary>
internal static class Verb
{
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

    /// <summary>A command that speaks with a running silo.</summary>
    public static Command Online(
        string name, string description, Symbol[] symbols, Func<ParseResult, IClusterClient, Screen, CancellationToken, Task> run)
    {
        var gateway = GatewayOption();
        return Offline(name, description, [.. symbols, gateway], (parsed, screen, cancel) =>
            WithSilo(parsed, parsed.GetValue(gateway)!, screen, run, cancel));
    }

    /// <summary>A command that speaks with a running silo, or with <c>--url</c> over HTTP with any process that serves
    /// the API.</summary>
    public static Command Served(
        string name, string description, Symbol[] symbols, Func<ParseResult, ICouponsClient, Screen, CancellationToken, Task> run)
    {
        var gateway = GatewayOption();
        var url = new Option<string?>("--url")
        {
            Description = $"The API instead, as in https://coupons.internal:8080; its key is read from {Server.KeyVariable}",
        };
        var authority = new Option<string?>("--ca")
        {
            Description = "Certificates (PEM) of the authority that alone is trusted for --url, where it is your own",
        };
        return Offline(name, description, [.. symbols, gateway, url, authority], async (parsed, screen, cancel) =>
        {
            var (address, file) = (parsed.GetValue(url), parsed.GetValue(authority));
            if (address is not null && parsed.GetResult(gateway) is { Implicit: false })
            {
                throw new RefusedException(RefusalCodes.BadOption, "--url and --gateway name two servers; say one.");
            }

            if (address is null && file is not null)
            {
                throw new RefusedException(RefusalCodes.BadOption, "--ca goes with --url.");
            }

            await using var server = address is null
                ? await Server.Through(parsed.GetValue(gateway)!, cancel) : Server.At(address, file);
            Acting.As(Actor);
            try
            {
                await run(parsed, server.Client, screen, cancel);
            }
            catch (CouponsException e)
            {
                throw server.Told(e);
            }
        });
    }

    /// <summary>A command that works on files alone where <paramref name="files"/> is given, and otherwise speaks with a
    /// running silo.</summary>
    public static Command Either(
        string name, string description, Symbol[] symbols, Option<string?> files,
        Func<ParseResult, Screen, CancellationToken, Task> offline,
        Func<ParseResult, IClusterClient, Screen, CancellationToken, Task> online)
    {
        var gateway = GatewayOption();
        return Offline(name, description, [.. symbols, files, gateway], (parsed, screen, cancel) =>
            parsed.GetValue(files) is null
                ? WithSilo(parsed, parsed.GetValue(gateway)!, screen, online, cancel)
                : offline(parsed, screen, cancel));
    }

    private static Option<string> GatewayOption() => new("--gateway")
    {
        Description = "The silo's gateway, host:port", DefaultValueFactory = _ => Gateway.Default,
    };

    private static async Task WithSilo(
        ParseResult parsed, string gateway, Screen screen,
        Func<ParseResult, IClusterClient, Screen, CancellationToken, Task> run, CancellationToken cancel)
    {
        await using var connection = await Gateway.Connect(gateway, cancel);
        Acting.As(Actor);
        try
        {
            await run(parsed, connection.Client, screen, cancel);
        }
        catch (Exception e) when (Gateway.IsGone(e))
        {
            throw new NoSiloException($"the silo at {gateway} stopped answering ({e.GetType().Name})");
        }
    }
}
