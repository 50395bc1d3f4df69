namespace CouponGrains.Domain;

/// <summary>FNV-1a over UTF-16 characters, 64 bits: the same on every machine and in every process, unlike
/// <see cref="string.GetHashCode()"/>. Not for secrets.</summary>
public static class StableHash
{
    private const ulong Offset = 14_695_981_039_346_656_037;
    private const ulong Prime = 1_099_511_628_211;

    /// <summary>The hash of some texts. They are kept apart: ("ab", "c") and ("a", "bc") differ.</summary>
    public static ulong Of(params ReadOnlySpan<string> parts)
    {
        var hash = Offset;
        foreach (var part in parts)
        {
            foreach (var c in part)
            {
                hash = unchecked((hash ^ c) * Prime);
            }

            hash = unchecked((hash ^ 0x1_0000) * Prime);
        }

        return hash;
    }
}
