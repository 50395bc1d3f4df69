using CouponGrains.Contracts.Profiles;
using Microsoft.Extensions.Caching.Memory;

namespace CouponGrains.Contracts.Ranking;

/// <summary>Offers that a caller of the grains keeps, so that they travel only when they are others. Whether they are
/// the user's grain says each time, so nothing is ever answered that it would not answer. All of them together have a
/// bounded room, and what nobody asks for is soon forgotten.</summary>
/// <typeparam name="T">What offers are kept as.</typeparam>
/// <param name="read">Makes it of their JSON.</param>
public sealed class KnownOffers<T>(Func<byte[], T> read) : IDisposable
    where T : class
{
    /// <summary>Bytes of JSON of all that is kept.</summary>
    private const long RoomMax = 64 * 1024 * 1024;

    /// <summary>Bytes that an entry takes beside its offers.</summary>
    private const long Overhead = 512;

    private static readonly TimeSpan Unasked = TimeSpan.FromMinutes(1);

    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = RoomMax });

    /// <summary>The offers for a user, and their tag.</summary>
    public async Task<(string Tag, T Offers)> Ask(IUserGrain user, OffersQuery query, CancellationToken cancel)
    {
        var question = new Question(user.GetPrimaryKeyString(), query);
        var kept = _kept.TryGetValue(question, out Kept? known) ? known : null;
        var answer = await user.OffersJson(query, kept?.Tag, cancel);
        if (kept is not null && answer.Json is null)
        {
            return (kept.Tag, kept.Offers);
        }

        var offers = read(answer.Json!);
        _kept.Set(question, new Kept(answer.Tag, offers), new MemoryCacheEntryOptions
        {
            SlidingExpiration = Unasked, Size = answer.Json!.Length + Overhead,
        });
        return (answer.Tag, offers);
    }

    /// <inheritdoc/>
    public void Dispose() => _kept.Dispose();

    private readonly record struct Question(string User, OffersQuery Query);

    private sealed record Kept(string Tag, T Offers);
}
