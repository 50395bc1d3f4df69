using System.Text;

namespace CouponGrains.Benchmarks;

/// <summary>Figures in columns, for the screen and for a document. A heading that begins with <c>#</c> is of a column
/// of numbers.</summary>
internal sealed class Table(string[] headings)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Print()
    {
        string[][] all = [Titles, .. _rows];
        var widths = headings.Select((_, column) => all.Max(row => row[column].Length)).ToArray();
        foreach (var row in all)
        {
            Console.WriteLine(string.Join("  ", row.Select((cell, column) =>
                IsNumber(column) ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))));
        }
    }

    /// <summary>As a table of Markdown, under a line that says what was measured.</summary>
    public void Write(string file, string title)
    {
        var text = new StringBuilder().AppendLine(title).AppendLine();
        Line(text, Titles);
        Line(text, [.. headings.Select((_, column) => IsNumber(column) ? "---:" : "---")]);
        _rows.ForEach(row => Line(text, row));
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        File.WriteAllText(file, text.ToString());
    }

    private string[] Titles => [.. headings.Select(heading => heading.TrimStart('#'))];

    private static void Line(StringBuilder text, string[] cells) => text.AppendLine($"| {string.Join(" | ", cells)} |");

    private bool IsNumber(int column) => headings[column].StartsWith('#');
}
