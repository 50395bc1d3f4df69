using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace CouponGrains.Deploy.Tests.Prometheus;

public sealed class WatchTests
{
    private const string Alerts = "deploy/prometheus/alerts.yaml";
    private const string Board = "deploy/grafana/boards/coupongrains.json";

    /// <summary>What the runtimes below us tell; the end-to-end tests see that they do.</summary>
    private static readonly Regex Foreign = new("^(up|(http|dotnet|kestrel|orleans|process)_[a-z0-9_]+)$");

    [Fact]
    public Task Prometheus_takes_our_configuration() => Promtool.Check("check", "config", "prometheus.yaml");

    [Fact]
    public Task The_alerts_fire_when_they_should_and_only_then() => Promtool.Check("test", "rules", "alerts.test.yaml");

    [Fact]
    public void Every_metric_of_the_alerts_is_one_that_the_code_makes()
    {
        var rules = Rules().Select(r => Yaml.At(r, "expr").ToString()).ToArray();
        Assert.True(rules.Length > 10);
        Known(rules);
    }

    [Fact]
    public void Every_metric_of_the_board_is_one_that_the_code_makes()
    {
        var asked = Expressions().ToArray();
        Assert.True(asked.Length > 40);
        Known(asked);
    }

    [Fact]
    public void Every_instrument_stands_on_the_board()
    {
        var shown = Expressions().SelectMany(Names).Select(Stem).ToHashSet();
        Assert.DoesNotContain(Instruments.Series().Select(Stem).Distinct(), stem => !shown.Contains(stem));
        Assert.True(Instruments.Count > 20, $"Only {Instruments.Count} instruments were found in the sources.");

        static string Stem(string series) => Regex.Replace(series, "_(bucket|sum|count)$", "");
    }

    [Fact]
    public void Every_alert_says_how_grave_it_is_what_is_wrong_and_what_to_do()
    {
        var manual = Repository.Read("docs/operating.md").Split('\n')
            .Where(line => line.StartsWith('#')).Select(Anchor).ToHashSet();
        Assert.All(Rules(), rule =>
        {
            Assert.Contains(Yaml.At(rule, "labels", "severity").ToString(), new[] { "page", "ticket" });
            Assert.NotEmpty(Yaml.At(rule, "annotations", "summary").ToString());
            var runbook = Yaml.At(rule, "annotations", "runbook").ToString().Split('#');
            Assert.Equal("docs/operating.md", runbook[0]);
            Assert.Contains(runbook[1], manual);
        });
    }

    [Fact]
    public void The_panels_of_the_board_stand_beside_each_other_and_have_a_source()
    {
        using var board = JsonDocument.Parse(Repository.Read(Board));
        var places = new HashSet<(int X, int Y)>();
        Assert.All(board.RootElement.GetProperty("panels").EnumerateArray(), panel =>
        {
            var place = panel.GetProperty("gridPos");
            var (x, y) = (place.GetProperty("x").GetInt32(), place.GetProperty("y").GetInt32());
            Assert.True(x + place.GetProperty("w").GetInt32() <= 24);
            foreach (var cell in from i in Enumerable.Range(x, place.GetProperty("w").GetInt32())
                                 from j in Enumerable.Range(y, place.GetProperty("h").GetInt32())
                                 select (i, j))
            {
                Assert.True(places.Add(cell), $"{panel.GetProperty("title")} covers another panel.");
            }

            if (panel.GetProperty("type").GetString() != "row")
            {
                Assert.Equal("prometheus", panel.GetProperty("datasource").GetProperty("uid").GetString());
                Assert.NotEmpty(panel.GetProperty("targets").EnumerateArray());
            }
        });
    }

    private static IEnumerable<YamlNode> Rules() =>
        ((YamlSequenceNode)Yaml.At(Yaml.Read(Alerts), "groups")).SelectMany(g => (YamlSequenceNode)Yaml.At(g, "rules"));

    private static IEnumerable<string> Expressions()
    {
        using var board = JsonDocument.Parse(Repository.Read(Board));
        return [.. Find(board.RootElement)];

        static IEnumerable<string> Find(JsonElement element) => element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().SelectMany(p =>
                p.Name == "expr" ? [p.Value.GetString()!] : Find(p.Value)),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(Find),
            _ => [],
        };
    }

    private static void Known(IEnumerable<string> expressions)
    {
        var series = Instruments.Series();
        Assert.DoesNotContain(expressions.SelectMany(Names).Distinct(), n => !series.Contains(n) && !Foreign.IsMatch(n));
    }

    /// <summary>The names of metrics in an expression: what is no function, no label, no word of the
    /// language.</summary>
    private static IEnumerable<string> Names(string expression)
    {
        var bare = Regex.Replace(expression, """\{[^}]*\}|\[[^\]]*\]|"[^"]*"|\b(by|without|on|ignoring) *\([^)]*\)""", " ");
        return Regex.Matches(bare, @"[a-zA-Z_:][a-zA-Z0-9_:]*(?!\w*\s*\()").Select(m => m.Value)
            .Where(n => n is not ("and" or "or" or "unless" or "bool" or "by"));
    }

    private static string Anchor(string heading) => Regex.Replace(
        heading.TrimStart('#').Trim().ToLowerInvariant(), "[^a-z0-9 -]", "").Replace(' ', '-');
}
