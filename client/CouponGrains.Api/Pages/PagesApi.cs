using System.Reflection;
using CouponGrains.Api.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CouponGrains.Api.Pages;

/// <summary>The operators' console, the reference and the sample of a shop: plain files inside the library, no build
/// step, nothing from elsewhere.</summary>
internal static class PagesApi
{
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public static void Map(IEndpointRouteBuilder routes)
    {
        MapFile(routes, "/", "index.html", "text/html; charset=utf-8");
        MapFile(routes, "/style.css", "style.css", "text/css; charset=utf-8");
        foreach (var file in ConsoleFiles())
        {
            MapFile(routes, $"/console/{file}", "console." + file, TypeOf(file));
        }

        MapFile(routes, "/reference", "reference.html", "text/html; charset=utf-8");
        MapFile(routes, "/reference.js", "reference.js", "text/javascript; charset=utf-8");
        MapFile(routes, "/shop", "shop.html", "text/html; charset=utf-8");
        MapFile(routes, "/shop.css", "shop.css", "text/css; charset=utf-8");
        MapFile(routes, "/shop.js", "shop.js", "text/javascript; charset=utf-8");
        MapFile(routes, "/favicon.svg", "favicon.svg", "image/svg+xml");
        routes.MapGet("/problems/{code}", (string code) => Reply.Json(ProblemKinds.Of(code)));
    }

    private static IEnumerable<string> ConsoleFiles()
    {
        const string Folder = "Pages.console.";
        return Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Select(name => name[Folder.Length..]);
    }

    private static string TypeOf(string file) => Path.GetExtension(file) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        var other => throw new InvalidOperationException($"The console has a file of the unknown type {other}."),
    };

    private static void MapFile(IEndpointRouteBuilder routes, string path, string file, string contentType)
    {
        var bytes = Read(file);
        routes.MapGet(path, (HttpContext http) =>
        {
            var headers = http.Response.Headers;
            headers.ContentSecurityPolicy = ContentPolicy;
            headers.CacheControl = "no-cache";
            return Results.Bytes(bytes, contentType);
        });
    }

    private static byte[] Read(string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Pages." + file)
            ?? throw new InvalidOperationException($"The page {file} is not in the library.");
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        return buffer.ToArray();
    }
}
