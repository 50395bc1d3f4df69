using CouponGrains.Domain.Profiles;

namespace CouponGrains.Domain.Models.Response;

/// <summary>What the network is told of a user and the moment.</summary>
public static class UserFeatures
{
    /// <summary>How many numbers there are with a vocabulary.</summary>
    public static int Width(IReadOnlyList<string> vocabulary) => vocabulary.Count + 1;

    /// <summary>Fills them in, shape (user).</summary>
    public static void Fill(
        UserProfile profile, IReadOnlyList<string> vocabulary, DateTimeOffset now, Span<float> p)
    {
        p.Clear();
        p[^1] = MathF.Log(1 + profile.Orders);
    }
}
