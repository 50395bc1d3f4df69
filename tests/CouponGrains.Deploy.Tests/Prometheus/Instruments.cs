using System.Text.RegularExpressions;

namespace CouponGrains.Deploy.Tests.Prometheus;

/// <summary>The instruments that the code makes, as Prometheus names them.</summary>
internal static class Instruments
{
    private static readonly Regex Made = new(
        """Create(?<kind>Counter|UpDownCounter|Histogram|ObservableGauge)(<\w+>)?\(\s*"(?<name>coupongrains\.[a-z0-9_.]+)",[^"]*"(?<unit>[^"]*)",\s*"[^"]+""");

    /// <summary>How many there are.</summary>
    public static int Count => All().Count();

    /// <summary>Every series that they make.</summary>
    public static HashSet<string> Series() => [.. All().SelectMany(i => Series(i.Kind, i.Name, i.Unit))];

    private static IEnumerable<(string Kind, string Name, string Unit)> All() =>
        from path in Repository.Files(".cs")
        where !path.StartsWith("tests/", StringComparison.Ordinal)
        from Match m in Made.Matches(Repository.Read(path))
        select (m.Groups["kind"].Value, m.Groups["name"].Value, m.Groups["unit"].Value);

    private static IEnumerable<string> Series(string kind, string name, string unit)
    {
        var series = name.Replace('.', '_') + (unit == "s" ? "_seconds" : "");
        return kind switch
        {
            "Counter" => [series + "_total"],
            "Histogram" => [series + "_bucket", series + "_sum", series + "_count"],
            _ => [series],
        };
    }
}
