using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace CouponGrains.Deploy.Tests.Compose;

public sealed class ComposeTests
{
    private const string File = "deploy/compose.yaml";

    private static readonly YamlMappingNode Compose = Yaml.Read(File);

    private static readonly string[] Readers =
    [
        "client/CouponGrains.Api/Access/AccessOptions.cs", "client/CouponGrains.Api/Access/SignInOptions.cs",
        "client/CouponGrains.Api/Hosting/PseudonymSettings.cs",
    ];

    [Fact]
    public void The_topology_is_a_database_two_silos_that_serve_one_that_trains_and_two_front_ends() => Assert.Equal(
        ["front-1", "front-2", "grafana", "postgres", "prometheus", "serve-1", "serve-2", "train"],
        Services().Keys.Order());

    [Fact]
    public void Roles_are_arguments_of_one_image()
    {
        Assert.All(Ours(), s => Assert.Equal("coupongrains", Yaml.At(s.Value, "image").ToString()));
        Assert.Equal(["serve", "serve", "train"], Ours()
            .Select(s => Yaml.Texts(Yaml.At(s.Value, "command")).ToArray())
            .Where(c => c.Contains("--roles")).Select(c => c[^1]).Order());
    }

    [Fact]
    public void Our_processes_are_read_only_and_without_rights() => Assert.All(Ours(), s =>
    {
        Assert.Equal("true", Yaml.At(s.Value, "read_only").ToString());
        Assert.Equal(["ALL"], Yaml.Texts(Yaml.At(s.Value, "cap_drop")));
    });

    [Fact]
    public void Ports_are_published_on_loopback_only() => Assert.All(
        Services().Values.Select(s => Yaml.Find(s, "ports")).OfType<YamlNode>().SelectMany(Yaml.Texts),
        port => Assert.StartsWith("127.0.0.1:", port));

    [Fact]
    public void No_password_is_written_down() => Assert.All(
        Yaml.Texts(Compose).Where(t => t.Contains("Password=", StringComparison.Ordinal)),
        t => Assert.Contains("Password=${POSTGRES_PASSWORD:?", t, StringComparison.Ordinal));

    [Fact]
    public void Every_target_of_prometheus_is_a_service()
    {
        var targets = Repository.Read("deploy/prometheus/targets/compose.yaml");
        var named = Regex.Matches(targets, @"([a-z]+-?\d?):8080").Select(m => m.Groups[1].Value).Order();
        Assert.Equal(Ours().Select(s => s.Key).Order(), named);
    }

    [Fact]
    public void The_image_is_of_two_stages_and_its_last_has_a_user_without_rights()
    {
        var lines = Repository.Read("deploy/Containerfile").Split('\n');
        Assert.Equal(2, lines.Count(l => l.StartsWith("FROM ", StringComparison.Ordinal)));
        var last = lines.SkipWhile(l => !l.EndsWith("AS final", StringComparison.Ordinal)).ToArray();
        Assert.Contains("chiselled", last[0], StringComparison.Ordinal);
        Assert.Contains("USER 1654", last);
        Assert.DoesNotContain(last, l => l.StartsWith("RUN ", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_setting_that_the_files_name_is_one_that_the_programs_read()
    {
        var known = Regex.Matches(
                Repository.Read("silo-host/HostArguments.cs")
                    + Repository.Read("client/CouponGrains.FrontEnd/FrontEndSettings.cs"),
                """\["(--[a-z-]+)"\] = "(\w+)",""")
            .SelectMany(m => new[] { m.Groups[1].Value, m.Groups[2].Value })
            .Concat(Readers.SelectMany(path => Regex.Matches(Repository.Read(path), """section(?:\[|, )"(\w+)"[\],]"""))
                .Select(m => m.Groups[1].Value))
            .Append("--probe").ToHashSet();
        var named =
            from path in Repository.Files().Where(p => p.StartsWith("deploy/", StringComparison.Ordinal))
            from Match m in Regex.Matches(
                Repository.Read(path), @"CouponGrains__(\w+)|(?<=[\[, ])(--(?:roles|probe|gateways|port|store)\b)")
            select m.Groups[1].Success ? m.Groups[1].Value : m.Groups[2].Value;
        Assert.DoesNotContain(named.Distinct(), name => !known.Contains(name));
    }

    [Theory]
    [InlineData("deploy/compose.gpu.yaml")]
    [InlineData("deploy/compose.pseudonyms.yaml")]
    [InlineData("deploy/compose.sign-in.yaml")]
    public void What_is_laid_over_it_changes_its_services_and_writes_no_secret_down(string file)
    {
        var laid = Yaml.Read(file);
        Assert.Subset(Services().Keys.ToHashSet(), Names(laid).ToHashSet());
        var secrets = Regex.Matches(Repository.Read(file), @"CouponGrains__\w*(?:Secret|Key): (.*)");
        Assert.All(secrets, secret => Assert.StartsWith("${", secret.Groups[1].Value, StringComparison.Ordinal));
    }

    [Fact]
    public void Front_ends_at_which_people_sign_in_share_the_keys_of_sessions()
    {
        var laid = Yaml.Read("deploy/compose.sign-in.yaml");
        Assert.Equal(["front-1", "front-2"], Names(laid));
        Assert.All(Names(laid), front =>
        {
            var service = Yaml.At(Yaml.At(laid, "services"), front);
            Assert.Equal(["sessions:/data"], Yaml.Texts(Yaml.At(service, "volumes")));
            Assert.Equal("/data/session-keys", Yaml.At(Yaml.At(service, "environment"), "CouponGrains__SessionKeys").ToString());
        });
    }

    private static Dictionary<string, YamlNode> Services() => ((YamlMappingNode)Yaml.At(Compose, "services")).Children
        .ToDictionary(c => c.Key.ToString(), c => c.Value);

    private static IEnumerable<string> Names(YamlNode laid) =>
        ((YamlMappingNode)Yaml.At(laid, "services")).Children.Keys.Select(key => key.ToString());

    private static IEnumerable<KeyValuePair<string, YamlNode>> Ours() =>
        Services().Where(s => s.Key is not ("postgres" or "prometheus" or "grafana"));
}
