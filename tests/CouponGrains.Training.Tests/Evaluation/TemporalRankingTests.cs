using CouponGrains.Domain;
using CouponGrains.Domain.Events;
using CouponGrains.Training.Evaluation;
using CouponGrains.Training.Models;

namespace CouponGrains.Training.Tests.Evaluation;

public sealed class TemporalRankingTests
{
    private static readonly DateTimeOffset Split = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly CsrMatrix Before = CsrMatrix.FromDense(new float[,]
    {
        { 1, 0, 0, 0 }, // Popularity of the items: 3, 2, 1, 0.
        { 1, 1, 0, 0 },
        { 1, 1, 1, 0 },
    });

    [Fact]
    public void The_past_is_ranked_too_and_what_training_never_saw_counts_in_the_ideal()
    {
        // User 0 bought items 0 and 2 again and one that is not known: ranks 1 and 3 of popularity, 3 in the ideal.
        var test = TemporalRanking.Of(Before, [(0, [2, -1, 0]), (2, [])]);
        var figures = test.Measure(Baselines.Popularity(Before), 2, CancellationToken.None);
        Assert.Equal([0], test.Users);
        Assert.Equal(1, figures.Hits, 12);
        Assert.Equal((1 + 0.5) / (1 + (1 / Math.Log2(3)) + 0.5), figures.Ndcg, 12);
        Assert.Equal(2.0 / 3, figures.Recall, 12);
    }

    [Fact]
    public void New_items_are_ranked_without_the_past_and_users_with_nothing_new_are_left_out()
    {
        // Without his own item 0 user 0 is offered items 1, 2, 3; he bought 2 and an unknown one. User 1 bought
        // nothing new.
        var test = TemporalRanking.Of(Before, [(0, [0, 2, -1]), (1, [0, 1])]).NewItems();
        var figures = test.Measure(Baselines.Popularity(Before), 1, CancellationToken.None);
        Assert.Equal([0], test.Users);
        Assert.Equal(1 / Math.Log2(3) / (1 + (1 / Math.Log2(3))), figures.Ndcg, 12);
        Assert.Equal(0.5, figures.Recall, 12);
    }

    [Fact]
    public void The_own_past_leads_by_its_weight_and_the_popular_follow()
    {
        var r = CsrMatrix.FromDense(new float[,] { { 0, 0, 1, 3 }, { 9, 5, 0, 0 } });
        var scores = new float[4];
        Baselines.OwnPast(r)(r, [0], scores);
        var top = new int[4];
        TopRanked.Find(scores, top);
        Assert.Equal([3, 2, 0, 1], top);
    }

    [Fact]
    public void Only_purchases_after_the_split_by_users_from_before_it_are_relevant()
    {
        var trace = new BehaviourTrace();
        Add(trace, "ann", "a", -3);
        Add(trace, "ann", "b", -2);
        Add(trace, "bob", "b", -1);
        Add(trace, "ann", "b", 1);
        Add(trace, "ann", "new", 2);
        Add(trace, "ann", "a", 3, EventKind.View);
        Add(trace, "bob", "a", 9);
        Add(trace, "late", "a", 1);
        var test = TemporalRanking.Of(trace, new(), Split, Split.AddDays(5));
        Assert.Equal((2, 2), (test.Train.Rows, test.Train.Columns));
        Assert.Equal([0], test.Users);
        Assert.Equal([-1, 1], test.Later[0]);
    }

    [Fact]
    public void Validation_lies_before_the_split()
    {
        var trace = new BehaviourTrace();
        for (var day = -10; day < 10; day++)
        {
            Add(trace, "ann", $"i{day + 10:D2}", day);
        }

        var test = TemporalRanking.Of(trace, new(), Split.AddDays(-1), DateTimeOffset.MaxValue);
        var validation = test.Validation(10, 1)!;
        Assert.Equal((10, 8), (test.Train.Columns, validation.Train.Columns)); // The newest fifth of ten events is two.
        Assert.Equal([-1, -1], validation.Later[0]);
    }

    /// <summary>Each user buys his two staples again and again: a repeat weight is found to be worth it.</summary>
    [Fact]
    public void The_search_for_a_shop_finds_that_people_buy_again_and_keeps_to_its_number_of_fits()
    {
        var random = new Random(4);
        var dense = new float[60, 30];
        var later = new List<(int Row, int[] Columns)>();
        for (var user = 0; user < 60; user++)
        {
            var own = Enumerable.Range(0, 5).Select(_ => random.Next(30)).Distinct().ToArray();
            foreach (var item in own)
            {
                dense[user, item] = 1;
            }

            later.Add((user, own[..Math.Min(2, own.Length)]));
        }

        var steps = new Steps();
        var limits = new SpectralSearchOptions { FitsMax = 15, RankMax = 8, Threads = 2 };
        var chosen = SpectralSearch.Run(CsrMatrix.FromDense(dense), later, limits, steps, CancellationToken.None);
        Assert.True(chosen.RepeatWeight > 0, $"{chosen}");
        Assert.InRange(chosen.Rank, 1, 8);
        Assert.InRange(steps.Seen.Count, 5, 16); // Each fit, and the end.
        Assert.Equal(1, steps.Seen[^1].Share);
        Assert.All(steps.Seen, step => Assert.InRange(step.Share, 0, 1));
    }

    [Fact]
    public void A_search_without_anything_to_measure_is_refused_and_a_cancelled_one_stops()
    {
        Assert.Equal(RefusalCodes.TooLittleData, Assert.Throws<RefusedException>(() => SpectralSearch.Run(
            Before, [], new(), new Steps(), CancellationToken.None)).Refusal.Code);
        Assert.ThrowsAny<OperationCanceledException>(() => SpectralSearch.Run(
            Before, [(0, [1])], new(), new Steps(), new CancellationToken(canceled: true)));
    }

    private static void Add(
        BehaviourTrace trace, string user, string item, int day, EventKind kind = EventKind.Purchase) => trace.Add(new()
        {
            Id = new($"{user}-{item}-{day}"), User = new(user), Item = new(item), Kind = kind, At = Split.AddDays(day),
        });

    private sealed class Steps : IProgress<SearchProgress>
    {
        public List<SearchProgress> Seen { get; } = [];

        public void Report(SearchProgress value) => Seen.Add(value);
    }
}
