namespace CouponGrains.Domain.Audit;

/// <summary>What is wrong with a chain.</summary>
public enum AuditFaultKind
{
    /// <summary>The record says something else than what was hashed.</summary>
    Changed = 1,

    /// <summary>There is no such record, but there are later ones, or the store knows that there was one.</summary>
    Missing = 2,

    /// <summary>The record does not follow the one before it: one of them was put there later.</summary>
    Unlinked = 3,

    /// <summary>The record is whole, but another one than was noted: the chain was written anew.</summary>
    NotAsNoted = 4,
}

/// <summary>The first place at which a chain is broken.</summary>
/// <param name="Number">The number of the record.</param>
/// <param name="Kind">What is wrong with it.</param>
public sealed record AuditFault(long Number, AuditFaultKind Kind)
{
    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        AuditFaultKind.Changed => $"record {Number} was changed",
        AuditFaultKind.Missing => $"record {Number} is missing",
        AuditFaultKind.Unlinked => $"record {Number} does not follow the one before it",
        _ => $"record {Number} is not the one that was noted",
    };
}

/// <summary>How far a chain has been looked at, record by record, and what was found.</summary>
public sealed record AuditCheck
{
    /// <summary>Nothing looked at yet.</summary>
    public static AuditCheck Begin { get; } = new();

    /// <summary>The last record that was looked at.</summary>
    public AuditHead Head { get; init; } = AuditHead.None;

    /// <summary>The first fault, or null.</summary>
    public AuditFault? Fault { get; init; }

    /// <summary>True if nothing is wrong.</summary>
    public bool Holds => Fault is null;

    /// <summary>Looks at the next record in the order of the numbers. After the first fault nothing more is looked
    /// at.</summary>
    /// <param name="next">The record.</param>
    /// <param name="noted">A head that was noted earlier, or null.</param>
    public AuditCheck With(AuditEvent next, AuditHead? noted = null)
    {
        if (Fault is not null)
        {
            return this;
        }

        var kind = Wrong(next, noted);
        var place = kind == AuditFaultKind.Missing ? Head.Number + 1 : next.Number;
        return kind is { } fault
            ? this with { Fault = new(place, fault) }
            : new() { Head = new(next.Number, next.Hash) };
    }

    /// <summary>Looks whether the chain reaches as far as the store says, and as far as was noted.</summary>
    public AuditCheck Upto(long number, AuditHead? noted = null)
    {
        var last = Math.Max(number, noted?.Number ?? 0);
        return Fault is null && Head.Number < last
            ? this with { Fault = new(Head.Number + 1, AuditFaultKind.Missing) }
            : this;
    }
    private AuditFaultKind? Wrong(AuditEvent next, AuditHead? noted)
    {
        if (next.Number > Head.Number + 1)
        {
            return AuditFaultKind.Missing;
        }

        if (next.Number <= Head.Number || next.Previous != Head.Hash)
        {
            return AuditFaultKind.Unlinked;
        }

        if (next.Hash != AuditChain.HashOf(next))
        {
            return AuditFaultKind.Changed;
        }

        return next.Number == noted?.Number && next.Hash != noted.Hash ? AuditFaultKind.NotAsNoted : null;
    }
}
