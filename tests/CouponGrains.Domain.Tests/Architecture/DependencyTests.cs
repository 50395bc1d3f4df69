namespace CouponGrains.Domain.Tests.Architecture;

public sealed class DependencyTests
{
    /// <summary>What a project must not see, by the beginning of the package's or framework's name.</summary>
    private static readonly Dictionary<string, string[]> MustNotSee = new()
    {
        ["CouponGrains.Contracts"] =
            ["Npgsql", "Microsoft.Data.Sqlite", "TorchSharp", "Microsoft.AspNetCore", "Microsoft.Orleans.Server"],
        ["CouponGrains.Grains"] = ["Npgsql", "Microsoft.Data.Sqlite", "TorchSharp", "Microsoft.AspNetCore"],
        ["CouponGrains.Storage"] = ["Microsoft.Orleans", "TorchSharp", "Microsoft.AspNetCore"],
        ["CouponGrains.Training"] = ["Microsoft.Orleans", "Npgsql", "Microsoft.Data.Sqlite", "Microsoft.AspNetCore"],
        ["CouponGrains.Api"] =
            ["Npgsql", "Microsoft.Data.Sqlite", "TorchSharp", "Microsoft.Orleans.Server", "Microsoft.Orleans.Runtime"],
        ["CouponGrains.Client"] = ["Npgsql", "Microsoft.Data.Sqlite", "TorchSharp", "Microsoft.AspNetCore",
            "Microsoft.Orleans.Server", "Microsoft.Orleans.Runtime"],
        ["CouponGrains.FrontEnd"] =
            ["Microsoft.Data.Sqlite", "TorchSharp", "Microsoft.Orleans.Server", "Microsoft.Orleans.Runtime"],
        ["CouponGrains.Cli"] = ["Microsoft.Orleans.Server", "Microsoft.Orleans.Runtime", "Microsoft.AspNetCore"],
    };

    [Fact]
    public void Projects_reference_what_the_table_in_the_readme_says()
    {
        var table = TableOfTheHouse();
        var found = Repository.Projects().Where(p => !p.IsTest).ToDictionary(p => p.Name, p => Sorted(p.Projects));
        Assert.Equal(Sorted(table.Keys), Sorted(found.Keys));
        Assert.All(found, p => Assert.Equal($"{p.Key}: {table[p.Key]}", $"{p.Key}: {p.Value}"));
    }

    [Fact]
    public void The_domain_sees_nothing_but_tensors()
    {
        var domain = Repository.Projects().Single(p => p.Name == "CouponGrains.Domain");
        Assert.Empty(domain.Projects);
        Assert.Equal(["System.Numerics.Tensors"], domain.Packages);
    }

    [Fact]
    public void No_project_sees_a_package_that_is_kept_from_it()
    {
        var projects = Repository.Projects().ToDictionary(p => p.Name);
        var seen = MustNotSee.SelectMany(rule => projects[rule.Key].Packages
            .Where(package => rule.Value.Any(banned => package.StartsWith(banned, StringComparison.OrdinalIgnoreCase)))
            .Select(package => $"{rule.Key} sees {package}"));
        Assert.Empty(seen);
    }

    [Fact]
    public void Only_programs_and_tests_carry_libtorch()
    {
        var projects = Repository.Projects();
        Assert.Empty(projects.Where(p => p.UsesLibTorch && !p.IsProgram && !p.IsTest).Select(p => p.Name));
        Assert.Empty(projects.Where(p => p.Packages.Any(IsNative)).Select(p => p.Name));

        static bool IsNative(string package) => package.StartsWith("libtorch", StringComparison.OrdinalIgnoreCase)
            || package.StartsWith("TorchSharp-", StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = Repository.Read("CouponGrains.sln").Replace('\\', '/');
        Assert.All(Repository.Projects(), p => Assert.Contains($"\"{p.Path}\"", solution, StringComparison.Ordinal));
    }

    /// <summary>The rows of the first table under "## The house": project and what it may reference.</summary>
    private static Dictionary<string, string> TableOfTheHouse() => Repository.Read("README.md").Split('\n')
        .SkipWhile(line => !line.StartsWith("## The house", StringComparison.Ordinal))
        .SkipWhile(line => !line.StartsWith('|'))
        .TakeWhile(line => line.StartsWith('|'))
        .Skip(2)
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .ToDictionary(
            cells => cells[1],
            cells => Sorted(
                cells[2].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)));

    private static string Sorted(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal));
}
