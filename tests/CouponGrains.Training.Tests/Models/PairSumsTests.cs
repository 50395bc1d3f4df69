using CouponGrains.Training.Models;

namespace CouponGrains.Training.Tests.Models;

public sealed class PairSumsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(17)]
    [InlineData(1_000)]
    [InlineData(1_000_000)]
    public void Sums_and_their_order_do_not_hang_on_the_size_of_the_buffer(int bufferMax)
    {
        var random = new Random(1);
        var (sums, expected) = (new PairSums(bufferMax), new SortedDictionary<(int User, int Item), double>());
        for (var i = 0; i < 5_000; i++)
        {
            // Small whole numbers, so that every order of adding gives the same sum.
            var (user, item, amount) = (random.Next(40), random.Next(60), random.Next(-4, 9));
            sums.Add(user, item, amount);
            expected[(user, item)] = expected.GetValueOrDefault((user, item)) + amount;
        }

        Assert.Equal(expected.Count, sums.Pairs);
        Assert.Equal(expected.Select(e => (e.Key.User, new PairSum(e.Key.Item, (float)e.Value))), Pairs(sums, 45));
    }

    [Fact]
    public void Rows_reach_over_many_pages_and_users_come_in_any_order()
    {
        const int Users = 50, Items = 4_000; // 200,000 pairs: more than three pages of 65,536.
        var sums = new PairSums(bufferMax: 3_000);
        for (var i = 0; i < Users * Items; i++)
        {
            var pair = (int)(((long)i * 77_777) % (Users * Items));
            sums.Add(pair % Users, pair / Users, pair);
        }

        Assert.Equal(Users * Items, sums.Pairs);
        Assert.All(Pairs(sums, Users).Index(), p => Assert.Equal(
            (p.Index / Items, new PairSum(p.Index % Items, ((p.Index % Items) * Users) + (p.Index / Items))), p.Item));
    }

    [Fact]
    public void The_buffer_stays_within_its_bound_however_often_a_pair_returns()
    {
        var sums = new PairSums(bufferMax: 2_048);
        for (var i = 0; i < 2_000_000; i++)
        {
            sums.Add(i % 10, i % 3, 1);
        }

        Assert.Equal(30, sums.Pairs);
        Assert.InRange(sums.Bytes, 1, (8 << 16) + (12 * 2_048) + (8 * 16)); // One page, the buffer, ten rows.
        Assert.Equal(2_000_000, Pairs(sums, 10).Sum(p => p.Pair.Sum));
    }

    [Fact]
    public void At_rest_a_pair_takes_eight_bytes()
    {
        var sums = new PairSums(bufferMax: 1 << 10);
        for (var i = 0; i < 1 << 20; i++)
        {
            sums.Add(i % 1_000, i / 1_000, 1);
        }

        Assert.Equal(1 << 20, sums.Pairs);
        Assert.InRange((double)sums.Bytes / sums.Pairs, 8, 8.1);
    }

    [Fact]
    public void Scaling_reaches_sums_at_rest_and_in_the_buffer()
    {
        var sums = new PairSums();
        sums.Add(1, 1, 8);
        Assert.Equal(1, sums.Pairs);
        sums.Add(0, 2, 4);
        sums.Scale(0.25f);
        Assert.Equal([(0, new PairSum(2, 1)), (1, new(1, 2))], Pairs(sums, 2));
    }

    private static IEnumerable<(int User, PairSum Pair)> Pairs(PairSums sums, int users)
    {
        for (var user = 0; user < users; user++)
        {
            var row = sums.RowOf(user);
            for (var i = 0; i < row.Length; i++)
            {
                yield return (user, row[i]);
            }
        }
    }
}
