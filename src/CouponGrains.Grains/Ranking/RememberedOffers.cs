using CouponGrains.Contracts.Ranking;
using CouponGrains.Domain;
using CouponGrains.Domain.Ranking;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace CouponGrains.Grains.Ranking;

/// <summary>Answers of this silo that are given again while they are still what ranking would give: the same silo's
/// copy, no change of the user since, and none that the clock alone brings. All of them together have a bounded
/// room.</summary>
internal sealed class RememberedOffers(TimeProvider time, IOptions<GrainsOptions> options) : IDisposable
{
    /// <summary>Bytes of all answers.</summary>
    private const long RoomMax = 64 * 1024 * 1024;

    /// <summary>Bytes that an answer takes beside its own.</summary>
    private const long Overhead = 512;

    private readonly TimeSpan _lifetime = options.Value.OffersLifetime;
    private readonly MemoryCache _answers = new(new MemoryCacheOptions { SizeLimit = RoomMax });

    /// <summary>The answer, if it is still good.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="query">What was asked.</param>
    /// <param name="index">The silo's copy.</param>
    /// <param name="change">The number of the user's last change.</param>
    public TaggedOffers? Find(UserId user, OffersQuery query, OfferIndex index, long change) =>
        _answers.TryGetValue(new Question(user, query), out Remembered? known)
            && ReferenceEquals(known!.Index, index) && known.Change == change && time.GetUtcNow() < known.Until
            ? known.Answer
            : null;

    /// <summary>Keeps an answer that was ranked at <paramref name="at"/> for <paramref name="subject"/>.</summary>
    public void Keep(
        OffersQuery query, OfferIndex index, long change, RankingSubject subject, DateTimeOffset at, TaggedOffers answer)
    {
        if (_lifetime == TimeSpan.Zero)
        {
            return;
        }

        var user = subject.Profile.Record.Id;
        var until = OfferRanker.UnchangedUntil(index, subject, at);
        var lifetime = Lifetime(user);
        var last = at + lifetime;
        var known = new Remembered(index, change, until < last ? until : last, answer);
        _answers.Set(new Question(user, query), known, new MemoryCacheEntryOptions
        {
            AbsoluteExpirationRelativeToNow = lifetime, Size = answer.Json!.Length + Overhead,
        });
    }

    public void Dispose() => _answers.Dispose();

    /// <summary>Half of what is set to all of it, by user: users who were answered together are not ranked together
    /// again, or each lifetime would begin with a burst.</summary>
    private TimeSpan Lifetime(UserId user) => _lifetime * (1 - ((Domain.StableHash.Of("offers", user.Value) & 0xffff) / 131_072.0));

    private readonly record struct Question(UserId User, OffersQuery Query);

    private sealed record Remembered(OfferIndex Index, long Change, DateTimeOffset Until, TaggedOffers Answer);
}
