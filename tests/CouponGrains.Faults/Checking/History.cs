using CouponGrains.Faults.Shopping;

namespace CouponGrains.Faults.Checking;

/// <summary>One time that a wish was asked for.</summary>
/// <param name="Wish">The wish.</param>
/// <param name="Asked">The place of the question in the log.</param>
/// <param name="Answered">The place of the answer, or the end.</param>
/// <param name="Answer">What was answered; none where the client ended first.</param>
/// <param name="AskedAt">When it was about to be asked.</param>
/// <param name="AnsweredAt">When it had been answered.</param>
internal sealed record Attempt(
    Wish Wish, long Asked, long Answered, Answer Answer, DateTimeOffset AskedAt, DateTimeOffset AnsweredAt);

/// <summary>The clients' log, by wish.</summary>
internal sealed class History
{
    private readonly Dictionary<(WishKind, string), List<Attempt>> _wishes = [];
    private readonly HashSet<(string Code, string User)> _presented = [];
    private readonly HashSet<string> _shared = [];

    public History(IEnumerable<LogLine> lines)
    {
        var place = 0L;
        var open = new Dictionary<long, (Wish Wish, long Asked, DateTimeOffset At)>();
        foreach (var line in lines)
        {
            place++;
            if (line.Agreed is { } terms)
            {
                Terms[terms.Campaign] = terms;
                _shared.Add(terms.SharedCode);
            }
            else if (line.Asked is { } wish)
            {
                open[line.Number] = (wish, place, line.At);
            }
            else if (line.Answered is { } answer && open.Remove(line.Number, out var asked))
            {
                Add(new(asked.Wish, asked.Asked, place, answer, asked.At, line.At));
            }
        }

        foreach (var (wish, asked, at) in open.Values)
        {
            Add(new(wish, asked, long.MaxValue, new(Answer.None), at, DateTimeOffset.MaxValue));
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

    /// <summary>The attempts of a wish; none if it was never asked for.</summary>
    public IReadOnlyList<Attempt> Attempts(WishKind kind, string key) => _wishes.GetValueOrDefault((kind, key)) ?? [];

    /// <summary>True if the user asked for a coupon of the code: one that all share is issued at the checkout too, one
    /// that is nobody's by a claim alone.</summary>
    public bool Presented(string code, string user) => _presented.Contains((Plain(code), user));

    /// <summary>A code without what is for people's eyes.</summary>
    public static string Plain(string code) => code.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();

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
        if (attempt.Wish is { Code: { } code, Kind: var kind }
            && (kind is WishKind.ClaimShared or WishKind.ClaimFree
                || (kind is WishKind.Redeem or WishKind.Reserve && _shared.Contains(code))))
        {
            _presented.Add((Plain(code), attempt.Wish.User));
        }
    }
}
