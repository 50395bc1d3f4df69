using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using CouponGrains.Domain;

namespace CouponGrains.Api.Wire;

/// <summary>Reads request bodies. What cannot be read is answered with one problem that names every fault.</summary>
internal static class Body
{
    private static readonly JsonDocumentOptions Document = new() { AllowDuplicateProperties = true, MaxDepth = 64 };
    private static readonly JsonDocumentOptions StrictDocument = new()
    {
        AllowDuplicateProperties = false, MaxDepth = 64,
    };


    /// <summary>The body as <typeparamref name="T"/>. Throws <see cref="ProblemException"/>.</summary>
    public static async Task<T> Read<T>(HttpContext http)
        where T : class => Parse<T>(await Bytes(http));

    /// <summary>The body as <typeparamref name="T"/>, or <paramref name="otherwise"/> if there is none. Throws
    /// <see cref="ProblemException"/>.</summary>
    public static async Task<T> ReadOr<T>(HttpContext http, T otherwise)
        where T : class
    {
        // A POST without a body may also come without a length.
        var hasBody = http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody
            ?? http.Request.ContentLength != 0;
        return hasBody ? await Read<T>(http) : otherwise;
    }

    /// <summary>The body as <typeparamref name="TMarked"/> if it has the field <paramref name="mark"/>, otherwise as
    /// <typeparamref name="T"/>; the other one is null. Throws <see cref="ProblemException"/>.</summary>
    public static async Task<(T? Plain, TMarked? Marked)> Read<T, TMarked>(HttpContext http, string mark)
        where T : class
        where TMarked : class
    {
        var bytes = await Bytes(http);
        var element = ParseElement(bytes, Document);
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(mark, out _)
            ? (null, Parse<TMarked>(bytes))
            : (Parse<T>(bytes), null);
    }

    /// <summary>The body as any JSON value. Throws <see cref="ProblemException"/>.</summary>
    public static async Task<JsonElement> ReadElement(HttpContext http)
    {
        var element = ParseElement(await Bytes(http), StrictDocument);
        return BodyFaults.FindText(element, "") is { } fault ? throw new ProblemException(Problem.Of(fault)) : element;
    }

    /// <summary>A part of a body as <typeparamref name="T"/>. Throws <see cref="ProblemException"/>.</summary>
    /// <param name="element">The part.</param>
    /// <param name="pointer">Where it stands in the whole (RFC 6901).</param>
    public static T Convert<T>(JsonElement element, string pointer = "")
        where T : class
    {
        try
        {
            return element.Deserialize<T>(ApiJson.Options) ?? throw new JsonException();
        }
        catch (JsonException e)
        {
            throw new ProblemException(Problem.Of(BodyFaults.Find(typeof(T), element, pointer, e)));
        }
    }

    private static T Parse<T>(ReadOnlyMemory<byte> bytes)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(bytes.Span, ApiJson.Options) ?? throw new JsonException();
        }
        catch (JsonException e)
        {
            throw new ProblemException(Problem.Of(BodyFaults.Find(typeof(T), ParseElement(bytes, Document), "", e)));
        }
    }

    private static JsonElement ParseElement(ReadOnlyMemory<byte> bytes, JsonDocumentOptions options)
    {
        try
        {
            return JsonDocument.Parse(bytes, options).RootElement;
        }
        catch (JsonException e)
        {
            var detail = bytes.IsEmpty
                ? "The body is empty; JSON was expected."
                : $"The body is not JSON, or has a field twice: line {e.LineNumber + 1}, "
                    + $"byte {e.BytePositionInLine + 1}.";
            throw new ProblemException(Problem.Of(new Refusal(RefusalCodes.MalformedBody, detail)));
        }
        catch (InvalidOperationException)
        {
            throw new ProblemException(Problem.Of(BodyFaults.NotText("")));
        }
    }

    private static async Task<ReadOnlyMemory<byte>> Bytes(HttpContext http)
    {
        if (http.Request.ContentType is not null && !http.Request.HasJsonContentType())
        {
            throw new ProblemException(Problem.Of(
                new Refusal(RefusalCodes.UnsupportedMediaType, "The body must be application/json.")));
        }

        using var buffer = new MemoryStream((int)Math.Clamp(http.Request.ContentLength ?? 1024, 0, 64 * 1024));
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        return buffer.TryGetBuffer(out var bytes) ? bytes : buffer.ToArray();
    }
}
