using CouponGrains.Domain;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Ranking;

namespace CouponGrains.Contracts.Ranking;

/// <summary>Something that was decided for a user, as the log has it.</summary>
/// <param name="Sequence">Its place in the log.</param>
/// <param name="Id">The event's id.</param>
/// <param name="Kind"><see cref="EventKind.Issued"/> or <see cref="EventKind.Exposed"/>.</param>
/// <param name="At">When.</param>
/// <param name="Offer">The offer.</param>
/// <param name="CouponCode">The coupon, if one was issued.</param>
/// <param name="Model">The model that ranked it; <see cref="ModelVersion.None"/> if it was given by name or the log
/// does not tell.</param>
/// <param name="Position">Its place in the list, from 1.</param>
/// <param name="Score">What it was ranked by.</param>
/// <param name="Propensity">The probability with which the policy decided so.</param>
/// <param name="RedemptionProbability">As the response model told it; null where none did.</param>
[GenerateSerializer, Immutable, Alias("cg.decision")]
public sealed record Decision(
    [property: Id(0)] long Sequence, [property: Id(1)] EventId Id, [property: Id(2)] EventKind Kind,
    [property: Id(3)] DateTimeOffset At, [property: Id(4)] OfferId Offer, [property: Id(5)] string? CouponCode,
    [property: Id(6)] ModelVersion Model, [property: Id(7)] int Position, [property: Id(8)] double Score,
    [property: Id(9)] double? Propensity, [property: Id(10)] double? RedemptionProbability)
{
    /// <summary>The decision that an event tells of; null if it tells of none.</summary>
    public static Decision? Of(RecordedEvent recorded)
    {
        var e = recorded.Event;
        return e is { Kind: EventKind.Issued or EventKind.Exposed, Offer: { } offer }
            ? new(
                recorded.Sequence, e.Id, e.Kind, e.At, offer, e.CouponCode, e.Exposure?.Model ?? ModelVersion.None,
                e.Exposure?.Position ?? 1, e.Exposure?.Score ?? 0, e.Propensity, e.Exposure?.RedemptionProbability)
            : null;
    }
}

/// <summary>Why something was decided: ranked again from the user's events up to then.</summary>
/// <param name="Decision">The decision.</param>
/// <param name="Model">The model that it was ranked with again, the one in force.</param>
/// <param name="Exact">True if that gave the score that was logged: then the reasons are those of the decision. Under
/// another model, or other offers or prices, they are how it would be told today.</param>
/// <param name="Score">The score that it gave; null if the offer is not among those that could be issued.</param>
/// <param name="Reasons">Why, the strongest first; none if the offer was given by name or is not there any
/// more.</param>
[GenerateSerializer, Immutable, Alias("cg.decision-explanation")]
public sealed record DecisionExplanation(
    [property: Id(0)] Decision Decision, [property: Id(1)] ModelVersion Model, [property: Id(2)] bool Exact,
    [property: Id(3)] double? Score, [property: Id(4)] IReadOnlyList<Reason> Reasons);
