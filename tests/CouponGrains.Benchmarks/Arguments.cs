using System.Globalization;

namespace CouponGrains.Benchmarks;

/// <summary>The options behind a benchmark's name, <c>--name value</c>.</summary>
internal sealed class Arguments(string[] args)
{
    /// <summary>A whole number, or what is usual.</summary>
    public int Number(string name, int otherwise) =>
        Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>A text, or null.</summary>
    public string? Text(string name) =>
        Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}
