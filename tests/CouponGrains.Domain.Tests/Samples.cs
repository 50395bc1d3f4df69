using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Domain.Tests;

/// <summary>Small things that many tests are about.</summary>
internal static class Samples
{
    internal static readonly Currency Usd = new("USD");
    internal static readonly UserId Ann = new("ann");
    internal static readonly CampaignId Spring = new("spring");
    internal static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    internal static Money Dollars(decimal amount) => new((long)(amount * 100), Usd);

    internal static ItemId Id(int number) => new($"item-{number:D4}");

    internal static Item Item(int number, params string[] categories) =>
        new() { Id = Id(number), Title = $"Item {number}", Categories = categories };

    internal static Guardrails Guardrails() => new()
    {
        Cap = Dollars(20),
        MinimumSpendMin = Dollars(10),
        MinimumSpendMax = Dollars(100),
        AmountStep = Dollars(1),
        WholeCart = true,
    };

    internal static Campaign Campaign(Guardrails? guardrails = null) => new()
    {
        Id = Spring,
        Name = "Spring",
        Status = CampaignStatus.Active,
        Start = Noon.AddDays(-10),
        End = Noon.AddDays(10),
        Budget = Dollars(1_000),
        Guardrails = guardrails ?? Guardrails(),
    };

    internal static Offer Percent(int basisPoints, OfferScope? scope = null, string id = "percent") => new()
    {
        Id = new(id),
        Campaign = Spring,
        Title = "A share off",
        Kind = OfferKind.PercentOff,
        PercentBasisPoints = basisPoints,
        Scope = scope ?? OfferScope.WholeCart,
    };

    internal static Offer Amount(
        decimal amount, decimal minimum, OfferScope? scope = null, string id = "amount") => new()
    {
        Id = new(id),
        Campaign = Spring,
        Title = "An amount off",
        Kind = OfferKind.SpendAndSave,
        Amount = Dollars(amount),
        MinimumSpend = Dollars(minimum),
        Scope = scope ?? OfferScope.WholeCart,
    };

    internal static Offer Gift(int item, decimal minimum) => Percent(0) with
    {
        Kind = OfferKind.Gift,
        Gift = Id(item),
        MinimumSpend = Dollars(minimum),
    };

    internal static Coupon Coupon(Offer offer, CouponState state = CouponState.Issued) => new()
    {
        Code = CouponCode.New(),
        User = Ann,
        Offer = offer.Id,
        Campaign = offer.Campaign,
        IssueKey = "k",
        State = state,
        Uses = state == CouponState.Redeemed ? 1 : 0,
        IssuedAt = Noon.AddDays(-1),
        ExpiresAt = Noon.AddDays(5),
    };

    internal static Cart Cart(params (int Item, int Quantity, decimal Price)[] lines) => new()
    {
        Currency = Usd,
        Lines = [.. lines.Select(l => new CartLine(Id(l.Item), l.Quantity, Dollars(l.Price)))],
    };

    internal static UserProfile Profile(BehaviourWeights? weights = null) =>
        new(new UserRecord { Id = Ann }, weights ?? new(), Noon);

    internal static RecordedEvent Event(long sequence, EventKind kind, int item, double days = 0) => new(sequence, new()
    {
        Id = new($"e{sequence}"),
        User = Ann,
        Kind = kind,
        At = Noon.AddDays(days),
        Item = Id(item),
    });

    /// <summary>Factors drawn from a normal distribution: not a factorisation of anything.</summary>
    internal static ModelSnapshot Model(int items, int rank, int seed, int users = 0)
    {
        var random = new Random(seed);
        return new()
        {
            Version = new(1),
            Factors = new([.. Enumerable.Range(0, items).Select(Id)], rank, Normal(random, items * rank)),
            SingularValues = [.. Enumerable.Range(0, rank).Select(i => (float)(rank - i))],
            Popularity = [.. Enumerable.Range(0, items).Select(_ => random.NextSingle())],
            Weights = new(),
            Reference = Noon,
            Users = users == 0 ? null : new(UserIds(users), rank, Normal(random, users * rank)),
        };
    }

    /// <summary>Such factors with history and target weights, and neighbours for every third pair.</summary>
    internal static ModelSnapshot SpectralModel(int items, int rank, int seed, int users = 0)
    {
        var random = new Random(seed);
        return Model(items, rank, seed, users) with
        {
            HistoryWeights = [.. Enumerable.Range(0, items).Select(_ => 0.2f + random.NextSingle())],
            TargetWeights = [.. Enumerable.Range(0, items).Select(_ => 0.2f + random.NextSingle())],
            Neighbours = Neighbours(items, (_, _) => random.Next(3) == 0 ? (2 * random.NextSingle()) - 0.5f : 0),
        };
    }

    /// <summary>The matrix of these entries, those of 0 left out.</summary>
    internal static ItemNeighbours Neighbours(int items, Func<int, int, float> entry)
    {
        var (starts, rows, weights) = (new long[items + 1], new List<int>(), new List<float>());
        for (var j = 0; j < items; j++)
        {
            for (var i = 0; i < items; i++)
            {
                if (entry(j, i) is var weight and not 0)
                {
                    rows.Add(i);
                    weights.Add(weight);
                }
            }

            starts[j + 1] = rows.Count;
        }

        return new(starts, [.. rows], [.. weights]);
    }

    private static UserId[] UserIds(int count) =>
        [.. Enumerable.Range(0, count).Select(u => new UserId($"user-{u}"))];

    internal static float[] Normal(Random random, int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = (float)(
                Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return values;
    }
}
