using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Domain.Models.Response;

/// <summary>Base rates of the four heads: of all users, and of each segment of users for each kind of offer. A segment
/// is new (no order), of few orders (1 to <see cref="FewOrders"/>) or regular.</summary>
/// <remarks>A segment's rate is <c>(n₁ + m r) / (n + m)</c> with n₁ of n examples, r the overall rate and m
/// = <see cref="Mass"/>: what was seldom seen stays near the mean of all.</remarks>
public sealed class ResponsePrior
{
    /// <summary>The most orders of a user of few orders.</summary>
    public const int FewOrders = 3;

    /// <summary>How many examples the overall rate counts for.</summary>
    public const double Mass = 50;

    private const int Segments = 3;
    private const int Kinds = 9;
    private const int Length = ResponseShape.Heads * (1 + (Segments * Kinds));

    /// <summary>Takes the rates as they stand in the artifact: the overall ones of the four heads, then those of each
    /// segment and kind. Throws if they are too few or no probabilities.</summary>
    public ResponsePrior(float[] rates)
    {
        if (rates.Length != Length || rates.Any(rate => rate is not (>= 0 and <= 1)))
        {
            throw new ArgumentException($"The rates should be {Length} probabilities.", nameof(rates));
        }

        Rates = rates;
    }

    /// <summary>Nothing was ever seen: even chances.</summary>
    public static ResponsePrior Even { get; } = new([.. Enumerable.Repeat(0.5f, Length)]);

    /// <summary>As they stand in the artifact.</summary>
    public float[] Rates { get; }

    /// <summary>The rates of what was seen: for each example the orders of the user, the kind of the offer, and the
    /// four outcomes, 1 or 0, or not a number where it is not known. A head of which nothing is known is at even
    /// chances.</summary>
    public static ResponsePrior Of(IEnumerable<(int Orders, OfferKind Kind, float[] Outcomes)> examples)
    {
        var (sums, counts) = (new double[Length], new double[Length]);
        foreach (var (orders, kind, outcomes) in examples)
        {
            for (var head = 0; head < ResponseShape.Heads; head++)
            {
                if (!float.IsNaN(outcomes[head]))
                {
                    sums[head] += outcomes[head];
                    counts[head]++;
                    sums[PlaceOf(orders, kind) + head] += outcomes[head];
                    counts[PlaceOf(orders, kind) + head]++;
                }
            }
        }

        var rates = new float[Length];
        for (var i = 0; i < Length; i++)
        {
            var head = i % ResponseShape.Heads;
            rates[i] = (float)(i == head
                ? (sums[i] + 1) / (counts[i] + 2)
                : (sums[i] + (Mass * rates[head])) / (counts[i] + Mass));
        }

        return new(rates);
    }

    /// <summary>The rates of a user's segment for a kind of offer.</summary>
    /// <param name="profile">The user, or null if nothing of him may be used: then of all users.</param>
    /// <param name="kind">The kind.</param>
    public ResponseScores Of(UserProfile? profile, OfferKind kind) =>
        profile is null ? At(0) : Of(profile.Orders, kind);

    /// <summary>The rates of a segment of users for a kind of offer.</summary>
    /// <param name="orders">The orders of a user of the segment.</param>
    /// <param name="kind">The kind.</param>
    public ResponseScores Of(int orders, OfferKind kind) => At(PlaceOf(orders, kind));

    private ResponseScores At(int place) => new(Rates[place], Rates[place + 1], Rates[place + 2], Rates[place + 3]);

    private static int PlaceOf(int orders, OfferKind kind)
    {
        var segment = orders == 0 ? 0 : orders <= FewOrders ? 1 : 2;
        var place = (int)kind is > 0 and < Kinds ? (int)kind : 0;
        return ResponseShape.Heads * (1 + (segment * Kinds) + place);
    }
}
