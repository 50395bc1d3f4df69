namespace CouponGrains.Fuzz;

/// <summary>The values that requests are made of: few, so that they meet one another and the store stays
/// small.</summary>
internal sealed class Pools
{
    private static readonly string[] Odd =
    [
        "", " ", "x", "\u0000", "\t", "\n", "ä", "茶", "🍵", "\u202E", "a/b", "a%2Fb", "..", "../..", "%00", "'", "\"", "--",
        "null", "true", "0", "-1", "1e400", "NaN", "{}", "[]", "\\", "*", "?", "#", "&", "=", ";", "<b>", "${x}", "{0}",
        "2026-13-45T99:99:99Z", "2026-02-29T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999+14:00",
        "2026-11-20T09:30:00", "23:59", "24:00", "00:00", "USD", "usd", "XTS", "AAAAA-AAAAA-AAAAA", "9223372036854775807",
        "9223372036854775808", "-9223372036854775808", "é", "ﬀ", "\uFEFFx", "\u200B", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A", new('x', 128), new('x', 129),
        new('茶', 128), new('x', 5_000),
    ];

    private static readonly string[] Texts =
        ["tea", "Green tea", "a tenth off", "why not", "spring", "TEA", "GROCERY", "age", "35-44", "https://erp.example/hooks"];

    /// <summary>Codes of coupons that were issued.</summary>
    public IReadOnlyList<string> Codes { get; set; } = ["AAAAA-AAAAA-AAAAA"];

    /// <summary>A value for a name of the document, as the path, the query and bodies use them.</summary>
    public string Text(string name, string path, Random random) => name switch
    {
        _ when random.Next(40) == 0 => Pick(Odd, random),
        "user" => Id("u", 60, random),
        "item" or "except" or "items" => Id("i", 40, random),
        "campaign" => Id("c", 12, random),
        "offer" => Id("o", 60, random),
        "code" or "codes" => random.Next(8) == 0 ? Pick(Texts, random) : Pick(Codes, random),
        "key" or "Idempotency-Key" => Id("k", 4_000, random),
        "order" => Id("order", 500, random),
        "id" when path.Contains("/users", StringComparison.Ordinal) => Id("u", 60, random),
        "id" when path.Contains("/items", StringComparison.Ordinal) => Id("i", 40, random),
        "id" when path.Contains("/offers", StringComparison.Ordinal) && !path.Contains('{') => Id("o", 60, random),
        "id" when path.Contains("/campaigns", StringComparison.Ordinal) => Id("c", 12, random),
        "id" when path.Contains("/budgets", StringComparison.Ordinal) => Id("c", 12, random),
        "id" when path.Contains("/webhook", StringComparison.Ordinal) => Id("w", 10, random),
        "id" => Id("id", 3_000, random),
        "name" => Id("n", 10, random),
        "decision" => $"exposed:k-{random.Next(50)}:1",
        "version" or "run" => $"{random.Next(4)}",
        "url" => Pick(["https://erp.example/hooks", "http://127.0.0.1/", "https://10.0.0.1/x", "ftp://x"], random),
        "limit" or "count" => $"{random.Next(1, 101)}",
        "days" => $"{random.Next(1, 367)}",
        "cursor" => random.Next(2) == 0 ? Id("u", 60, random) : $"{random.Next(5_000)}",
        "explain" => Pick(["true", "false"], random),
        "Prefer" => Pick(["respond-async", "respond-async, wait=1", "return=minimal"], random),
        "format" => Pick(["csv", "ndjson", "parquet", "xml"], random),
        "status" => Pick(["draft", "active", "paused", "archived", "waiting", "approved"], random),
        "template" => Pick(["retail-season", "retail-welcome", "none"], random),
        "If-Match" or "If-None-Match" => Pick(["\"1\"", "\"2.abc\"", "*", "W/\"1\"", "x", "\"", "\"1\", \"2\""], random),
        _ => Pick(Texts, random),
    };

    /// <summary>A text that nobody expects.</summary>
    public static string OddText(Random random) => Pick(Odd, random);

    public static T Pick<T>(IReadOnlyList<T> values, Random random) => values[random.Next(values.Count)];

    private static string Id(string prefix, int count, Random random) => $"{prefix}-{random.Next(count)}";
}
