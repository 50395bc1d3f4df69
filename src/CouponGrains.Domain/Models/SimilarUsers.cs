namespace CouponGrains.Domain.Models;

/// <summary>Users of like taste.</summary>
public static class SimilarUsers
{
    /// <summary>The <paramref name="count"/> training users whose vectors have the largest cosine with
    /// <paramref name="taste"/>, best first, without <paramref name="self"/>.</summary>
    public static IReadOnlyList<(UserId User, double Cosine)> Find(
        UserFactors users, ReadOnlySpan<float> taste, UserId self, int count) => throw new NotImplementedException();
}
