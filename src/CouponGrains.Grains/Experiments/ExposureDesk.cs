using CouponGrains.Contracts;
using CouponGrains.Contracts.Ranking;
using CouponGrains.Domain;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Experiments;
using CouponGrains.Domain.Models.Response;
using CouponGrains.Domain.Ranking;

namespace CouponGrains.Grains.Experiments;

/// <summary>Chooses the lists that a user is shown and logs them. The last ones are remembered, so that a repeated call
/// is answered alike; the log keeps a list from being logged twice for good.</summary>
internal sealed class ExposureDesk(UserId user, IEventLog log, TimeProvider time)
{
    private const int RememberedMax = 16;

    private Queue<(ExposeCommand Command, OffersAnswer Answer)>? _remembered;

    /// <summary>The list to show.</summary>
    public async Task<Answer<OffersAnswer>> Expose(
        ExposeCommand command, OfferIndex index, RankingSubject subject, CancellationToken cancel)
    {
        if (_remembered?.FirstOrDefault(r => r.Command.Key == command.Key) is { Command: { } before } repeated)
        {
            return before == command
                ? new Answer<OffersAnswer> { Value = repeated.Answer, IsRepeat = true }
                : Reused();
        }

        var now = time.GetUtcNow();
        // The dice are thrown by the key, so that a repeated call chooses the same list.
        var random = new Random(unchecked((int)Domain.StableHash.Of(command.Key, user.Value)));
        var shown = OfferRanker.Show(index, subject, command.Campaign, command.Count, now, random);
        var events = ListRules.Events(user, command.Key, shown, now);
        // The first place stands for the list: one that was logged before gets no further places now.
        if (events.Length > 0 && (await log.Append([events[0]], cancel))[0].Status != AppendStatus.Accepted)
        {
            return Reused();
        }

        if (events.Length > 1)
        {
            await log.Append(events[1..], cancel);
        }

        var answer = Answer(index, subject, shown);
        _remembered ??= new();
        _remembered.Enqueue((command, answer));
        if (_remembered.Count > RememberedMax)
        {
            _remembered.Dequeue();
        }

        return answer;
    }

    /// <summary>Offers as they are answered.</summary>
    public static OffersAnswer Answer(OfferIndex index, RankingSubject subject, IReadOnlyList<RankedOffer> offers)
    {
        var bases = offers.Select(o => o.Basis).OfType<ResponseBasis>().ToList();
        ResponseBasis? basis = bases.Count > 0 ? bases.Max() : null; // The segment is the weaker one, and the larger number.
        return new(
            [.. offers], index.Model?.Version ?? ModelVersion.None, OfferRanker.IsPersonal(index, subject), basis);
    }

    private static Refusal Reused() =>
        new(RefusalCodes.DuplicateOtherContent, "A list was logged under this key before.", "/key");
}
