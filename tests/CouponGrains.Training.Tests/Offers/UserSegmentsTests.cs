using CouponGrains.Training.Offers;

namespace CouponGrains.Training.Tests.Offers;

public sealed class UserSegmentsTests
{
    [Fact]
    public void Users_of_three_directions_make_segments_that_never_mix_them()
    {
        var random = new Random(2);
        var users = new float[90 * 3];
        for (var user = 0; user < 90; user++)
        {
            for (var i = 0; i < 3; i++)
            {
                users[(user * 3) + i] = (1 + (user % 7)) * ((i == user % 3 ? 1 : 0) + (0.1f * random.NextSingle()));
            }
        }

        var segments = UserSegments.Find(users, 3, new(1));
        Assert.Equal(1, segments.Shares.Sum(), 1e-5f);
        foreach (var direction in new[] { 0, 1, 2 })
        {
            var share = segments.Centroids.Zip(segments.Shares).Where(s => s.First[direction] > 0.9).Sum(s => s.Second);
            Assert.Equal(1f / 3, share, 1e-5f);
        }
    }

    [Fact]
    public void A_place_from_0_to_1_falls_on_segments_in_proportion_to_their_shares()
    {
        var segments = new UserSegments([[1f], [1f], [1f]], [0.5f, 0.3f, 0.2f]);
        var places = Enumerable.Range(0, 1_000).Select(i => segments.At((i + 0.5) / 1_000)).CountBy(s => s)
            .ToDictionary();
        Assert.Equal(500, places[0]);
        Assert.Equal(300, places[1]);
        Assert.Equal(200, places[2]);
    }

    [Fact]
    public void Users_without_taste_give_one_segment_without_direction()
    {
        var segments = UserSegments.Find(new float[6], 2, new(1));
        Assert.Equal([1f], segments.Shares);
        Assert.Equal([0f, 0f], segments.Centroids[0]);
    }
}
