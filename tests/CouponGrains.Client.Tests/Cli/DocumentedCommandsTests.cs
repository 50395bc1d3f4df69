using CouponGrains.Cli;

namespace CouponGrains.Client.Tests.Cli;

public sealed class DocumentedCommandsTests
{
    [Fact]
    public void Every_command_in_the_documentation_is_one_that_the_program_understands()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "CouponGrains.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("No repository above the tests.");
        }

        const string Mark = "    coupons ";
        var commands = new[] { "README.md", "docs/commands.md" }
            .SelectMany(file => File.ReadLines(Path.Combine(folder, file)))
            .Where(line => line.StartsWith(Mark, StringComparison.Ordinal))
            .Select(line => line[Mark.Length..].Split('#')[0].Trim())
            .ToArray();

        Assert.True(commands.Length > 20, $"Only {commands.Length} commands are documented.");
        Assert.All(commands, command => Assert.Empty(CommandLine.Root().Parse(command).Errors));
    }
}
