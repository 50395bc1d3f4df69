using System.Numerics.Tensors;

namespace CouponGrains.Domain.Models;

/// <summary>Users of like taste.</summary>
public static class SimilarUsers
{
    /// <summary>The <paramref name="count"/> training users whose vectors have the largest cosine with
    /// <paramref name="taste"/>, best first, ties by id, without <paramref name="self"/>. Users without a direction (a
    /// vector of zeros) are like nobody. O(users · k).</summary>
    public static IReadOnlyList<(UserId User, double Cosine)> Find(
        UserFactors users, ReadOnlySpan<float> taste, UserId self, int count)
    {
        if (taste.Length != users.Rank)
        {
            throw new ArgumentException(
                $"The taste has {taste.Length} numbers, the users have {users.Rank}.", nameof(taste));
        }

        var best = new PriorityQueue<UserId, (float Cosine, UserId User)>(WorstFirst.Instance);
        for (var row = 0; row < users.Users.Count && count > 0; row++)
        {
            var user = users.Users[row];
            var cosine = TensorPrimitives.CosineSimilarity(taste, users.Values.AsSpan(row * users.Rank, users.Rank));
            if (float.IsNaN(cosine) || user == self)
            {
                continue;
            }

            if (best.Count < count)
            {
                best.Enqueue(user, (cosine, user));
            }
            else
            {
                best.EnqueueDequeue(user, (cosine, user));
            }
        }

        var found = new (UserId User, double Cosine)[best.Count];
        for (var i = found.Length - 1; best.TryDequeue(out var user, out var rank); i--)
        {
            found[i] = (user, rank.Cosine);
        }

        return found;
    }

    private sealed class WorstFirst : IComparer<(float Cosine, UserId User)>
    {
        internal static readonly WorstFirst Instance = new();

        public int Compare((float Cosine, UserId User) x, (float Cosine, UserId User) y) =>
            x.Cosine.CompareTo(y.Cosine) is var order and not 0 ? order : y.User.CompareTo(x.User);
    }
}
