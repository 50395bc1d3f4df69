using System.Globalization;
using CouponGrains.Api.Coupons;
using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Profiles;
using CouponGrains.Contracts.Ranking;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace CouponGrains.Api.Ranking;

/// <summary>A user's offers as server-sent events: the whole list each time it is another one, because of an event, a
/// coupon, a campaign or a model. The id of an event is that of the list, so whoever comes back with
/// <c>Last-Event-ID</c> is told only what is new to him, however often it changed meanwhile.</summary>
internal static class OfferStream
{
    /// <summary>How long the user's grain is asked to wait for a change at a time: what the clock alone changes, such
    /// as the end of a campaign, is seen after it at the latest.</summary>
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);

    public static void Map(IEndpointRouteBuilder routes, ApiOptions options) =>
        routes.MapGet(
            "/users/{id}/offers/stream",
            async (
                string id, string? count, string? campaign, string? explain, HttpContext http, IGrainFactory grains,
                PushInstruments instruments, IHostApplicationLifetime lifetime, TimeProvider time) =>
            {
                var (user, query) = (grains.User(id), OffersApi.Query(count, campaign, explain));
                using var listener = instruments.Listen();
                using var ended = CancellationTokenSource.CreateLinkedTokenSource(
                    http.RequestAborted, lifetime.ApplicationStopping);
                try
                {
                    await Listen(user, query, http, options.Heartbeat, time, ended.Token);
                }
                catch (OperationCanceledException) when (ended.IsCancellationRequested)
                {
                    // The listener left, or the process ends: the answer is complete.
                }
                catch (Exception e) when (http.Response.HasStarted && Door.IsUnavailable(e))
                {
                    // The cluster is away; the listener comes back with the id of what he heard last.
                }
            });

    private static async Task Listen(
        IUserGrain user, OffersQuery query, HttpContext http, TimeSpan heartbeat, TimeProvider time,
        CancellationToken ended)
    {
        var seen = await user.Changed(0, TimeSpan.Zero, ended);
        var offers = await user.Offers(query, ended);
        var (heard, spoken) = (EventStream.LastHeard(http), time.GetTimestamp());
        var events = await EventStream.Open(http, ended);
        while (await EventStream.MayGoOn(http))
        {
            if (Id(offers) is var id && id != heard)
            {
                await events.Send("offers", id, offers);
                (heard, spoken) = (id, time.GetTimestamp());
            }
            else if (time.GetElapsedTime(spoken) >= heartbeat)
            {
                await events.Beat();
                spoken = time.GetTimestamp();
            }

            seen = await user.Changed(seen, heartbeat < Wait ? heartbeat : Wait, ended);
            offers = await user.Offers(query, ended);
        }
    }

    /// <summary>Names a list: the same offers in the same order under the same model have the same id.</summary>
    private static string Id(OffersAnswer answer) => Domain.StableHash.Of(
        [.. answer.Offers.Select(ranked => ranked.Offer.Id.Value),
            answer.Model.Number.ToString(CultureInfo.InvariantCulture)]).ToString("x16", CultureInfo.InvariantCulture);
}
