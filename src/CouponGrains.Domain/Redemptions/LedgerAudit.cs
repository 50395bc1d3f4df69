using CouponGrains.Domain.Audit;

namespace CouponGrains.Domain.Redemptions;

/// <summary>One identity that must hold in the store at every moment.</summary>
/// <param name="Name">Its name, in snake_case.</param>
/// <param name="Statement">What must hold, in words.</param>
/// <param name="Checked">How many rows it was checked for.</param>
/// <param name="Broken">The rows for which it does not hold, each in words; at most
/// <see cref="LedgerAudit.RowsMax"/>.</param>
public sealed record AuditedIdentity(string Name, string Statement, long Checked, IReadOnlyList<string> Broken)
{
    /// <summary>True if it holds for every row.</summary>
    public bool Holds => Broken.Count == 0;
}

/// <summary>What an audit found: every identity, read from one moment of the store.</summary>
/// <param name="Identities">The identities, in a fixed order.</param>
public sealed record LedgerAudit(IReadOnlyList<AuditedIdentity> Identities)
{
    /// <summary>The most offending rows told of one identity.</summary>
    public const int RowsMax = 20;

    /// <summary>The chain of operators' changes, if it was looked at.</summary>
    public AuditCheck? Chain { get; init; }

    /// <summary>True if all hold.</summary>
    public bool Holds => Identities.All(i => i.Holds) && Chain is not { Holds: false };
}
