using System.Text.Json;
using CouponGrains.Api.Access;
using CouponGrains.Api.Wire;
using CouponGrains.Domain;
using CouponGrains.Domain.Access;
using CouponGrains.Domain.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CouponGrains.Api.Events;

/// <summary>What users did.</summary>
internal static class EventsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/events", Record);
        routes.MapPost("/events/batch", RecordBatch);
    }

    private static async Task<IResult> Record(HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var e = ShopEvent(await Body.Read<UserEvent>(http), http.Caller());
        var answer = (await grains.User(e.User).Record([e], cancel))[0];
        return answer.Refusal is { } refusal
            ? Problem.Of(refusal)
            : Reply.Json(
                EventResult.Of(0, answer),
                answer.Status == AppendStatus.Accepted ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    /// <summary>Each event is read and recorded for itself: one that is refused keeps none of the others out.</summary>
    private static async Task<IResult> RecordBatch(HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var batch = await Body.Read<EventBatch>(http);
        if (batch.Events.Count > EventRules.BatchMax)
        {
            return Problem.Of(new Refusal(
                RefusalCodes.BatchTooLarge,
                $"A batch has at most {EventRules.BatchMax} events, but had {batch.Events.Count}.",
                "/events"));
        }

        var results = new EventResult[batch.Events.Count];
        var accepted = new List<(int Index, UserEvent Event)>(results.Length);
        for (var i = 0; i < results.Length; i++)
        {
            try
            {
                accepted.Add((i, ShopEvent(Body.Convert<UserEvent>(batch.Events[i]), http.Caller())));
            }
            catch (ProblemException e)
            {
                results[i] = EventResult.Of(i, e.Problem);
            }
        }

        await Task.WhenAll(accepted
            .GroupBy(entry => entry.Event.User)
            .Select(entries => RecordUser(entries.Key, [.. entries], results, grains, cancel)));
        return Reply.Json(EventBatchAnswer.Of(results));
    }

    private static async Task RecordUser(
        UserId user, (int Index, UserEvent Event)[] entries, EventResult[] results, IGrainFactory grains,
        CancellationToken cancel)
    {
        try
        {
            var answers = await grains.User(user).Record([.. entries.Select(entry => entry.Event)], cancel);
            for (var i = 0; i < entries.Length; i++)
            {
                results[entries[i].Index] = EventResult.Of(entries[i].Index, answers[i]);
            }
        }
        catch (Exception e) when (Door.IsUnavailable(e) && !cancel.IsCancellationRequested)
        {
            var problem = Problem.Of(Door.Unavailable);
            foreach (var (index, recorded) in entries)
            {
                results[index] = EventResult.Of(index, problem) with { Id = recorded.Id.Value };
            }
        }
    }

    /// <summary>Events of coupons are recorded by the ledger, with the change that they tell of; a sender cannot claim
    /// them. What was bought or given back a shop's server tells, not its user.</summary>
    internal static UserEvent ShopEvent(UserEvent e, Caller caller)
    {
        caller.Require(e.User);
        if (caller.IsClient && e.Kind is (EventKind.Purchase or EventKind.Refund))
        {
            throw new ProblemException(Problem.Of(new Refusal(
                RefusalCodes.Forbidden, "Purchases and refunds are told with a server's key.", "/kind")));
        }

        return e.Kind < EventKind.Issued ? e : throw new ProblemException(Problem.Of(new Refusal(
            RefusalCodes.UnknownEventKind,
            "Expected one of view, search, cart, purchase, refund; what happens to coupons is recorded by their addresses.",
            "/kind")));
    }
}

/// <summary>The body of a batch.</summary>
internal sealed record EventBatch(IReadOnlyList<JsonElement> Events);
