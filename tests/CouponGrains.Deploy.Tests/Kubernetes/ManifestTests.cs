using k8s;
using k8s.Models;

namespace CouponGrains.Deploy.Tests.Kubernetes;

/// <summary>The manifests, read strictly into the types that are generated from the published schema of Kubernetes: a
/// field that the schema does not have, or of another type, is refused.</summary>
public sealed class ManifestTests
{
    private const string Folder = "deploy/kubernetes";

    private static readonly string[] Probes = ["/health/startup", "/health/live", "/health/ready"];

    [Fact]
    public void Every_manifest_is_of_the_published_schema() => Assert.All(Files(), path =>
    {
        var objects = Read(path);
        Assert.NotEmpty(objects);
        Assert.All(objects, o => Assert.False(string.IsNullOrEmpty(((IMetadata<V1ObjectMeta>)o).Metadata?.Name), path));
    });

    [Fact]
    public void A_field_that_the_schema_does_not_have_is_refused()
    {
        var text = Repository.Read(Folder + "/cpu/front-end.yaml")
            .Replace("  replicas:", "  copies:", StringComparison.Ordinal);
        Assert.ThrowsAny<Exception>(() => Parse(text));
    }

    [Fact]
    public void Every_file_stands_in_its_kustomization() => Assert.All(["cpu", "gpu", "sign-in", "pseudonyms"], folder =>
    {
        var named = Yaml.Texts(Yaml.Read($"{Folder}/{folder}/kustomization.yaml"))
            .Where(t => t.EndsWith(".yaml", StringComparison.Ordinal));
        var there = Files().Where(p => p.StartsWith($"{Folder}/{folder}/", StringComparison.Ordinal))
            .Select(p => p.Split('/')[^1]);
        Assert.Equal(there.Order(), named.Order());
    });

    [Fact]
    public void Every_process_is_asked_all_three_probes_at_a_port_that_it_names() => Assert.All(Containers(), c =>
    {
        V1Probe[] asked = [c.StartupProbe, c.LivenessProbe, c.ReadinessProbe];
        Assert.Equal(Probes, asked.Select(p => p.HttpGet.Path));
        Assert.All(asked, p => Assert.Contains(c.Ports, port => port.Name == p.HttpGet.Port.Value));
        Assert.True(
            c.StartupProbe.FailureThreshold * c.StartupProbe.PeriodSeconds >= 300, "It must have time to start.");
    });

    [Fact]
    public void No_process_runs_as_root_or_may_become_it_or_write_its_image()
    {
        Assert.All(Deployments(), d =>
        {
            var pod = d.Spec.Template.Spec;
            Assert.True(pod.SecurityContext.RunAsNonRoot);
            Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
            Assert.False(pod.AutomountServiceAccountToken);
        });
        Assert.All(Containers(), c =>
        {
            Assert.False(c.SecurityContext.AllowPrivilegeEscalation);
            Assert.True(c.SecurityContext.ReadOnlyRootFilesystem);
            Assert.Equal(["ALL"], c.SecurityContext.Capabilities.Drop);
            Assert.NotNull(c.Resources.Limits["memory"]);
        });
    }

    [Fact]
    public void Secrets_are_named_and_never_written()
    {
        Assert.Empty(All().OfType<V1Secret>());
        Assert.All(Containers(), c => Assert.All(
            c.Env.Where(e => e.Name.EndsWith("Connection", StringComparison.Ordinal)),
            e => Assert.Equal("coupongrains-store", e.ValueFrom.SecretKeyRef.Name)));
        Assert.All(Containers(), c => Assert.Contains(c.Env, e => e.Name == "CouponGrains__Connection"));
    }

    [Fact]
    public void Every_deployment_has_a_disruption_budget_and_a_network_policy_that_mean_it()
    {
        var budgets = All().OfType<V1PodDisruptionBudget>().ToArray();
        var policies = All().OfType<V1NetworkPolicy>().ToArray();
        Assert.Contains(policies, p => p.Spec.PodSelector.MatchLabels is null
            && p.Spec.PodSelector.MatchExpressions is null && p.Spec.Ingress is null);
        Assert.All(Deployments(), d =>
        {
            var labels = d.Spec.Template.Metadata.Labels;
            Assert.Equal(d.Spec.Selector.MatchLabels, labels);
            Assert.Single(budgets, b => b.Spec.Selector.MatchLabels.All(l => labels[l.Key] == l.Value));
            Assert.Contains(policies, p => p.Spec.Ingress is not null && Selects(p.Spec.PodSelector, labels));
        });
    }

    [Fact]
    public void Two_silos_serve_one_trains_and_two_front_ends_answer() => Assert.Equal(
        ["front-end 2", "serve-silo 2", "train-silo 1"],
        Deployments().Select(d => $"{d.Metadata.Name} {d.Spec.Replicas}").Order());

    [Fact]
    public void The_train_silo_of_the_gpu_variant_has_a_gpu_and_an_image_built_for_it()
    {
        var train = Assert.IsType<V1Deployment>(Assert.Single(Read(Folder + "/gpu/train-silo.yaml")));
        var container = Assert.Single(train.Spec.Template.Spec.Containers);
        Assert.Equal("1", container.Resources.Limits["nvidia.com/gpu"].ToString());
        Assert.EndsWith("-cuda", container.Image);
    }

    [Fact]
    public void What_lies_over_the_processes_is_of_their_containers_and_writes_no_secret()
    {
        var below = Deployments().ToDictionary(d => d.Metadata.Name);
        foreach (var folder in (string[])["sign-in", "pseudonyms"])
        {
            var patches = Files().Where(p => p.StartsWith($"{Folder}/{folder}/", StringComparison.Ordinal))
                .SelectMany(Read).OfType<V1Deployment>().ToArray();
            Assert.NotEmpty(patches);
            Assert.All(patches, patch =>
            {
                var container = Assert.Single(patch.Spec.Template.Spec.Containers);
                var pod = below[patch.Metadata.Name].Spec.Template.Spec;
                Assert.Equal(Assert.Single(pod.Containers).Name, container.Name);
                Assert.All(
                    container.Env.Where(e => e.Name.EndsWith("Secret", StringComparison.Ordinal)
                        || e.Name.EndsWith("Key", StringComparison.Ordinal)), e => Assert.NotNull(e.ValueFrom.SecretKeyRef));
            });
        }
    }

    private static IEnumerable<string> Files() => Repository.Files(".yaml")
        .Where(p => p.StartsWith(Folder + "/", StringComparison.Ordinal)
            && !p.EndsWith("kustomization.yaml", StringComparison.Ordinal));

    private static List<object> Read(string path) => Parse(Repository.Read(path));

    private static List<object> Parse(string text) => KubernetesYaml.LoadAllFromString(text, null, strict: true);

    private static IEnumerable<object> All() =>
        Files().Where(p => p.StartsWith(Folder + "/cpu/", StringComparison.Ordinal)).SelectMany(Read);

    private static IEnumerable<V1Deployment> Deployments() => All().OfType<V1Deployment>();

    private static IEnumerable<V1Container> Containers() =>
        Deployments().SelectMany(d => d.Spec.Template.Spec.Containers);

    private static bool Selects(V1LabelSelector selector, IDictionary<string, string> labels) =>
        (selector.MatchLabels ?? new Dictionary<string, string>())
            .All(l => labels.TryGetValue(l.Key, out var value) && value == l.Value)
        && (selector.MatchExpressions ?? [])
            .All(e => labels.TryGetValue(e.Key, out var value) && e.Values.Contains(value));
}
