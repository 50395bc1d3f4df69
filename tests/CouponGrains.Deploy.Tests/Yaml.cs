using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace CouponGrains.Deploy.Tests;

/// <summary>Files in YAML.</summary>
internal static class Yaml
{
    /// <summary>The one document of a file, with what it merges in (<c>&lt;&lt;</c>).</summary>
    public static YamlMappingNode Read(string path)
    {
        var stream = new YamlStream();
        stream.Load(new MergingParser(new Parser(new StringReader(Repository.Read(path)))));
        return (YamlMappingNode)stream.Documents.Single().RootNode;
    }

    /// <summary>Every text that stands somewhere below a node.</summary>
    public static IEnumerable<string> Texts(YamlNode node) =>
        node.AllNodes.OfType<YamlScalarNode>().Select(n => n.Value ?? "");

    /// <summary>The node at a path; fails if there is none.</summary>
    public static YamlNode At(YamlNode node, params string[] path) => path.Aggregate(node, (n, name) =>
        Find(n, name) ?? throw new InvalidOperationException($"There is no {name} in {string.Join('.', path)}."));

    /// <summary>A member of a mapping, or null.</summary>
    public static YamlNode? Find(YamlNode node, string name) =>
        node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(name), out var found) ? found : null;
}
