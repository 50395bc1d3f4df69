using CouponGrains.Api.Access;
using CouponGrains.Api.Events;
using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Catalog;
using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Profiles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace CouponGrains.Api.Transfers;

/// <summary>Files of any size, taken in while they come: memory holds one batch of lines. What is refused keeps nothing
/// else out; a line that was taken in before does nothing again, so that a file may be sent again from wherever.</summary>
internal static class ImportsApi
{
    private const int Batch = 500;
    private const int ErrorsMax = 1_000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/imports/events", (string? from, HttpContext http, IGrainFactory grains, CancellationToken cancel) =>
            Run<UserEvent>(http, from, (batch, tally) => Each(batch, e => e.User.Value, tally, async (user, events) =>
            {
                var answers = await grains.User(user).Record(events, cancel);
                return [.. answers.Select(answer => new Taken(answer.Refusal, answer.Status == AppendStatus.Duplicate))];
            }), e => EventsApi.ShopEvent(e, http.Caller()), cancel));
        routes.MapPost("/imports/items", (string? from, HttpContext http, IGrainFactory grains, CancellationToken cancel) =>
            Run<Item>(http, from, (batch, tally) => Each(batch, item => CatalogShards.Of(item.Id), tally, async (shard, items) =>
                [.. (await grains.GetGrain<ICatalogGrain>(shard).Put(items, cancel)).Select(refusal => new Taken(refusal))]),
                item => item.Title.Length == 0 ? item with { Title = item.Id.Value } : item, cancel));
        routes.MapPost("/imports/users", (string? from, HttpContext http, IGrainFactory grains, CancellationToken cancel) =>
            Run<UserRecord>(http, from, (batch, tally) => Each(batch, user => user.Id.Value, tally, async (user, records) =>
            {
                var taken = new List<Taken>();
                foreach (var record in records)
                {
                    taken.Add(new((await grains.User(user).Describe(record, cancel)).Refusal));
                }

                return taken;
            }), user => user, cancel));
    }

    private static async Task<IResult> Run<T>(
        HttpContext http, string? from, Func<IReadOnlyList<Line<T>>, Tally, Task> send, Func<T, T> check,
        CancellationToken cancel)
        where T : class
    {
        var first = from is null ? 1 : Address.Ordinal(from, "from");
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        var tally = new Tally();
        var batch = new List<Line<T>>(Batch);
        try
        {
            await foreach (var line in Lines.Read<T>(http, cancel))
            {
                if (line.Number < first)
                {
                    continue;
                }

                Add(line, check, batch, tally);
                if (batch.Count == Batch)
                {
                    await Flush(batch, send, tally);
                }
            }

            await Flush(batch, send, tally);
            return Reply.Json(tally.Answer());
        }
        catch (Exception e) when (Door.IsUnavailable(e) && !cancel.IsCancellationRequested)
        {
            return Problem.Of(Door.Unavailable with
            {
                Detail = $"The cluster did not answer in time; up to line {tally.Last} all is done. "
                    + $"Send the file again, from={tally.Last + 1} if you will.",
            });
        }
    }

    private static void Add<T>(Line<T> line, Func<T, T> check, List<Line<T>> batch, Tally tally)
        where T : class
    {
        try
        {
            if (line.Value is { } value)
            {
                batch.Add(line with { Value = check(value) });
            }
            else
            {
                tally.Refuse(line.Number, line.Refusals!);
            }
        }
        catch (ProblemException e)
        {
            tally.Refuse(line.Number, [new(e.Problem.Code, e.Problem.Detail, e.Problem.Errors is [var fault, ..] ? fault.Pointer : null)]);
        }
    }

    private static async Task Flush<T>(
        List<Line<T>> batch, Func<IReadOnlyList<Line<T>>, Tally, Task> send, Tally tally)
        where T : class
    {
        if (batch.Count > 0)
        {
            await send(batch, tally);
            tally.Last = batch[^1].Number;
            batch.Clear();
        }
    }

    /// <summary>Sends the lines of each receiver in their order, all receivers at once.</summary>
    private static Task Each<T, TKey>(
        IReadOnlyList<Line<T>> batch, Func<T, TKey> key, Tally tally,
        Func<TKey, IReadOnlyList<T>, Task<IReadOnlyList<Taken>>> send)
        where T : class => Task.WhenAll(batch.GroupBy(line => key(line.Value!)).Select(async lines =>
        {
            Line<T>[] own = [.. lines];
            var taken = await send(lines.Key, [.. own.Select(line => line.Value!)]);
            for (var i = 0; i < own.Length; i++)
            {
                tally.Note(own[i].Number, taken[i]);
            }
        }));

    /// <summary>What became of one line.</summary>
    internal readonly record struct Taken(Refusal? Refusal, bool Before = false);

    /// <summary>Counts; receivers note at once.</summary>
    internal sealed class Tally
    {
        private readonly List<ImportFault> _errors = [];
        private readonly Lock _lock = new();
        private long _accepted;
        private long _duplicates;
        private long _refused;

        public long Last { get; set; }

        public void Note(long line, Taken taken)
        {
            if (taken.Refusal is { } refusal)
            {
                Refuse(line, [refusal]);
                return;
            }

            lock (_lock)
            {
                _ = taken.Before ? _duplicates++ : _accepted++;
            }
        }

        public void Refuse(long line, IReadOnlyList<Refusal> refusals)
        {
            lock (_lock)
            {
                _refused++;
                if (_errors.Count < ErrorsMax)
                {
                    var first = refusals[0];
                    _errors.Add(new(line, first.Pointer, first.Code, first.Detail));
                }
            }
        }

        public ImportAnswer Answer() => new(
            _accepted, _duplicates, _refused, [.. _errors.OrderBy(error => error.Line)], _refused > _errors.Count);
    }
}

/// <summary>What became of a file.</summary>
/// <param name="Accepted">Lines taken in now.</param>
/// <param name="Duplicate">Events that were recorded before with the same content.</param>
/// <param name="Refused">Lines that were not taken in.</param>
/// <param name="Errors">Why not, the first 1,000, in the order of the lines.</param>
/// <param name="HasMoreErrors">True if there were more.</param>
internal sealed record ImportAnswer(
    long Accepted, long Duplicate, long Refused, IReadOnlyList<ImportFault> Errors, bool HasMoreErrors);

/// <summary>Why a line was refused.</summary>
/// <param name="Line">Its number, from 1; where a text of a CSV file has several lines, that of the first.</param>
/// <param name="Pointer">Where in it (RFC 6901).</param>
/// <param name="Code">A stable code.</param>
/// <param name="Detail">For people.</param>
internal sealed record ImportFault(long Line, string? Pointer, string Code, string Detail);
