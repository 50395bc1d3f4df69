using CouponGrains.Domain.Models;

namespace CouponGrains.Domain.Tests.Models;

public sealed class SimilarUsersTests
{
    [Fact]
    public void The_nearest_users_are_those_of_a_plain_search()
    {
        const int seed = 4;
        var users = Samples.Model(items: 1, rank: 19, seed, users: 300).Users!;
        var taste = Samples.Normal(new Random(seed + 1), 19);
        var self = users.Users[17];

        var plain = Enumerable.Range(0, 300).Where(u => u != 17)
            .Select(u => (User: users.Users[u], Cosine: Cosine(taste, users.Values.AsSpan(u * 19, 19))))
            .OrderByDescending(u => u.Cosine).Take(10).ToList();
        var found = SimilarUsers.Find(users, taste, self, 10);

        Assert.Equal(plain.Select(u => u.User), found.Select(u => u.User));
        Assert.All(plain.Zip(found), pair => Assert.Equal(pair.First.Cosine, pair.Second.Cosine, 1e-5));
    }

    [Fact]
    public void Ties_go_by_id_and_users_without_a_direction_are_like_nobody()
    {
        var users = new UserFactors([new("c"), new("a"), new("b"), new("z")], 2, [2, 0, 1, 0, 3, 0, 0, 0]);
        Assert.Equal(["a", "b"], SimilarUsers.Find(users, [1, 0], new("nobody"), 2).Select(u => u.User.Value));
        Assert.Equal(["a", "b", "c"], SimilarUsers.Find(users, [1, 0], new("nobody"), 9).Select(u => u.User.Value));
        Assert.Empty(SimilarUsers.Find(users, [0, 0], new("nobody"), 9));
        Assert.Empty(SimilarUsers.Find(users, [1, 0], new("nobody"), 0));
    }

    private static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var (dot, aa, bb) = (0.0, 0.0, 0.0);
        for (var i = 0; i < a.Length; i++)
        {
            dot += (double)a[i] * b[i];
            aa += (double)a[i] * a[i];
            bb += (double)b[i] * b[i];
        }

        return dot / Math.Sqrt(aa * bb);
    }
}
