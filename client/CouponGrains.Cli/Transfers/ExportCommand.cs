using CouponGrains.Client;
using CouponGrains.Contracts.Wire;
using CouponGrains.Domain;

namespace CouponGrains.Cli.Transfers;

/// <summary><c>coupons export KIND --out FILE</c>: all there is of a kind, over the HTTP API, as a file. The file is
/// there once it is whole.</summary>
internal static class ExportCommand
{
    private static readonly Argument<string> Kind = new("KIND") { Description = Names<ExportKind>() };

    private static readonly Option<string> Out = new("--out")
    {
        Description = "The file to write; it is there once it is whole", Required = true,
    };

    private static readonly Option<string?> Format = new("--format")
    {
        Description = Names<ExportFormat>() + "; without it what the file's name ends with",
    };

    static ExportCommand()
    {
        Kind.CompletionSources.Add(All<ExportKind>());
        Format.CompletionSources.Add(All<ExportFormat>());
    }

    public static Command Build() => Verb.OverHttp(
        "export", "Write all events, items, users, coupons, redemptions or budgets into a file, from "
            + $"{Server.UrlUsual} unless another server is named", [Kind, Out, Format], Run);

    private static async Task Run(ParseResult parsed, IExportsClient client, Screen screen, CancellationToken cancel)
    {
        var path = parsed.GetValue(Out)!;
        var kind = OneOf<ExportKind>("KIND", parsed.GetValue(Kind)!);
        var format = OneOf<ExportFormat>("--format", parsed.GetValue(Format) ?? Path.GetExtension(path).TrimStart('.'));
        var written = 0L;
        await screen.Progress(Snake.Case(kind), async report => written = await Fetch(
            await client.Export(kind, format, cancel), path,
            bytes => report(0, $"{Snake.Case(kind)}: {bytes / 1e6:N1} MB"), cancel));
        screen.Result(
            new { kind, format, file = path, bytes = written },
            console => console.WriteLine($"{Snake.Case(kind)} in {path}, {written:N0} bytes"));
    }

    private static async Task<long> Fetch(Stream body, string path, Action<long> report, CancellationToken cancel)
    {
        var unfinished = path + ".new";
        var written = 0L;
        await using (body)
        await using (var file = File.Create(unfinished))
        {
            var buffer = new byte[128 * 1024];
            for (int read; (read = await Read(body, buffer, cancel)) > 0; report(written += read))
            {
                await file.WriteAsync(buffer.AsMemory(0, read), cancel);
            }
        }

        File.Move(unfinished, path, overwrite: true);
        return written;
    }

    /// <summary>An export that cannot go on breaks its connection.</summary>
    private static async Task<int> Read(Stream body, byte[] buffer, CancellationToken cancel)
    {
        try
        {
            return await body.ReadAsync(buffer, cancel);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new NoSiloException($"the server stopped answering: {e.Message}");
        }
    }

    private static string Names<T>()
        where T : struct, Enum => string.Join(", ", All<T>());

    private static string[] All<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(value => Snake.Case(value))];

    private static T OneOf<T>(string name, string text)
        where T : struct, Enum => Enum.GetValues<T>().FirstOrDefault(value => Snake.Case(value) == text) is var found
            && Convert.ToInt32(found, null) > 0
                ? found
                : throw new RefusedException(
                    RefusalCodes.InvalidValue, $"{name} is one of {Names<T>()}; '{text}' is not.");
}
