using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Domain.Redemptions;

/// <summary>Chooses which coupons to use on one cart. Pure.</summary>
/// <remarks>Coupons are taken off one after the other, by priority (the highest first), kind (in the order of <see
/// cref="OfferKind"/>) and code, each of what the ones before have left. A combination counts if each two of its
/// coupons may stand beside each other, each takes something off, and no line that several of them are borne by has
/// less left of its margin than the highest of their floors. Up to <see cref="ExactMax"/> coupons that apply by
/// themselves, every combination is looked at. Of more, one combination is built coupon by coupon: for the user from
/// the one that alone takes the most off to the least, as long as the total grows; for the shop from the least to the
/// most, as long as there is one to add. Ties go to more points earned, then fewer spent, then fewer coupons (for the
/// shop the other way round), then to the combination that comes first in the order of taking off. So the answer does
/// not depend on the order of coupons or lines.</remarks>
public static class CartChooser
{
    /// <summary>The most coupons that apply by themselves for which the choice is the best of all.</summary>
    public const int ExactMax = 10;

    /// <summary>The choice.</summary>
    /// <param name="cart">A cart that <see cref="CartEngine.Check"/> accepts.</param>
    /// <param name="coupons">The coupons, usable as such.</param>
    /// <param name="item">Looks an item up.</param>
    /// <param name="mode">Whose wish decides.</param>
    /// <param name="before">Coupons used on the same order before.</param>
    public static CartChoice Choose(
        Cart cart, IReadOnlyList<CartCoupon> coupons, Func<ItemId, Item> item, ChoiceMode mode,
        IReadOnlyList<UsedCoupon>? before = null)
    {
        var known = UsedCoupon.RestOf(cart, before ?? [], item);
        var rest = known ?? CartRest.Of(cart);
        var unused = new List<UnusedCoupon>();
        var candidates = new List<Candidate>();
        foreach (var coupon in coupons.DistinctBy(c => c.Code).OrderByDescending(c => c.Offer.Stacking.Priority)
            .ThenBy(c => c.Offer.Kind).ThenBy(c => c.Code, StringComparer.Ordinal))
        {
            var coverage = Coverage.Of(coupon.Offer, cart, item, coupon.Guardrails);
            Discount? alone = null;
            RedemptionStatus? reason = cart.Currency != coupon.Currency ? RedemptionStatus.CurrencyMismatch
                : before is not null && before.Any(b => !Stacking.Allows(b.Stacking, coupon.Offer.Stacking))
                    ? RedemptionStatus.NotStackable
                : known is null ? RedemptionStatus.OtherCart
                : RedemptionRules.StatusOf(CartEngine.Apply(coupon.Offer, cart, rest, coverage, out alone));
            if (reason is { } r)
            {
                unused.Add(new(coupon.Code, r));
            }
            else
            {
                candidates.Add(new(coupon.Code, coupon.Offer, coverage, alone!));
            }
        }

        var empty = new Combination(0, [], rest, 0, 0);
        var exact = candidates.Count <= ExactMax;
        var best = exact ? Search(cart, candidates, empty, mode) : Build(cart, candidates, empty, mode);
        unused.AddRange(candidates.Index().Where(c => (best.Members & (1L << c.Index)) == 0).Select(c =>
        {
            Compose(cart, candidates, empty, best.Members | (1L << c.Index), out var added);
            return Explain(c.Item, best, cart, added);
        }));
        return new()
        {
            Total = new(best.Total, cart.Currency),
            Chosen = [.. best.Used.Select(u => new ChosenCoupon(u.Candidate.Code, u.Discount))],
            Unused = [.. unused.OrderBy(u => u.Code, StringComparer.Ordinal)],
            Exact = exact,
        };
    }

    private static Combination Search(
        Cart cart, List<Candidate> candidates, Combination empty, ChoiceMode mode)
    {
        var all = new List<Combination> { empty };
        for (var i = 0; i < candidates.Count; i++)
        {
            // Those found so far hold earlier coupons only, so this one is taken off last.
            for (var (c, count) = (0, all.Count); c < count; c++)
            {
                if (Add(cart, all[c], candidates[i], i, out _) is { } more)
                {
                    all.Add(more);
                }
            }
        }

        var valid = all.Select(c => c.Members).ToHashSet();
        var open = mode == ChoiceMode.BestForUser
            ? all
            : all.FindAll(c => !Enumerable.Range(0, candidates.Count)
                .Any(i => (c.Members & (1L << i)) == 0 && valid.Contains(c.Members | (1L << i))));
        return open.Aggregate((best, next) => IsBetter(next, best, mode) ? next : best);
    }

