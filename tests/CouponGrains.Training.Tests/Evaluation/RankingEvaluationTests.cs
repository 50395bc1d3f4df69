using CouponGrains.Domain;
using CouponGrains.Training.Evaluation;
using CouponGrains.Training.Models;

namespace CouponGrains.Training.Tests.Evaluation;

public sealed class RankingEvaluationTests
{
    private static readonly CsrMatrix Train = CsrMatrix.FromDense(new float[,]
    {
        { 1, 0, 0, 0 }, // Popularity of the items: 3, 2, 1, 0.
        { 1, 1, 0, 0 },
        { 1, 1, 1, 0 },
    });

    [Fact]
    public void Full_ranking_of_popularity_is_as_computed_by_hand()
    {
        // User 0 gets items 1, 2, 3; relevant are 2 and 3: recall 1, DCG 1/log2(3) + 1/log2(4), ideal 1 + 1/log2(3).
        // User 1 gets items 2, 3; relevant is 2.
        var test = new GraphRanking { Train = Train, Users = [0, 1], Relevant = [[2, 3], [2]] };
        var figures = test.Measure(Baselines.Popularity(Train), 2, CancellationToken.None);
        Assert.Equal(1, figures.Hits, 12);
        Assert.Equal((((1 / Math.Log2(3)) + 0.5) / (1 + (1 / Math.Log2(3))) + 1) / 2, figures.Ndcg, 12);
    }

    [Fact]
    public void A_last_item_is_ranked_once_though_it_is_sampled_too_and_a_sampled_item_counts_once()
    {
        var test = new NcfRanking { Train = Train, Users = [0], Last = [2], Negatives = [[1, 1, 2, 3]] };
        var figures = test.Measure(Baselines.Popularity(Train), 1, CancellationToken.None);
        Assert.Equal(1, figures.Hits, 12);
        Assert.Equal(1 / Math.Log2(3), figures.Ndcg, 12); // Item 1 alone is ahead.
    }

    [Fact]
    public void Validation_takes_nothing_but_training_entries_and_the_same_ones_for_a_seed()
    {
        var matrix = Groups();
        var test = new GraphRanking { Train = matrix, Users = [0], Relevant = [[1]] };
        var (one, two) = (test.Validation(20, 3), test.Validation(20, 3));
        Assert.Equal(one.Users, two.Users);
        Assert.Equal(one.Train.Indices, two.Train.Indices);
        for (var i = 0; i < one.Users.Length; i++)
        {
            var (all, left) = (matrix.RowIndices(one.Users[i]).ToArray(), one.Train.RowIndices(one.Users[i]).ToArray());
            Assert.Equal(all, left.Concat(one.Relevant[i]).Order());
        }
    }

    [Fact]
    public void Ours_finds_the_groups_that_popularity_cannot_see()
    {
        var matrix = Groups();
        var (kept, held) = HeldOut.Split(matrix, (row, count) => [row % count]);
        var test = new GraphRanking { Train = kept, Users = [.. Enumerable.Range(0, matrix.Rows)], Relevant = held };
        var options = new RankingEvaluationOptions
        {
            PlainRanks = [4], ValidationUsers = 50, Search = new() { FitsMax = 12 },
        };
        var report = RankingEvaluation.Run(test, options, new Silent(), CancellationToken.None);
        Assert.Equal(["popularity", "plain SVD, rank 4", "ours: spectral"], report.Rows.Select(row => row.Name));
        Assert.True(report.Rows[2].Figures.Ndcg > report.Rows[0].Figures.Ndcg + 0.1, $"{string.Join('\n', report.Rows)}");
    }

    [Fact]
    public void A_protocol_without_test_users_is_refused() => Assert.Equal(RefusalCodes.TooLittleData,
        Assert.Throws<RefusedException>(() => RankingEvaluation.Run(
            new GraphRanking { Train = Train, Users = [], Relevant = [] }, new(), new Silent(), CancellationToken.None)).Refusal.Code);

    // 120 users in four groups, each of which buys of its own 15 items with a chance of 0.5.
    private static CsrMatrix Groups()
    {
        var random = new Random(5);
        var dense = new float[120, 60];
        for (var user = 0; user < 120; user++)
        {
            for (var item = 0; item < 60; item++)
            {
                dense[user, item] = user % 4 == item % 4 && random.NextDouble() < 0.5 ? 1 : 0;
            }
        }

        return CsrMatrix.FromDense(dense);
    }

    private sealed class Silent : IProgress<string>
    {
        public void Report(string value)
        {
        }
    }
}
