using System.Net;
using System.Text.Json;

namespace CouponGrains.Faults.Shopping;

/// <summary>Campaigns that are fought for: a new one again and again, each with another limit that is soon
/// reached.</summary>
internal static class Campaigns
{
    private const int Kinds = 6;
    private const int FreeCodes = 40;
    private const string Leaflet = "leaflet";

    /// <summary>After so long the first offer is over, and what is open of its coupons runs out.</summary>
    private static readonly TimeSpan FirstOffer = TimeSpan.FromSeconds(45);

    /// <summary>The terms of the campaign of a number; a number's campaign has the limit of its kind.</summary>
    public static Terms Of(int number)
    {
        var terms = new Terms($"c-{number}");
        return (number % Kinds) switch
        {
            0 => terms with { Budget = 60_00 },
            1 => terms with { RedemptionsMax = 40 },
            2 => terms with { RedeemedPerUser = 2 },
            3 => terms with { RedeemedPerDay = 30 },
            4 => terms with { MinorPerUserAndDay = 2_50, IssuedPerUser = 8 },
            _ => terms with { Stock = 40, Budget = 90_00 },
        };
    }

    /// <summary>Makes the campaign, or finds it made; asks again until it stands. The shop issues of it from then
    /// on.</summary>
    public static async Task Open(Terms terms, Shop shop, FrontEnds fronts, ClientLog log, CancellationToken stop)
    {
        terms = terms with { FirstOfferUntil = log.Now + FirstOffer };
        log.Agree(terms);
        for (var tried = 0; !await TryOpen(terms, shop, fronts, tried % fronts.Count); tried++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), stop);
        }
    }

    private static async Task<bool> TryOpen(Terms terms, Shop shop, FrontEnds fronts, int front)
    {
        var (created, _) = await fronts.Send(HttpMethod.Post, "/v1/campaigns", CampaignOf(terms), front);
        if (created is not (HttpStatusCode.Created or HttpStatusCode.Conflict))
        {
            return false;
        }

        var path = $"/v1/campaigns/{terms.Campaign}";
        var offers = Enumerable.Range(0, Shopper.Offers + 2).Select(i => new
        {
            id = terms.Offer(i), title = $"{10 + (5 * i)} % off", kind = "percent_off",
            percentBasisPoints = 1_000 + (500 * i), stock = terms.StockOf(terms.Offer(i)),
            usesMax = terms.UsesMax(terms.Offer(i)), times = i == 0 ? new { end = terms.FirstOfferUntil } : null,
        });
        var (added, answers) = await fronts.Send(HttpMethod.Post, $"{path}/offers", new { offers }, front);
        if (added is not HttpStatusCode.OK)
        {
            return false;
        }

        if (answers.GetProperty("results").EnumerateArray().Any(IsMissing))
        {
            throw new InvalidOperationException($"The campaign does not take an offer: {answers}");
        }

        if (await FindCodes(terms, path, fronts, front) is not { } codes
            || await Activate(path, fronts, front) is not { } revision)
        {
            return false;
        }

        shop.Open(terms, codes, revision);
        return true;
    }

    /// <summary>True if the offer was not added, now or before.</summary>
    private static bool IsMissing(JsonElement answer) => answer.GetProperty("status").GetString() != "accepted"
        && answer.GetProperty("errors").EnumerateArray()
            .Any(error => error.GetProperty("code").GetString() != "already_exists");

    /// <summary>Gives the offers their codes; answers those made in advance once all are there.</summary>
    private static async Task<IReadOnlyList<string>?> FindCodes(Terms terms, string path, FrontEnds fronts, int front)
    {
        var (shared, _) = await fronts.Send(
            HttpMethod.Post, $"{path}/shared-codes", new { code = terms.SharedCode, offer = terms.SharedOffer }, front);
        var (ordered, _) = await fronts.Send(
            HttpMethod.Post, $"{path}/codes", new { name = Leaflet, offer = terms.FreeOffer, count = FreeCodes },
            front);
        if (shared is not (HttpStatusCode.OK or HttpStatusCode.Created) || ordered is not HttpStatusCode.Accepted)
        {
            return null;
        }

        var codes = await fronts.Lines($"{path}/codes/{Leaflet}/file", front);
        return codes?.Count == FreeCodes ? codes : null;
    }

    /// <summary>Starts the campaign at the revision that it has, so that no late copy of this ends a pause; answers the
    /// revision of then.</summary>
    private static async Task<int?> Activate(string path, FrontEnds fronts, int front)
    {
        var (found, shown) = await fronts.Send(HttpMethod.Get, path, null, front);
        if (found is not HttpStatusCode.OK)
        {
            return null;
        }

        var campaign = shown.GetProperty("campaign");
        var revision = campaign.GetProperty("revision").GetInt32();
        if (campaign.GetProperty("status").GetString() == "active")
        {
            return revision;
        }

        var (active, body) = await fronts.Send(HttpMethod.Post, $"{path}/activate", null, front, revision);
        return active is HttpStatusCode.OK ? body.GetProperty("revision").GetInt32() : null;
    }

    private static object CampaignOf(Terms terms) => new
    {
        id = terms.Campaign, name = terms.Campaign, start = "2020-01-01T00:00:00Z", end = "2099-01-01T00:00:00Z",
        budget = Usd(terms.Budget), redemptionsMax = terms.RedemptionsMax,
        caps = new
        {
            openPerUser = 10_000, issuedPerUser = terms.IssuedPerUser, redeemedPerUser = terms.RedeemedPerUser,
        },
        limits = new object[]
        {
            new { per = "campaign", period = "day", count = terms.RedeemedPerDay },
            new { per = "user", period = "day", value = Usd(terms.MinorPerUserAndDay) },
        },
        guardrails = new
        {
            cap = Usd(50_00), minimumSpendMin = Usd(0), minimumSpendMax = Usd(0), amountStep = Usd(1), wholeCart = true,
        },
    };

    private static object Usd(long minor) => new { minor, currency = "USD" };
}
