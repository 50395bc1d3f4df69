namespace CouponGrains.Domain.Audit;

/// <summary>Which records are wanted. What is null may be anything.</summary>
public sealed record AuditFilter
{
    /// <summary>The longest text that is looked for.</summary>
    public const int LengthMax = 300;

    /// <summary>A kind of caller, as in <c>key</c>, or one caller, as in <c>key:k_7f3a</c>.</summary>
    public string? Actor { get; init; }

    /// <summary>What was done, or its first word, as in <c>campaign</c>.</summary>
    public string? Action { get; init; }

    /// <summary>What it was done to.</summary>
    public string? Target { get; init; }

    /// <summary>The first instant.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The instant from which on none is wanted.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The first rule that the filter breaks, or null.</summary>
    public Refusal? Check() => new[] { ("actor", Actor), ("action", Action), ("target", Target) }
        .Where(text => text.Item2 is { } value
            && (value.Length is 0 or > LengthMax || value.Any(char.IsControl)))
        .Select(text => new Refusal(RefusalCodes.InvalidValue,
            $"What is looked for has 1 to {LengthMax} characters, no control characters.", "?" + text.Item1))
        .FirstOrDefault();
}

/// <summary>Where the audit log is kept: appended to, never changed. The stores of the Domain append to it by
/// themselves, in the transaction of the change, where they are given an <see cref="AuditEntry"/>.</summary>
public interface IAuditLog
{
    /// <summary>Records what is done elsewhere than in a store of the Domain.</summary>
    Task<AuditEvent> Append(AuditEntry entry, CancellationToken cancel);

    /// <summary>The end of the chain, as the store counts it.</summary>
    Task<AuditHead> Head(CancellationToken cancel);

    /// <summary>Records in the order of their numbers after <paramref name="after"/>, at most
    /// <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<AuditEvent>> Read(long after, int limit, CancellationToken cancel);

    /// <summary>Records that are wanted, the newest first, with numbers below <paramref name="before"/>.</summary>
    Task<IReadOnlyList<AuditEvent>> Find(AuditFilter filter, long before, int limit, CancellationToken cancel);
}

/// <summary>Looks at a whole audit log.</summary>
public static class AuditLogCheck
{
    private const int Page = 1_000;

    /// <summary>Looks at every record from <paramref name="from"/> up to the end that the log has now.</summary>
    public static async Task<AuditCheck> Verify(
        this IAuditLog log, AuditCheck from, AuditHead? noted, CancellationToken cancel)
    {
        var (end, check) = ((await log.Head(cancel)).Number, from);
        while (check.Holds && check.Head.Number < end)
        {
            var page = await log.Read(check.Head.Number, Page, cancel);
            check = page.Aggregate(check, (sofar, next) => sofar.With(next, noted));
            if (page.Count < Page)
            {
                break;
            }
        }

        return check.Upto(end, noted);
    }
}
