using System.Text.RegularExpressions;

namespace CouponGrains.Domain.Tests.Architecture;

public sealed class TidyTests
{
    private const int LinesMax = 400;

    private static readonly string[] Sources = [".cs", ".sql", ".js", ".css", ".html", ".sh"];
    private static readonly string[] Texts =
        [.. Sources, ".md", ".csproj", ".props", ".targets", ".json", ".yml", ".yaml"];

    // Words that name no thing. Written so that this file does not find itself.
    private static readonly string[] EmptyWords =
        ["Common", "Util", "Utils", "Utilities", "Helper", "Helpers", "Manager", "Managers", "Service", "Services",
            "Misc", "Base"];

    private static readonly Regex Leftovers =
        new(@"\b(TO" + @"DO|FIX" + @"ME|HA" + @"CK|X" + @"XX|NotImplemented" + "Exception)\\b");
    private static readonly Regex MachinePaths =
        new("(?<![A-Za-z0-9_.:{}$])/(wo" + "rk|ro" + "ot|tmp/w" + @"t)/|[A-Z]:\\Us" + "ers|/home/[a-z]+/");

    [Fact]
    public void No_source_file_is_longer_than_400_lines() => Assert.Empty(Repository.Files(Sources)
        .Select(path => (Path: path, Lines: Repository.Read(path).AsSpan().Count('\n')))
        .Where(file => file.Lines > LinesMax)
        .Select(file => $"{file.Path}: {file.Lines}"));

    [Fact]
    public void No_folder_or_file_is_named_by_an_empty_word() => Assert.DoesNotContain(
        Repository.Files(), path => path.Split('/').Select(Path.GetFileNameWithoutExtension).Any(IsEmptyName));

    [Fact]
    public void Nothing_is_left_over() => Assert.Empty(Matches(Sources, Leftovers));

    [Fact]
    public void Nothing_names_a_path_of_one_machine() => Assert.Empty(Matches(Texts, MachinePaths));

    [Fact]
    public void Namespaces_are_project_and_folder() => Assert.Empty(
        from project in Repository.Projects()
        let folder = Path.GetDirectoryName(project.Path)!.Replace('\\', '/') + "/"
        from path in Repository.Files(".cs")
        where path.StartsWith(folder, StringComparison.Ordinal)
        let declared = Regex.Match(Repository.Read(path), @"^namespace ([\w.]+)(;?)", RegexOptions.Multiline)
        let parts = path[folder.Length..].Split('/')[..^1]
        where declared.Success && declared.Value != $"namespace {string.Join('.', [project.Name, .. parts])};"
        select $"{path}: {declared.Value}");

    private static IEnumerable<string> Matches(string[] endings, Regex pattern) =>
        from path in Repository.Files(endings)
        from line in Repository.Read(path).Split('\n').Index()
        where pattern.IsMatch(line.Item)
        select $"{path}:{line.Index + 1}: {line.Item.Trim()}";

    private static bool IsEmptyName(string? name) => EmptyWords.Contains(name)
        || (name is not null && Regex.IsMatch(name, "(Common|Utils?|Helpers?|Managers?|Misc)$"));
}
