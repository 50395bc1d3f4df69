using System.Security.Cryptography;
using System.Text;

namespace CouponGrains.Storage.Import;

/// <summary>Gives the rows of one file ids that a second import of the same file finds again: SHA-256, cut to 128 bits,
/// of the row's texts and of how many like it came before. A file that has grown gives its old rows the ids they
/// had.</summary>
internal sealed class RowIdentity(string source)
{
    private readonly Dictionary<UInt128, int> _seen = [];

    /// <summary>The row's id, and how many rows of the same content came before it.</summary>
    public (string Id, int Before) Next(Row row)
    {
        var content = Hash(string.Join('\u001f', row.Values));
        var before = _seen.GetValueOrDefault(content);
        _seen[content] = before + 1;
        return ($"{source}-{(before == 0 ? content : Hash($"{content}\u001f{before}")):x32}", before);
    }

    private static UInt128 Hash(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
