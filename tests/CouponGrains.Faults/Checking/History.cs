using CouponGrains.Faults.Shopping;

namespace CouponGrains.Faults.Checking;

/// <summary>One time that a wish was asked for.</summary>
/// <param name="Wish">The wish.</param>
/// <param name="Asked">The place of the question in the log.</param>
/// <param name="Answered">The place of the answer, or the end.</param>
/// <param name="Answer">What was answered; none where the client ended first.</param>
internal sealed record Attempt(Wish Wish, long Asked, long Answered, Answer Answer);

/// <summary>The clients' log, by wish.</summary>
internal sealed class History
{
    private readonly Dictionary<(WishKind, string), List<Attempt>> _wishes = [];

    public History(IEnumerable<LogLine> lines)
    {
        var place = 0L;
        var open = new Dictionary<long, (Wish Wish, long Asked)>();
        foreach (var line in lines)
        {
            place++;
            if (line.Agreed is { } terms)
            {
                Terms[terms.Campaign] = terms;
            }
            else if (line.Asked is { } wish)
            {
                open[line.Number] = (wish, place);
            }
            else if (line.Answered is { } answer && open.Remove(line.Number, out var asked))
            {
                Add(new(asked.Wish, asked.Asked, place, answer));
            }
        }

        foreach (var (wish, asked) in open.Values)
        {
            Add(new(wish, asked, long.MaxValue, new(Answer.None)));
        }
    }

    /// <summary>What was agreed of each campaign.</summary>
    public Dictionary<string, Terms> Terms { get; } = [];

    /// <summary>Uses that were agreed of a coupon.</summary>
    public int UsesMax(CouponRow coupon) => Terms.GetValueOrDefault(coupon.Campaign)?.UsesMax(coupon.Offer) ?? 1;

    /// <summary>All wishes, each with its attempts in the order of their answers.</summary>
    public IEnumerable<IReadOnlyList<Attempt>> Wishes => _wishes.Values;

    /// <summary>How many requests were sent.</summary>
    public int Requests => _wishes.Values.Sum(attempts => attempts.Count);

    /// <summary>True if this was ever asked for, whatever was answered.</summary>
    public bool Asked(WishKind kind, string key) => _wishes.ContainsKey((kind, key));

    /// <summary>The content of a wish that was asked for, or null.</summary>
    public Wish? Find(WishKind kind, string key) => _wishes.GetValueOrDefault((kind, key))?[0].Wish;

    private void Add(Attempt attempt)
    {
        var identity = (attempt.Wish.Kind, attempt.Wish.Key);
        if (!_wishes.TryGetValue(identity, out var attempts))
        {
            _wishes.Add(identity, attempts = []);
        }

        attempts.Add(attempt);
    }
}
