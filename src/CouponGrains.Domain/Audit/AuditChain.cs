using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CouponGrains.Domain.Audit;

/// <summary>The chain of the audit log: the hash of each record covers the record before it, so that nobody can change,
/// drop, swap or slip in a record without every later hash telling.</summary>
public static class AuditChain
{
    /// <summary>Begins the bytes that are hashed, so that no other hash of ours is ever taken for one of
    /// these.</summary>
    private const string Format = "coupongrains audit 1";

    /// <summary>Records an entry after <paramref name="head"/>.</summary>
    public static AuditEvent Next(AuditHead head, AuditEntry entry)
    {
        var recorded = new AuditEvent(entry, head.Number + 1, head.Hash, "");
        return recorded with { Hash = HashOf(recorded) };
    }

    /// <summary>What <see cref="AuditEvent.Hash"/> must be. The bytes are unambiguous: every text goes with its length
    /// before it, every number with eight bytes, big-endian.</summary>
    public static string HashOf(AuditEvent recorded)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, Format);
        Add(hash, recorded.Previous);
        Add(hash, recorded.Number);
        Add(hash, recorded.At.UtcTicks);
        Add(hash, recorded.Actor.ToString());
        Add(hash, recorded.Action);
        Add(hash, recorded.Target);
        Add(hash, (long)recorded.Outcome);
        Add(hash, recorded.Request);
        Add(hash, recorded.Changes.Count);
        foreach (var (path, before, after) in recorded.Changes)
        {
            Add(hash, path);
            AddOrNone(hash, before);
            AddOrNone(hash, after);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void AddOrNone(IncrementalHash hash, string? text)
    {
        Add(hash, text is null ? 0 : 1);
        Add(hash, text ?? "");
    }

    private static void Add(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Add(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void Add(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        hash.AppendData(bytes);
    }
}