    private static Combination Build(Cart cart, List<Candidate> candidates, Combination empty, ChoiceMode mode)
    {
        var order = Enumerable.Range(0, candidates.Count)
            .OrderBy(i => candidates[i].Alone.Total.Minor * (mode == ChoiceMode.BestForUser ? -1 : 1)).ThenBy(i => i);
        var best = empty;
        foreach (var i in order)
        {
            if (Compose(cart, candidates, empty, best.Members | (1L << i), out _) is { } next
                && (mode == ChoiceMode.BestForShop || IsBetter(next, best, mode)))
            {
                best = next;
            }
        }

        return best;
    }

    /// <summary>The combination of some coupons; null, with the obstacle, if one of them gives nothing in it.</summary>
    private static Combination? Compose(
        Cart cart, List<Candidate> candidates, Combination empty, long members, out OfferObstacle obstacle)
    {
        Combination? made = empty;
        obstacle = OfferObstacle.None;
        for (var i = 0; i < candidates.Count && made is not null; i++)
        {
            made = (members & (1L << i)) == 0 ? made : Add(cart, made, candidates[i], i, out obstacle);
        }

        return made;
    }

    /// <summary>The combination with one more coupon taken off last; null if the two may not stand beside each other,
    /// or, with the obstacle, if it gives nothing.</summary>
    private static Combination? Add(
        Cart cart, Combination to, Candidate candidate, int place, out OfferObstacle obstacle)
    {
        obstacle = OfferObstacle.None;
        if (to.Used.Any(u => !Stacking.Allows(u.Candidate.Offer.Stacking, candidate.Offer.Stacking)))
        {
            return null;
        }

        obstacle = CartEngine.Apply(candidate.Offer, cart, to.Rest, candidate.Coverage, out var discount);
        if (obstacle != OfferObstacle.None)
        {
            return null;
        }

        var margins = LineMargins.Of(candidate.Offer, cart, candidate.Coverage, discount!);
        return new(
            to.Members | (1L << place), [.. to.Used, (candidate, discount!)], to.Rest.After(discount!, margins),
            checked(to.Total + discount!.Total.Minor),
            to.Points + discount.PointsEarned - (Int128)discount.PointsSpent);
    }

    private static bool IsBetter(Combination one, Combination other, ChoiceMode mode)
    {
        var sign = mode == ChoiceMode.BestForUser ? 1 : -1;
        var order = (one.Total, one.Points, -one.Used.Count).CompareTo((other.Total, other.Points, -other.Used.Count));
        return sign * order > 0;
    }

    /// <summary>Why a coupon is not chosen, where adding it to the chosen ones meets the obstacle
    /// <paramref name="added"/>.</summary>
    private static UnusedCoupon Explain(Candidate candidate, Combination best, Cart cart, OfferObstacle added)
    {
        var against = best.Used.FirstOrDefault(
            u => !Stacking.Allows(u.Candidate.Offer.Stacking, candidate.Offer.Stacking));
        if (against.Candidate is not null)
        {
            return new(candidate.Code, RedemptionStatus.NotStackable, against.Candidate.Code);
        }

        return new(candidate.Code,
            CartEngine.Apply(candidate.Offer, cart, best.Rest, candidate.Coverage, out _) == OfferObstacle.NothingLeft
                ? RedemptionStatus.NothingLeft
            : added == OfferObstacle.BelowMarginFloor ? RedemptionStatus.BelowMarginFloor
            : RedemptionStatus.NotChosen);
    }

    /// <summary>A coupon that applies by itself.</summary>
    private sealed record Candidate(string Code, Offer Offer, Coverage Coverage, Discount Alone);

    /// <summary>Coupons beside each other, in the order of taking off.</summary>
    /// <param name="Members">One bit for each candidate.</param>
    /// <param name="Used">The coupons with what each takes off.</param>
    /// <param name="Rest">What they leave.</param>
    /// <param name="Total">What they take off in all.</param>
    /// <param name="Points">Points earned less points spent.</param>
    private sealed record Combination(
        long Members, IReadOnlyList<(Candidate Candidate, Discount Discount)> Used, CartRest Rest, long Total,
        Int128 Points);
}
