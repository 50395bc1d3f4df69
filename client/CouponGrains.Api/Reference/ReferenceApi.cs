using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CouponGrains.Api.Reference;

/// <summary>The document that describes the API to programs.</summary>
internal static class ReferenceApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var document = new Lazy<byte[]>(() => JsonSerializer.SerializeToUtf8Bytes(Document.Make()));
        routes.MapGet("/openapi/v1.json", () => Results.Bytes(document.Value, "application/json"));
    }
}
