using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Domain.Models.Response;

/// <summary>Base rates of the four heads.</summary>
public sealed class ResponsePrior
{
    /// <summary>Takes the rates as they stand in the artifact. Throws if they are too few or no probabilities.</summary>
    public ResponsePrior(float[] rates)
    {
        if (rates.Length != ResponseShape.Heads || rates.Any(rate => rate is not (>= 0 and <= 1)))
        {
            throw new ArgumentException("The rates should be four probabilities.", nameof(rates));
        }

        Rates = rates;
    }

    /// <summary>Nothing was ever seen: even chances.</summary>
    public static ResponsePrior Even { get; } = new([0.5f, 0.5f, 0.5f, 0.5f]);

    /// <summary>As they stand in the artifact.</summary>
    public float[] Rates { get; }

    /// <summary>The rates of a user's segment for a kind of offer.</summary>
    /// <param name="profile">The user, or null if nothing of him may be used: then of all users.</param>
    /// <param name="kind">The kind.</param>
    public ResponseScores Of(UserProfile? profile, OfferKind kind) => new(Rates[0], Rates[1], Rates[2], Rates[3]);
}
