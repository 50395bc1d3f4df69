using System.Xml.Linq;

namespace CouponGrains.Domain.Tests.Architecture;

/// <summary>The repository that these tests were built from.</summary>
internal static class Repository
{
    private static readonly string[] NotOurs = ["artifacts", "bin", "obj", "node_modules", "TestResults"];

    /// <summary>The folder of the solution.</summary>
    internal static string Root { get; } = FindRoot();

    /// <summary>The files with one of these endings, as paths from the root with slashes, in ordinal order.</summary>
    internal static IEnumerable<string> Files(params string[] endings) => Under(Root)
        .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
        .Where(path => endings.Length == 0 || endings.Contains(Path.GetExtension(path)))
        .Order(StringComparer.Ordinal);

    internal static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    internal static IReadOnlyList<ProjectFile> Projects() =>
        [.. Files(".csproj").Select(path => new ProjectFile(path, XDocument.Parse(Read(path))))];

    private static IEnumerable<string> Under(string folder) => Directory.EnumerateFiles(folder).Concat(
        Directory.EnumerateDirectories(folder)
            .Where(f => Path.GetFileName(f) is var name && !name.StartsWith('.') && !NotOurs.Contains(name))
            .SelectMany(Under));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CouponGrains.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("CouponGrains.sln is in none of the folders above the tests.");
    }
}

/// <summary>A project file.</summary>
internal sealed record ProjectFile(string Path, XDocument Xml)
{
    private const string Prefix = "CouponGrains.";

    internal string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>The projects it references, without the prefix.</summary>
    internal IEnumerable<string> Projects => Includes("ProjectReference")
        .Select(p => System.IO.Path.GetFileNameWithoutExtension(p.Replace('\\', '/'))[Prefix.Length..]);

    /// <summary>The packages and frameworks it references.</summary>
    internal IEnumerable<string> Packages => Includes("PackageReference").Concat(Includes("FrameworkReference"));

    internal bool IsTest => Path.StartsWith("tests/", StringComparison.Ordinal);

    internal bool IsProgram => Xml.Root!.Attribute("Sdk")?.Value == "Microsoft.NET.Sdk.Web"
        || Xml.Descendants("OutputType").Any(o => o.Value == "Exe");

    internal bool UsesLibTorch => Xml.Descendants("UsesLibTorch").Any(u => u.Value == "true");

    private IEnumerable<string> Includes(string element) =>
        Xml.Descendants(element).Select(r => r.Attribute("Include")!.Value);
}
