namespace CouponGrains.Faults.Shopping;

/// <summary>One of many clients: asks for this and that, sometimes twice at once, sometimes again much later, sometimes
/// for the second step before the first was answered; and asks again, with the same key, for whatever it does not know
/// the outcome of.</summary>
internal sealed class Shopper(Shop shop, FrontEnds fronts, int users, Random random)
{
    /// <summary>Offers of a campaign of which coupons are issued; two more have codes.</summary>
    public const int Offers = 3;

    private static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(15);
    private static readonly int[] Holds = [2, 5, 20, 300];

    private readonly List<Task> _delayed = [];

    /// <summary>Shops until it is stopped and what was delayed has arrived.</summary>
    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Step(stop);
            await Task.Delay(random.Next(120), CancellationToken.None);
        }

        await Task.WhenAll(_delayed);
    }

    /// <summary>Asks once and remembers the answer.</summary>
    public async Task<Answer> Ask(Wish wish)
    {
        var answer = await fronts.Ask(wish, random.Next(fronts.Count));
        shop.Note(wish, answer);
        return answer;
    }

    private async Task Step(CancellationToken stop)
    {
        var wish = random.NextDouble() < 0.3 ? shop.TakeOpen() : null;
        wish ??= Next();
        if (wish is null)
        {
            return;
        }

        switch (random.NextDouble())
        {
            case < 0.08:
                await Task.WhenAll(Ask(wish), Ask(wish)); // A client that sends twice.
                break;
            case < 0.13:
                _delayed.Add(Later(wish, stop)); // A copy that is slow on its way.
                await Ask(wish);
                break;
            case < 0.25 when wish.Kind == WishKind.Reserve:
                // The second step overtakes the first.
                var second = wish with { Kind = random.Next(3) > 0 ? WishKind.Confirm : WishKind.Release };
                await Task.WhenAll(Ask(second), Ask(wish));
                break;
            default:
                await Ask(wish);
                break;
        }
    }

    private async Task Later(Wish wish, CancellationToken stop)
    {
        var delay = random.NextDouble() * DelayMax;
        await Task.Delay(delay, stop).ContinueWith(_ => { }, TaskScheduler.Default); // The last copies come at once.
        await Ask(wish);
    }

    private Wish? Next() => random.NextDouble() switch
    {
        < 0.20 => new(WishKind.Event, shop.NewKey("e"), User())
        {
            Item = $"i-{random.Next(60)}", At = DateTimeOffset.UnixEpoch.AddDays(20_000).AddSeconds(random.Next(1_000_000)),
        },
        < 0.38 => Issue(),
        < 0.42 => ClaimCode(WishKind.ClaimShared, shop.Terms.SharedCode, shop.Terms.SharedOffer),
        < 0.46 => ClaimCode(WishKind.ClaimFree, shop.FreeCode(random), shop.Terms.FreeOffer),
        < 0.52 => shop.Coupon(random) is { } claimed ? new(WishKind.Claim, claimed.Code, claimed.User) : null,
        < 0.63 => Reserve(),
        < 0.70 => shop.Reservation(random) is { } confirmed ? confirmed with { Kind = WishKind.Confirm } : null,
        < 0.74 => shop.Reservation(random) is { } released ? released with { Kind = WishKind.Release } : null,
        < 0.87 => Code() is { } coupon ? Checkout(WishKind.Redeem, "r", coupon) : null,
        < 0.90 => Return(),
        < 0.93 => shop.Redemption(random) is { } redemption ? redemption with { Kind = WishKind.RollBack } : null,
        < 0.94 => shop.Turn(WishKind.Pause),
        < 0.985 => shop.Turn(WishKind.Resume),
        _ => shop.Fulfilled(random),
    };

    private Wish Issue()
    {
        var terms = shop.Terms;
        return new(WishKind.Issue, shop.NewKey("i"), User())
        {
            Campaign = terms.Campaign, Offer = terms.Offer(random.Next(Offers)),
        };
    }

    private Wish? ClaimCode(WishKind kind, string? code, string offer)
    {
        var user = User();
        return code is null ? null
            : new(kind, $"{code}:{user}", user) { Campaign = shop.Terms.Campaign, Offer = offer, Code = code };
    }

    /// <summary>What a user presents: mostly a coupon of his own, else the code that all share, or one that may be
    /// nobody's yet.</summary>
    private (string User, string Code)? Code() => random.NextDouble() switch
    {
        < 0.15 => (User(), shop.Terms.SharedCode),
        < 0.20 => shop.FreeCode(random) is { } free ? (User(), free) : null,
        _ => shop.Coupon(random),
    };

    private Wish? Return() => shop.Redemption(random) is not { } bought ? null
        : new(WishKind.Return, shop.NewKey("b"), bought.User)
        {
            Redemption = bought.Key, Price = bought.Price,
            First = random.Next(Wish.FirstPieces + 1), Second = random.Next(Wish.SecondPieces + 1),
        };

    private Wish? Reserve()
    {
        if (Code() is not { } coupon)
        {
            return null;
        }

        var wish = Checkout(WishKind.Reserve, "h", coupon) with { Hold = Holds[random.Next(Holds.Length)] };
        shop.Reserving(wish);
        return wish;
    }

    private Wish Checkout(WishKind kind, string prefix, (string User, string Code) coupon) =>
        new(kind, shop.NewKey(prefix), coupon.User) { Code = coupon.Code, Price = 500 + random.Next(1_000) };

    private string User() => $"u-{random.Next(users)}";
}
