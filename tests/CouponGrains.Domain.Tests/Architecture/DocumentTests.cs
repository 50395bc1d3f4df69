using System.Text.RegularExpressions;

namespace CouponGrains.Domain.Tests.Architecture;

/// <summary>What the pages name is there.</summary>
public sealed class DocumentTests
{
    private static readonly Regex Links = new(@"\]\((?!https?:)([^)#\s]*)(#[^)\s]*)?\)");
    private static readonly Regex Files = new("`((?:src|tests|client|silo-host|deploy|docs)/[^`*…{ ]+)`");
    private static readonly Regex TestNames = new("`([A-Z][A-Za-z]+(?:Tests|Suite))`");

    private static IEnumerable<string> Pages =>
        Repository.Files(".md").Where(path => !path.StartsWith("docs/measured/", StringComparison.Ordinal));

    [Fact]
    public void Every_link_of_a_page_leads_to_a_file_and_a_heading()
    {
        var broken = from page in Pages
                     from Match link in Links.Matches(Repository.Read(page))
                     let file = link.Groups[1].Value.Length == 0 ? page : Beside(page, link.Groups[1].Value)
                     where !Exists(file) || (link.Groups[2].Length > 0 && !Anchors(file).Contains(link.Groups[2].Value[1..]))
                     select $"{page}: {link.Value}";
        Assert.Empty(broken);
    }

    [Fact]
    public void Every_file_and_test_that_a_page_names_is_there()
    {
        var files = from page in Pages
                    from Match file in Files.Matches(Repository.Read(page))
                    where !Exists(file.Groups[1].Value)
                    select $"{page}: {file.Groups[1].Value}";
        Assert.Empty(files);
        var known = Repository.Files(".cs").Select(path => Path.GetFileNameWithoutExtension(path)!).ToHashSet();
        Assert.Empty(TestNames.Matches(Repository.Read("docs/extending.md")).Select(m => m.Groups[1].Value).Except(known));
    }

    private static bool Exists(string path) =>
        Path.Exists(Path.Combine(Repository.Root, path.Replace('/', Path.DirectorySeparatorChar)));

    private static string Beside(string page, string link) => Path.GetRelativePath(
        Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, link))).Replace('\\', '/');

    private static HashSet<string> Anchors(string page) => [.. Repository.Read(page).Split('\n')
        .Where(line => line.StartsWith('#'))
        .Select(line => Regex.Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "[^a-z0-9 _-]", "").Replace(' ', '-'))];
}
