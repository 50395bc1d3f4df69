using CouponGrains.Domain;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Profiles;
using CouponGrains.Training.Models;

namespace CouponGrains.Training.Tests.Models;

/// <summary>Streams of behaviour, and the plain form of what is made of them.</summary>
internal static class BehaviourStreams
{
    private static int _next;

    public static DateTimeOffset Day0 { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static UserEvent Event(string user, string item, EventKind kind, double day) => new()
    {
        Id = new($"e{_next++}"), User = new(user), Item = new ItemId(item), Kind = kind, At = Day0.AddDays(day),
    };

    /// <summary>Events of every kind that weighs, in no order, many of them on the same pair.</summary>
    public static UserEvent[] Random(int seed, int events, int users, int items, int days)
    {
        var random = new Random(seed);
        EventKind[] kinds = [EventKind.View, EventKind.Cart, EventKind.Purchase, EventKind.Purchase, EventKind.Refund];
        return [.. Enumerable.Range(0, events).Select(_ => Event($"u{random.Next(users)}", $"i{random.Next(items)}",
            kinds[random.Next(kinds.Length)], random.NextDouble() * days))];
    }

    public static BehaviourAccumulator Accumulate(
        IEnumerable<UserEvent> events, BehaviourWeights? weights = null, DateTimeOffset? split = null)
    {
        var behaviour = new BehaviourAccumulator(weights ?? new(), split ?? DateTimeOffset.MaxValue);
        foreach (var e in events)
        {
            behaviour.Add(e);
        }

        return behaviour;
    }

    public static BehaviourMatrix Matrix(params UserEvent[] events) => Accumulate(events).TakeMatrix(default);

    /// <summary>The entries above 0 by the definition: a dictionary of sums in double.</summary>
    public static Dictionary<(UserId, ItemId), float> Entries(IReadOnlyList<UserEvent> events, BehaviourWeights weights)
    {
        var newest = events.Max(e => e.At);
        var sums = new Dictionary<(UserId, ItemId), double>();
        foreach (var e in events)
        {
            var pair = (e.User, e.Item!.Value);
            sums[pair] = sums.GetValueOrDefault(pair)
                + (weights.Of(e.Kind) * double.Exp2((e.At - newest) / weights.HalfLife));
        }

        return sums.Where(s => BehaviourWeights.Entry(s.Value) > 0)
            .ToDictionary(s => s.Key, s => BehaviourWeights.Entry(s.Value));
    }

    public static Dictionary<(UserId, ItemId), float> Entries(BehaviourMatrix matrix)
    {
        var entries = new Dictionary<(UserId, ItemId), float>();
        for (var row = 0; row < matrix.Users.Count; row++)
        {
            for (var p = 0; p < matrix.Entries.RowIndices(row).Length; p++)
            {
                entries.Add((matrix.Users[row], matrix.Items[matrix.Entries.RowIndices(row)[p]]),
                    matrix.Entries.RowValues(row)[p]);
            }
        }

        return entries;
    }

    /// <summary>Equal but for rounding: within 1e-5 of the larger, or both next to nothing beside an event.</summary>
    public static void AssertAlike(
        Dictionary<(UserId, ItemId), float> expected, Dictionary<(UserId, ItemId), float> actual)
    {
        foreach (var pair in expected.Keys.Union(actual.Keys))
        {
            var (a, b) = (expected.GetValueOrDefault(pair), actual.GetValueOrDefault(pair));
            Assert.True(Math.Abs(a - b) <= 1e-6 + (1e-5 * Math.Max(a, b)), $"{pair}: {a} and {b}");
        }
    }
}
