using CouponGrains.Domain.Events;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Domain.Models.Response;

/// <summary>What the network is told of a user and the moment: how often and how lately he did what, what he spends,
/// what he did with coupons so far, the hour and the day of the week, and which of the vocabulary's attributes he
/// has.</summary>
/// <remarks>Counts are taken as ln(1 + n), ages as e^(−days / 30) (0 for never), shares as (n + 0.3) / (of + 3): what
/// is missing is 0, and its count beside it says so.</remarks>
public static class UserFeatures
{
    private const double AgeDays = 30;

    private static readonly EventKind[] Counted =
    [
        EventKind.View, EventKind.Search, EventKind.Cart, EventKind.Purchase, EventKind.Refund, EventKind.Issued,
        EventKind.CouponViewed, EventKind.Claimed, EventKind.Redeemed, EventKind.Expired, EventKind.Rated,
    ];

    private static readonly EventKind[] OfCoupons = [EventKind.CouponViewed, EventKind.Claimed, EventKind.Redeemed, EventKind.Expired];

    private static int Fixed => (2 * Counted.Length) + OfCoupons.Length + 6;

    /// <summary>How many numbers there are with a vocabulary.</summary>
    public static int Width(IReadOnlyList<string> vocabulary) => Fixed + vocabulary.Count;

    /// <summary>The word of an attribute's value in a vocabulary.</summary>
    public static string Word(string name, string value) => $"{name}={value}";

    /// <summary>Fills them in, shape (user).</summary>
    public static void Fill(
        UserProfile profile, IReadOnlyList<string> vocabulary, DateTimeOffset now, Span<float> p)
    {
        p.Clear();
        var at = 0;
        foreach (var kind in Counted)
        {
            var activity = profile.Kinds.GetValueOrDefault(kind);
            p[at++] = MathF.Log(1 + activity.Count);
            p[at++] = activity.Count > 0 ? (float)Math.Exp(-Math.Max(0, (now - activity.LastAt).TotalDays) / AgeDays) : 0;
        }

        var issued = profile.Kinds.GetValueOrDefault(EventKind.Issued).Count;
        foreach (var kind in OfCoupons)
        {
            var count = Math.Min(profile.Kinds.GetValueOrDefault(kind).Count, issued);
            p[at++] = (count + 0.3f) / (issued + 3);
        }

        p[at++] = MathF.Log(1 + profile.Orders);
        p[at++] = MathF.Log(1 + profile.MostSpentMinor) / 3;
        EventFeatures.Circle(now.TimeOfDay.TotalHours / 24, p[at..]);
        EventFeatures.Circle((int)now.DayOfWeek / 7.0, p[(at + 2)..]);
        FillWords(profile.Record.Attributes, vocabulary, p[Fixed..]);
    }

    /// <summary>1 for each word that the user has. Nothing is allocated for a word.</summary>
    private static void FillWords(
        IReadOnlyDictionary<string, string> attributes, IReadOnlyList<string> vocabulary, Span<float> words)
    {
        foreach (var (name, value) in attributes)
        {
            for (var i = 0; i < vocabulary.Count; i++)
            {
                var word = vocabulary[i];
                if (word.Length == name.Length + 1 + value.Length && word[name.Length] == '='
                    && word.StartsWith(name, StringComparison.Ordinal) && word.EndsWith(value, StringComparison.Ordinal))
                {
                    words[i] = 1;
                }
            }
        }
    }
}
