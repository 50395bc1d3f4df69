using System.Text.Json;
using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Models;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Offers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CouponGrains.Api.Campaigns;

/// <summary>The offers of a campaign: written by hand, or designed by the generator of the model in force.</summary>
internal static class CampaignOffersApi
{
    private const int BatchMax = 1_000;
    private const int DesignMax = 1_000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/campaigns/{id}/offers", Add);
        routes.MapDelete("/campaigns/{id}/offers/{offer}", Withdraw);
        routes.MapPost("/campaigns/{id}/design", Design);
        routes.MapGet("/campaigns/{id}/reviews", Reviews);
        routes.MapPost("/campaigns/{id}/offers/{offer}/approve", Decide(true));
        routes.MapPost("/campaigns/{id}/offers/{offer}/reject", Decide(false));
    }

    private static async Task<IResult> Add(string id, HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var campaign = new CampaignId(Address.Id(id, "id"));
        var batch = await Body.Read<OfferBatch>(http);
        if (batch.Offers.Count > BatchMax)
        {
            return Problem.Of(
                new Refusal(RefusalCodes.BatchTooLarge, $"A batch has at most {BatchMax} offers.", "/offers"));
        }

        var results = new BatchResult[batch.Offers.Count];
        var accepted = new List<(int Index, Offer Offer)>(results.Length);
        for (var i = 0; i < results.Length; i++)
        {
            try
            {
                accepted.Add((i, Own(Body.Convert<Offer>(batch.Offers[i]), campaign)));
            }
            catch (ProblemException e)
            {
                results[i] = BatchResult.Of(i, null, e.Problem);
            }
        }

        if (accepted.Count > 0)
        {
            var refusals = await grains.Campaign(id).AddOffers([.. accepted.Select(entry => entry.Offer)], cancel);
            for (var i = 0; i < refusals.Count; i++)
            {
                results[accepted[i].Index] = BatchResult.Of(accepted[i].Index, accepted[i].Offer.Id.Value, refusals[i]);
            }
        }

        return Reply.Json(BatchAnswer.Of(results));
    }

    private static async Task<IResult> Withdraw(
        string id, string offer, IGrainFactory grains, CancellationToken cancel) =>
        Reply.Of(await grains.Campaign(id).WithdrawOffer(new(Address.Id(offer, "offer")), cancel));

    private static async Task<IResult> Reviews(
        string id, string? status, string? limit, string? cursor, IGrainFactory grains, CancellationToken cancel)
    {
        var only = Address.Choice<ReviewStatus>(status, "status");
        var answer = await grains.Campaign(id).Reviews(cancel);
        return answer.Succeeded
            ? Reply.Sorted(
                answer.Value.Reviews
                    .Where(review => only is null || review.Status == only)
                    .OrderBy(review => review.Offer.Id.Value, StringComparer.Ordinal),
                limit, cursor, review => review.Offer.Id.Value)
            : Problem.Of(answer.Refusal);
    }

    private static Func<string, string, HttpContext, IGrainFactory, CancellationToken, Task<IResult>> Decide(
        bool approved) => async (id, offer, http, grains, cancel) =>
    {
        var body = await Body.Read<ReviewRequest>(http);
        return Reply.Of(await grains.Campaign(id)
            .Decide(new(Address.Id(offer, "offer")), approved, body.Note ?? "", cancel));
    };

    private static async Task<IResult> Design(
        string id, HttpContext http, IGrainFactory grains, CancellationToken cancel)
    {
        var campaign = new CampaignId(Address.Id(id, "id"));
        var body = await Body.Read<DesignRequest>(http);
        return body.Count is < 1 or > DesignMax
            ? Problem.Of(new Refusal(RefusalCodes.InvalidValue, $"Expected 1 to {DesignMax}.", "/count"))
            : Reply.Of(await grains.GetGrain<ITrainerGrain>(0).Design(campaign, body.Count, body.Seed, cancel));
    }

    private static Offer Own(Offer offer, CampaignId campaign)
    {
        if (offer.Campaign.Value is not null && offer.Campaign != campaign)
        {
            throw Refuse("The offer names another campaign than the address.", "/campaign");
        }

        if (offer.Source == OfferSource.Generated || offer.DesignedBy != ModelVersion.None)
        {
            throw Refuse("Only the generator's own offers are generated; POST …/design asks it.", "/source");
        }

        return offer with { Campaign = campaign };
    }

    private static ProblemException Refuse(string detail, string pointer) =>
        new(Problem.Of(new Refusal(RefusalCodes.InvalidValue, detail, pointer)));
}

/// <summary>Offers for a campaign.</summary>
internal sealed record OfferBatch(IReadOnlyList<JsonElement> Offers);

/// <summary>Why an offer is approved or rejected.</summary>
internal sealed record ReviewRequest(string? Note = null);

/// <summary>A wish for designed offers; the same seed designs the same.</summary>
internal sealed record DesignRequest(int Count, int Seed = 1);
