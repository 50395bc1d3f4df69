using System.Runtime.CompilerServices;
using System.Text.Json;
using CouponGrains.Api.Campaigns;
using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Shop;
using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Profiles;
using CsvHelper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CouponGrains.Api.Transfers;

/// <summary>All there is of a kind, written while it is read, as files that the imports take. An answer that is cut off
/// ends as a broken connection, never as a whole file.</summary>
internal static class ExportsApi
{
    private const int PageMax = 1_000;

    private static readonly byte[] NewLine = "\n"u8.ToArray();

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/exports/events", (string? format, IGrainFactory grains) =>
            File(format, cancel => Events(Shop(grains), cancel)));
        routes.MapGet("/exports/items", (string? format, IGrainFactory grains) =>
            File(format, cancel => Items(Shop(grains), cancel)));
        routes.MapGet("/exports/users", (string? format, IGrainFactory grains) =>
            File(format, cancel => Users(Shop(grains), cancel)));
        routes.MapGet("/exports/budgets", (string? format, IGrainFactory grains) =>
            File(format, cancel => Budgets(grains, cancel)));
    }

    private static IResult File<T>(string? format, Func<CancellationToken, IAsyncEnumerable<T>> read) => format switch
    {
        null or "ndjson" => new Streamed(Lines.Json, (body, cancel) => WriteJson(read(cancel), body, cancel)),
        "csv" => new Streamed(Lines.Csv + "; charset=utf-8", (body, cancel) => WriteCsv(read(cancel), body, cancel)),
        _ => Problem.Of(new Refusal(RefusalCodes.InvalidValue, "Expected ndjson or csv.", "?format")),
    };

    private static async Task WriteJson<T>(IAsyncEnumerable<T> values, Stream body, CancellationToken cancel)
    {
        await foreach (var value in values.WithCancellation(cancel))
        {
            await body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(value, WireJson.Options), cancel);
            await body.WriteAsync(NewLine, cancel);
        }
    }

    private static async Task WriteCsv<T>(IAsyncEnumerable<T> values, Stream body, CancellationToken cancel)
    {
        var columns = Columns.Of(typeof(T));
        await using var csv = CsvWriter.Create(body, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        await csv.WriteRecordAsync([.. columns.Select(column => column.Name)], cancel);
        await foreach (var value in values.WithCancellation(cancel))
        {
            await csv.WriteRecordAsync(
                [.. Columns.Write(columns, JsonSerializer.SerializeToElement(value, WireJson.Options))], cancel);
        }
    }

    /// <summary>What users did; the events of coupons are the ledger's and no import takes them, but they are told.</summary>
    private static async IAsyncEnumerable<UserEvent> Events(
        IShopGrain shop, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (var last = 0L; ;)
        {
            var page = await shop.Events(last, PageMax, cancel);
            foreach (var (sequence, e) in page)
            {
                last = sequence;
                yield return e;
            }

            if (page.Count == 0)
            {
                yield break;
            }
        }
    }

    private static async IAsyncEnumerable<Item> Items(
        IShopGrain shop, [EnumeratorCancellation] CancellationToken cancel)
    {
        ItemId? last = null;
        for (var page = await shop.Items(null, PageMax, cancel); page.Count > 0; page = await shop.Items(last, PageMax, cancel))
        {
            foreach (var item in page)
            {
                last = item.Id;
                yield return item;
            }
        }
    }

    private static async IAsyncEnumerable<UserRecord> Users(
        IShopGrain shop, [EnumeratorCancellation] CancellationToken cancel)
    {
        UserId? last = null;
        for (var page = await shop.Users(null, PageMax, cancel); page.Count > 0; page = await shop.Users(last, PageMax, cancel))
        {
            foreach (var user in page)
            {
                last = user.Id;
                yield return user;
            }
        }
    }

    private static async IAsyncEnumerable<Budget> Budgets(
        IGrainFactory grains, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var campaign in await Shop(grains).Campaigns(cancel))
        {
            var answer = await grains.Campaign(campaign.Id.Value).Show(cancel);
            if (answer.Succeeded)
            {
                yield return Budget.Of(answer.Value);
            }
        }
    }

    private static IShopGrain Shop(IGrainFactory grains) => grains.GetGrain<IShopGrain>(0);

    private sealed class Streamed(string type, Func<Stream, CancellationToken, Task> write) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = type;
            await write(httpContext.Response.Body, httpContext.RequestAborted);
        }
    }
}
