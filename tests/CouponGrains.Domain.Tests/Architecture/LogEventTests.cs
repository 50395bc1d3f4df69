using System.Text.RegularExpressions;

namespace CouponGrains.Domain.Tests.Architecture;

public sealed class LogEventTests
{
    /// <summary>The thousand that the event ids of a project begin with.</summary>
    private static readonly Dictionary<string, int> Thousands = new()
    {
        ["src/CouponGrains.Grains"] = 1,
        ["src/CouponGrains.Storage"] = 2,
        ["src/CouponGrains.Training"] = 3,
        ["silo-host"] = 4,
        ["client/CouponGrains.Api"] = 5,
        ["client/CouponGrains.FrontEnd"] = 6,
    };

    [Fact]
    public void No_two_messages_of_the_log_have_the_same_event_id() => Assert.Empty(
        Messages().GroupBy(m => m.Id).Where(g => g.Count() > 1)
            .Select(g => $"{g.Key}: {string.Join(", ", g.Select(m => m.Path))}"));

    [Fact]
    public void An_event_id_begins_with_the_thousand_of_its_project() => Assert.Empty(
        Messages().Where(m => Thousands[Thousands.Keys.Single(p => m.Path.StartsWith(p + "/", StringComparison.Ordinal))]
            != m.Id / 1_000).Select(m => $"{m.Path}: {m.Id}"));

    [Fact]
    public void Nothing_is_logged_without_an_event_id() => Assert.Empty(
        from path in Sources()
        where Regex.IsMatch(Repository.Read(path), @"\.Log(Trace|Debug|Information|Warning|Error|Critical)\(")
        select path);

    [Fact]
    public void The_messages_are_found() => Assert.True(Messages().Count() > 20);

    private static IEnumerable<(string Path, int Id)> Messages() =>
        from path in Sources()
        from Match match in Regex.Matches(Repository.Read(path), @"\[LoggerMessage\(\s*(?:EventId = )?(\d+)")
        select (path, int.Parse(match.Groups[1].Value));

    private static IEnumerable<string> Sources() =>
        Repository.Files(".cs").Where(p => !p.StartsWith("tests/", StringComparison.Ordinal));
}
