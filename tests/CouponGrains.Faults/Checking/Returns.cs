using System.Security.Cryptography;
using System.Text;
using CouponGrains.Faults.Shopping;

namespace CouponGrains.Faults.Checking;

/// <summary>What came back of orders: every piece once, and its money once.</summary>
internal static class Returns
{
    /// <summary>The number of the events of pieces that came back.</summary>
    public const int Refund = 5;

    private const string Prefix = "return:";

    public static IEnumerable<Violation> Check(Books books, History history)
    {
        var booked = Booked(history).ToLookup(back => back.Wish.Redemption);
        foreach (var redemption in books.Redemptions)
        {
            var mine = booked[redemption.Key].ToList();
            var (first, second) = (mine.Sum(back => back.Wish.First), mine.Sum(back => back.Wish.Second));
            if (first > Wish.FirstPieces || second > Wish.SecondPieces)
            {
                yield return new("returned_twice", $"{first} and {second} pieces of {redemption}");
            }

            var all = (first, second) == (Wish.FirstPieces, Wish.SecondPieces);
            if (redemption.Returned != mine.Sum(back => back.Minor) || (all && redemption.Returned != redemption.Minor)
                || (redemption.RolledBack && mine.Count > 0))
            {
                yield return new("returned_differs", $"{redemption}, acknowledged: {string.Join(" and ", mine)}");
            }
        }

        var lines = Booked(history).Sum(back => Math.Min(1, back.Wish.First) + Math.Min(1, back.Wish.Second));
        var refunds = books.Events.Count(e => e.Kind == Refund && Of(e) is not null);
        if (lines != refunds)
        {
            yield return new("log_differs", $"{lines} lines came back as acknowledged, {refunds} events tell of one");
        }
    }

    /// <summary>What was acknowledged, by what the ids of its events begin with.</summary>
    public static Dictionary<string, (Wish Wish, long Minor)> ByEvent(History history) =>
        Booked(history).ToDictionary(back => Prefix + Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(back.Wish.Key)).AsSpan(0, 16)));

    /// <summary>What the id of an event begins with that tells of a return; null for others.</summary>
    public static string? Of(EventRow e) =>
        e.Id.StartsWith(Prefix, StringComparison.Ordinal) ? e.Id[..e.Id.LastIndexOf(':')] : null;

    private static IEnumerable<(Wish Wish, long Minor)> Booked(History history) =>
        from attempts in history.Wishes
        where attempts[0].Wish.Kind == WishKind.Return
        let done = attempts.FirstOrDefault(a => a.Answer.IsDone)
        where done is not null
        select (done.Wish, done.Answer.Minor ?? 0);
}
