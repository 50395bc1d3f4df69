using System.Text.RegularExpressions;
using CouponGrains.Cli;

namespace CouponGrains.Client.Tests.Cli;

public sealed partial class DocumentedCommandsTests
{
    private static string Repository { get; } = Find(AppContext.BaseDirectory);

    private static IEnumerable<string> Documents =>
        [
            Path.Combine(Repository, "README.md"), Path.Combine(Repository, "deploy", "README.md"),
            .. Directory.EnumerateFiles(Path.Combine(Repository, "docs"), "*.md", SearchOption.AllDirectories),
        ];

    [Fact]
    public void Every_command_in_the_documents_is_one_that_the_program_understands()
    {
        const string Mark = "    coupons ";
        var commands = Documents
            .SelectMany(File.ReadLines)
            .Where(line => line.StartsWith(Mark, StringComparison.Ordinal))
            .Select(line => line[Mark.Length..].Split(" #")[0].Trim())
            .ToArray();

        Assert.True(commands.Length > 80, $"Only {commands.Length} commands are documented.");
        Assert.All(commands, command => Assert.Empty(CommandLine.Root().Parse(command).Errors));
    }

    [Fact]
    public void Every_command_that_a_sentence_names_has_words_that_the_program_has()
    {
        var commands = Documents
            .SelectMany(file => Named().Matches(File.ReadAllText(file)))
            .Select(match => Spaces().Replace(match.Groups[1].Value, " ").Split('|')[0])
            .Distinct().ToArray();

        Assert.True(commands.Length > 20, $"Only {commands.Length} commands are named.");
        Assert.All(commands, command =>
        {
            var parsed = CommandLine.Root().Parse(command);
            Assert.True(
                parsed.UnmatchedTokens.Count == 0, $"coupons {command}: {string.Join(' ', parsed.UnmatchedTokens)}");
        });
    }

    [Fact]
    public void Every_command_stands_in_the_document_of_commands()
    {
        var text = File.ReadAllText(Path.Combine(Repository, "docs", "commands.md"));
        Assert.All(
            Leaves("coupons", CommandLine.Root()), words => Assert.Contains(words, text, StringComparison.Ordinal));

        static IEnumerable<string> Leaves(string words, System.CommandLine.Command command) =>
        [
            .. command.Subcommands.SelectMany(one => Leaves($"{words} {one.Name}", one)),
            .. command.Action is not null && command is not System.CommandLine.RootCommand ? new[] { words } : [],
        ];
    }

    private static string Find(string folder)
    {
        while (!File.Exists(Path.Combine(folder, "CouponGrains.sln")))
        {
            folder = Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException("No repository above the tests.");
        }

        return folder;
    }

    [GeneratedRegex(@"(?<!`)`coupons\s+([^`]+)`")]
    private static partial Regex Named();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
