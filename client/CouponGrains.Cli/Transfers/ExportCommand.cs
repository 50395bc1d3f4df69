using System.Net.Http.Headers;
using System.Text.Json;
using CouponGrains.Domain;

namespace CouponGrains.Cli.Transfers;

/// <summary><c>coupons export KIND --out FILE</c>: all there is of a kind, over the HTTP API, as a file. The file is there
/// once it is whole.</summary>
internal static class ExportCommand
{
    private const string KeyVariable = "COUPONGRAINS_KEY";

    private static readonly string[] Kinds = ["events", "items", "users", "coupons", "redemptions", "budgets"];
    private static readonly string[] Formats = ["csv", "ndjson", "parquet"];

    private static readonly Argument<string> Kind = new("KIND") { Description = string.Join(", ", Kinds) };

    private static readonly Option<string> Out = new("--out")
    {
        Description = "The file to write; it is there once it is whole", Required = true,
    };

    private static readonly Option<string?> Format = new("--format")
    {
        Description = string.Join(", ", Formats) + "; without it what the file's name ends with",
    };

    private static readonly Option<string> Url = new("--url")
    {
        Description = $"The HTTP API; a key that it needs stands in the environment variable {KeyVariable}",
        DefaultValueFactory = _ => "http://127.0.0.1:8080",
    };

    public static Command Build() => Verb.Offline(
        "export", "Write all events, items, users, coupons, redemptions or budgets into a file", [Kind, Out, Format, Url], Run);

    private static async Task Run(ParseResult parsed, Screen screen, CancellationToken cancel)
    {
        var (kind, path) = (OneOf("KIND", parsed.GetValue(Kind)!, Kinds), parsed.GetValue(Out)!);
        var format = OneOf("--format", parsed.GetValue(Format) ?? Path.GetExtension(path).TrimStart('.'), Formats);
        var url = parsed.GetValue(Url)!;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var root) || root.Scheme is not ("http" or "https"))
        {
            throw new RefusedException(RefusalCodes.InvalidValue, $"--url is like http://127.0.0.1:8080; '{url}' is not.");
        }

        // An export takes as long as it takes.
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        if (Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } key)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        var written = 0L;
        try
        {
            await screen.Progress($"{kind}", async report => written = await Fetch(
                http, new Uri(root, $"/v1/exports/{kind}?format={format}"), path,
                bytes => report(0, $"{kind}: {bytes / 1e6:N1} MB"), cancel));
        }
        catch (HttpRequestException e)
        {
            throw new NoSiloException($"the API at {url} does not answer, or stopped: {e.Message}");
        }

        screen.Result(
            new { kind, format, file = path, bytes = written },
            console => console.WriteLine($"{kind} in {path}, {written:N0} bytes"));
    }

    private static async Task<long> Fetch(
        HttpClient http, Uri address, string path, Action<long> report, CancellationToken cancel)
    {
        using var answer = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (!answer.IsSuccessStatusCode)
        {
            throw new RefusedException(await Why(answer, cancel));
        }

        var unfinished = path + ".new";
        var written = 0L;
        await using (var file = File.Create(unfinished))
        await using (var body = await answer.Content.ReadAsStreamAsync(cancel))
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
        catch (IOException e)
        {
            throw new HttpRequestException(e.Message, e);
        }
    }

    private static async Task<Refusal> Why(HttpResponseMessage answer, CancellationToken cancel)
    {
        var text = await answer.Content.ReadAsStringAsync(cancel);
        try
        {
            var problem = JsonDocument.Parse(text).RootElement;
            return new(problem.GetProperty("code").GetString()!, problem.GetProperty("detail").GetString()!);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return new(RefusalCodes.Unavailable, $"The API answered {(int)answer.StatusCode}.");
        }
    }

    private static string OneOf(string name, string value, string[] known) => known.Contains(value)
        ? value
        : throw new RefusedException(
            RefusalCodes.InvalidValue, $"{name} is {string.Join(", ", known[..^1])} or {known[^1]}; '{value}' is not.");
}
