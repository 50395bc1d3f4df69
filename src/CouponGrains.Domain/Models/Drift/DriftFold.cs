using CouponGrains.Domain.Events;

namespace CouponGrains.Domain.Models.Drift;

/// <summary>Reads events and tells how far they are from what the model was trained on. Bounded: of values only counts
/// by bin, of issues only sums by day.</summary>
public sealed class DriftFold
{
    private readonly ModelSnapshot? _model;
    private readonly Dictionary<string, FeatureReference> _references;
    private readonly Dictionary<string, long[]> _counts = [];
    private readonly SortedDictionary<DateTimeOffset, IssueDay> _issues;
    private long _events;

    /// <summary>A day that begins.</summary>
    /// <param name="model">The model in force, or null.</param>
    /// <param name="references">What it was trained on.</param>
    /// <param name="issues">The days of issues so far.</param>
    public DriftFold(
        ModelSnapshot? model, IReadOnlyList<FeatureReference> references, IReadOnlyList<IssueDay> issues)
    {
        _model = model;
        _references = references.ToDictionary(r => r.Name);
        _issues = new(issues.ToDictionary(i => i.Day));
    }

    /// <summary>The days of issues, oldest first, at most <see cref="IssueDay.DaysMax"/>.</summary>
    public IReadOnlyList<IssueDay> Issues => [.. _issues.Values];

    /// <summary>The references that these events, which the model was trained on, give; features with too few values
    /// are left out.</summary>
    public static IReadOnlyList<FeatureReference> References(IEnumerable<UserEvent> trained, ModelSnapshot model) =>
    [
        .. trained.SelectMany(e => Values(e, model)).GroupBy(v => v.Name, v => v.Value)
            .Select(g => FeatureReference.Of(g.Key, g)).OfType<FeatureReference>().OrderBy(r => r.Name, StringComparer.Ordinal),
    ];

    /// <summary>Takes one event in.</summary>
    public void Take(UserEvent e)
    {
        _events++;
        foreach (var (name, value) in Values(e, _model))
        {
            var reference = _references.GetValueOrDefault(name);
            if (!_counts.TryGetValue(name, out var counts))
            {
                _counts.Add(name, counts = new long[reference?.Shares.Count ?? 1]);
            }

            counts[reference?.BinOf(value) ?? 0]++;
        }

        if (e is { CouponCode: not null, Exposure: { } known })
        {
            Count(e, Midnight(known.At));
        }
    }

    /// <summary>The day as it was.</summary>
    public DriftDay Day(DateTimeOffset day)
    {
        var mature = _issues.Values.Where(i => i.IsMature).ToList();
        return new(
            Midnight(day),
            _model?.Version ?? ModelVersion.None,
            _events,
            [.. _counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => Drift(c.Key, c.Value))],
            mature.Aggregate(Calibration.Empty, (sum, i) => sum + i.Calibration),
            [
                .. mature.SelectMany(i => i.Models).GroupBy(m => m.Model).OrderBy(g => g.Key.Number)
                    .Select(g => g.Aggregate((a, b) => a + b)),
            ]);
    }

    /// <summary>Midnight UTC before an instant.</summary>
    public static DateTimeOffset Midnight(DateTimeOffset at) => new(at.UtcDateTime.Date, TimeSpan.Zero);

    /// <summary>What is looked at of an event: <c>event_kind</c>, <c>hour_of_day</c>, <c>amount</c> in minor units,
    /// <c>item_popularity</c> (−1 for items that the model was not trained on); and of what was shown and issued
    /// <c>score</c> and <c>redemption_probability</c>.</summary>
    private static IEnumerable<(string Name, double Value)> Values(UserEvent e, ModelSnapshot? model)
    {
        if (e.Kind is EventKind.Exposed or EventKind.Issued)
        {
            if (e.Exposure is { } known && known.Model != ModelVersion.None)
            {
                yield return ("score", known.Score);
                if (known.RedemptionProbability is { } probability)
                {
                    yield return ("redemption_probability", probability);
                }
            }

            yield break;
        }

        yield return ("event_kind", (double)e.Kind);
        yield return ("hour_of_day", e.At.UtcDateTime.Hour);
        if (e.Amount is { } amount)
        {
            yield return ("amount", amount.Minor);
        }

        if (e.Item is { } item && model is not null)
        {
            var row = model.Factors.RowOf(item);
            yield return ("item_popularity", row < 0 || model.Factors.IsProvisional(row) ? -1 : model.Popularity[row]);
        }
    }

    private FeatureDrift Drift(string name, long[] counts)
    {
        var index = _references.TryGetValue(name, out var reference) ? PopulationStability.Of(reference, counts) : null;
        return new(name, counts.Sum(), index, PopulationStability.LevelOf(index));
    }

    private void Count(UserEvent e, DateTimeOffset day)
    {
        // What is older than all that is kept was given up.
        if (_issues.Count >= IssueDay.DaysMax && day < _issues.Keys.First())
        {
            return;
        }

        _issues[day] = (_issues.GetValueOrDefault(day) ?? IssueDay.Empty(day)).With(e);
        if (_issues.Count > IssueDay.DaysMax)
        {
            _issues.Remove(_issues.Keys.First());
        }
    }
}
