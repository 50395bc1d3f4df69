using System.Globalization;
using System.Text;
using CouponGrains.Faults.Nemesis;
using CouponGrains.Faults.Shopping;

namespace CouponGrains.Faults;

/// <summary>A run in words and figures.</summary>
internal static class Report
{
    /// <summary>Faults after which somebody was not answered at all, or not in the time promised. Where this program
    /// itself stood still the time says nothing.</summary>
    public static IReadOnlyList<Fault> Late(FaultResult result) =>
    [
        .. result.Faults.Where(fault => fault.Recovery is { } recovery
            && (recovery.Unanswered.Count > 0 || (!recovery.Disturbed && recovery.All > RecoveryLimits.Of(fault.Kind)))),
    ];

    /// <summary>Faults that were to be made, and were made less often.</summary>
    public static IReadOnlyList<FaultKind> Missing(FaultOptions options, FaultResult result) =>
        [.. options.Kinds.Where(kind => result.Faults.Count(fault => fault.Kind == kind) < options.Each)];

    public static string Of(FaultOptions options, FaultResult result)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"Seed {options.Seed}, faults for {result.Length.TotalSeconds:F0} s, {result.Services.Sum(service => service.History.Requests):N0} requests.");
        text.AppendLine();
        text.AppendLine("| fault | times | first answer, s: median, most | everybody answered, s: median, most | promised |");
        text.AppendLine("|---|---:|---:|---:|---:|");
        foreach (var kind in Enum.GetValues<FaultKind>())
        {
            var faults = result.Faults.Where(fault => fault.Kind == kind).ToList();
            var recoveries = faults.Select(f => f.Recovery).OfType<Recovery>().Where(r => !r.Disturbed).ToList();
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {Words(kind)} | {faults.Count} | {Spread(recoveries, r => r.First)} | {Spread(recoveries, r => r.All)} | "
                + $"{RecoveryLimits.Of(kind)?.TotalSeconds.ToString(CultureInfo.InvariantCulture) ?? ""} |");
        }

        text.AppendLine();
        text.AppendLine("| clients | number |");
        text.AppendLine("|---|---:|");
        var all = result.Services.SelectMany(service => service.History.Wishes).ToList();
        foreach (var kind in Enum.GetValues<WishKind>())
        {
            var wishes = all.Where(attempts => attempts[0].Wish.Kind == kind).ToList();
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {Words(kind)}: asked for, acknowledged | {wishes.Count:N0}, "
                + $"{wishes.Count(attempts => attempts.Any(a => a.Answer.IsDone)):N0} |");
        }

        var unknown = all.Count(attempts => attempts.Any(a => !a.Answer.IsKnown));
        text.AppendLine(CultureInfo.InvariantCulture,
            $"| wishes with an answer that was unknown; of them open when the faults ended | {unknown:N0}, {result.Resolved:N0} |");
        text.AppendLine(CultureInfo.InvariantCulture, 
            $"| campaigns with a limit to fight for | {result.Services.Sum(service => service.History.Terms.Count):N0} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"| models stored, put into force | "
            + $"{result.Services.Sum(service => service.Books.Models.Count):N0}, "
            + $"{result.Services.Sum(service => service.Books.Promotions.Count):N0} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"| processes started again because they had ended or did not live | {result.Starts:N0} |");
        text.AppendLine();
        text.AppendLine($"Answers: {string.Join(", ", result.Answers.Select(a => $"{a.Code} {a.Count:N0}"))}.");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"Violations: {result.Violations.Count}.");
        foreach (var (service, violation) in result.Services.SelectMany(s => s.Violations.Select(v => (s, v))).Take(50))
        {
            text.AppendLine($"- {service.Name}, {violation.Kind}: {violation.What}");
        }

        text.AppendLine();
        text.AppendLine(Missing(options, result) is { Count: > 0 } missing
            ? $"Made less than {options.Each} times: {string.Join(", ", missing.Select(Words))}."
            : $"Each fault that was asked for was made at least {options.Each} times.");

        text.AppendLine(CultureInfo.InvariantCulture, $"Too late: {Late(result).Count}.");
        foreach (var fault in Late(result))
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"- {Words(fault.Kind)} at {fault.At:F0} s ({fault.What}): {fault.Recovery}");
        }

        return text.ToString();
    }

    private static string Spread(List<Recovery> recoveries, Func<Recovery, TimeSpan> of)
    {
        var sorted = recoveries.Select(r => of(r).TotalSeconds).Order().ToList();
        return sorted.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{sorted[sorted.Count / 2]:F1}, {sorted[^1]:F1}");
    }

    private static string Words<T>(T kind)
        where T : struct, Enum => string.Concat($"{kind}".Select((c, i) => char.IsUpper(c) ? (i > 0 ? " " : "") + char.ToLowerInvariant(c) : $"{c}"));
}
