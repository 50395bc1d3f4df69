using System.Security.Cryptography;
using CouponGrains.Api.Access;
using CouponGrains.Api.Events;
using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Shop;
using CouponGrains.Contracts.Transfers;
using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Transfers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace CouponGrains.Api.Transfers;

/// <summary>Files of any size, read while they come: memory holds one part. They are taken in at once, or with
/// <c>Prefer: respond-async</c> stored, and worked off after the answer.</summary>
internal static class ImportsApi
{
    private const string Later = "respond-async";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/imports/events", (string? from, HttpContext http, IGrainFactory grains, CancellationToken cancel) =>
            Run<UserEvent>(http, grains, ImportKind.Events, from, e => EventsApi.ShopEvent(e, http.Caller()),
                (lines, events) => new(lines, events, [], []), cancel));
        routes.MapPost("/imports/items", (string? from, HttpContext http, IGrainFactory grains, CancellationToken cancel) =>
            Run<Item>(http, grains, ImportKind.Items, from,
                item => item.Title.Length == 0 ? item with { Title = item.Id.Value } : item,
                (lines, items) => new(lines, [], items, []), cancel));
        routes.MapPost("/imports/users", (string? from, HttpContext http, IGrainFactory grains, CancellationToken cancel) =>
            Run<UserRecord>(http, grains, ImportKind.Users, from, user => user,
                (lines, users) => new(lines, [], [], users), cancel));
    }

    private static async Task<IResult> Run<T>(
        HttpContext http, IGrainFactory grains, ImportKind kind, string? from, Func<T, T> check,
        Func<IReadOnlyList<long>, IReadOnlyList<T>, ImportPart> part, CancellationToken cancel)
        where T : class
    {
        if (http.Caller().IsClient)
        {
            return Problem.Of(new Refusal(RefusalCodes.Forbidden, "A client key sends events one by one or in batches."));
        }

        var reading = new Reading<T>(http, from is null ? 1 : Address.Ordinal(from, "from"), check, part);
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        return http.Request.Headers["Prefer"].Any(value => value?.Contains(Later, StringComparison.OrdinalIgnoreCase) == true)
            ? await TakeUp(http, grains, kind, reading, cancel)
            : await TakeIn(grains.GetGrain<IShopGrain>(0), reading, cancel);
    }

    /// <summary>Sends each part while the next one comes.</summary>
    private static async Task<IResult> TakeIn<T>(IShopGrain shop, Reading<T> reading, CancellationToken cancel)
        where T : class
    {
        var counts = ImportCounts.None;
        var last = 0L;
        try
        {
            await foreach (var part in reading.Parts(cancel))
            {
                counts = counts.With(part.Lines, await shop.Take(part, cancel));
                last = part.Lines[^1];
            }

            return Reply.Json(ImportAnswer.Of(counts.And(reading.Unread)));
        }
        catch (Exception e) when (Door.IsUnavailable(e) && !cancel.IsCancellationRequested)
        {
            return Problem.Of(Door.Unavailable with
            {
                Detail = $"The cluster did not answer in time; up to line {last} all is done. "
                    + $"Send the file again, from={last + 1} if you will.",
            });
        }
    }

    /// <summary>Stores each part; the file is worked off once it is there whole.</summary>
    private static async Task<IResult> TakeUp<T>(
        HttpContext http, IGrainFactory grains, ImportKind kind, Reading<T> reading, CancellationToken cancel)
        where T : class
    {
        var id = "imp-" + RandomNumberGenerator.GetHexString(20, lowercase: true);
        var import = grains.GetGrain<IImportGrain>(id);
        var begun = await import.Begin(kind, cancel);
        if (!begun.Succeeded)
        {
            return Problem.Of(begun.Refusal);
        }

        var whole = false;
        try
        {
            var parts = 0;
            var lines = 0L;
            await foreach (var part in reading.Parts(cancel))
            {
                var added = await import.Add(parts++, part, cancel);
                if (!added.Succeeded)
                {
                    return Problem.Of(added.Refusal);
                }

                lines += part.Lines.Count;
            }

            var received = await import.Received(parts, lines + reading.Unread.Refused, reading.Unread, cancel);
            whole = received.Succeeded;
            http.Response.Headers["Preference-Applied"] = Later;
            http.Response.Headers.Location = $"/v1/operations/{id}";
            return Reply.Of(received, OperationView.Of, StatusCodes.Status202Accepted);
        }
        finally
        {
            if (!whole)
            {
                await import.Cancel(CancellationToken.None);
            }
        }
    }
}

/// <summary>Reads a file into parts.</summary>
internal sealed class Reading<T>(
    HttpContext http, long first, Func<T, T> check, Func<IReadOnlyList<long>, IReadOnlyList<T>, ImportPart> part)
    where T : class
{
    /// <summary>The lines that could not be read, so far.</summary>
    public ImportCounts Unread { get; private set; } = ImportCounts.None;

    public async IAsyncEnumerable<ImportPart> Parts(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var (lines, values) = (new List<long>(), new List<T>());
        await foreach (var line in Lines.Read<T>(http, cancel))
        {
            if (line.Number < first)
            {
                continue;
            }

            if (Checked(line) is { } value)
            {
                lines.Add(line.Number);
                values.Add(value);
            }

            if (lines.Count == ImportRules.PartLinesMax)
            {
                yield return part([.. lines], [.. values]);
                lines.Clear();
                values.Clear();
            }
        }

        if (lines.Count > 0)
        {
            yield return part([.. lines], [.. values]);
        }
    }

    private T? Checked(Line<T> line)
    {
        try
        {
            if (line.Value is { } value)
            {
                return check(value);
            }

            Unread = Unread.With(line.Number, new(line.Refusals![0]));
        }
        catch (ProblemException e)
        {
            Unread = Unread.With(line.Number, new(new(
                e.Problem.Code, e.Problem.Detail, e.Problem.Errors is [var fault, ..] ? fault.Pointer : null)));
        }

        return null;
    }
}

/// <summary>What became of a file.</summary>
/// <param name="Accepted">Lines taken in now.</param>
/// <param name="Duplicate">Events that were recorded before with the same content.</param>
/// <param name="Refused">Lines that were not taken in.</param>
/// <param name="Errors">Why not, the first 1,000, in the order of the lines.</param>
/// <param name="HasMoreErrors">True if there were more.</param>
internal sealed record ImportAnswer(
    long Accepted, long Duplicate, long Refused, IReadOnlyList<ImportFault> Errors, bool HasMoreErrors)
{
    public static ImportAnswer Of(ImportCounts counts) => new(
        counts.Accepted, counts.Duplicate, counts.Refused, counts.Errors, counts.Refused > counts.Errors.Count);
}
