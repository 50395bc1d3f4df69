using System.Net;

namespace CouponGrains.Faults.Shopping;

/// <summary>Campaigns that are fought for: a new one again and again, each with another limit that is soon reached.</summary>
internal static class Campaigns
{
    private const int Kinds = 6;

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

    /// <summary>Makes the campaign, or finds it made; asks again until it stands. The shop issues of it from then on.</summary>
    public static async Task Open(Terms terms, Shop shop, FrontEnds fronts, ClientLog log, CancellationToken stop)
    {
        log.Agree(terms);
        for (var tried = 0; !await TryOpen(terms, fronts, tried % fronts.Count); tried++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), stop);
        }

        shop.Terms = terms;
    }

    private static async Task<bool> TryOpen(Terms terms, FrontEnds fronts, int front)
    {
        var (created, _) = await fronts.Send(HttpMethod.Post, "/v1/campaigns", CampaignOf(terms), front);
        if (created is not (HttpStatusCode.Created or HttpStatusCode.Conflict))
        {
            return false;
        }

        var path = $"/v1/campaigns/{terms.Campaign}";
        var offers = Enumerable.Range(0, Shopper.Offers).Select(i => new
        {
            id = terms.Offer(i), title = $"{10 + (5 * i)} % off", kind = "percent_off",
            percentBasisPoints = 1_000 + (500 * i), stock = terms.Stock, usesMax = terms.UsesMax(terms.Offer(i)),
            validForSeconds = i == 0 ? 40 : 864_000, // Some run out under way.
        });
        var (added, _) = await fronts.Send(HttpMethod.Post, $"{path}/offers", new { offers }, front);
        var (active, _) = await fronts.Send(HttpMethod.Post, $"{path}/activate", null, front);
        return added is HttpStatusCode.OK && active is HttpStatusCode.OK;
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
