using System.Runtime.CompilerServices;
using System.Text.Json;
using CouponGrains.Api.Campaigns;
using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Shop;
using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Redemptions;
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
            File(format, cancel => Pages<Item, ItemId?>(Shop(grains).Items, item => item.Id, cancel)));
        routes.MapGet("/exports/users", (string? format, IGrainFactory grains) =>
            File(format, cancel => Pages<UserRecord, UserId?>(Shop(grains).Users, user => user.Id, cancel)));
        routes.MapGet("/exports/coupons", (string? format, IGrainFactory grains) =>
            File(format, cancel => Pages<Coupon, string>(Shop(grains).Coupons, coupon => coupon.Code, cancel)));
        routes.MapGet("/exports/redemptions", (string? format, IGrainFactory grains) =>
            File(format, cancel => Pages<Redemption, string>(
                Shop(grains).Redemptions, redemption => redemption.Key, cancel)));
        routes.MapGet("/exports/budgets", (string? format, IGrainFactory grains) =>
            File(format, cancel => Budgets(grains, cancel)));
    }

    private static IResult File<T>(string? format, Func<CancellationToken, IAsyncEnumerable<T>> read) => format switch
    {
        null or "ndjson" => new Streamed(Lines.Json, (body, cancel) => WriteJson(read(cancel), body, cancel)),
        "csv" => new Streamed(Lines.Csv + "; charset=utf-8", (body, cancel) => WriteCsv(read(cancel), body, cancel)),
        "parquet" => new Streamed(
            ParquetRows.MediaType, (body, cancel) => ParquetRows.Write(read(cancel), body, cancel)),
        _ => Problem.Of(new Refusal(RefusalCodes.InvalidValue, "Expected ndjson, csv or parquet.", "?format")),
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

    /// <summary>What users did; the events of coupons are the ledger's and no import takes them, but they are
    /// told.</summary>
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

    /// <summary>A list in the order of its ids, page by page.</summary>
    private static async IAsyncEnumerable<T> Pages<T, TId>(
        Func<TId?, int, CancellationToken, Task<IReadOnlyList<T>>> read, Func<T, TId> id,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        var last = default(TId);
        for (var page = await read(last, PageMax, cancel); page.Count > 0; page = await read(last, PageMax, cancel))
        {
            foreach (var value in page)
            {
                last = id(value);
                yield return value;
            }
        }
    }

    private static async IAsyncEnumerable<Budget> Budgets(
        IGrainFactory grains, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var campaign in await Shop(grains).Campaigns(cancel))
        {
            var answer = await grains.Campaign(campaign.Id).Show(cancel);
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
