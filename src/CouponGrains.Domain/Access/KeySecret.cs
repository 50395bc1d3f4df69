using System.Security.Cryptography;
using System.Text;

namespace CouponGrains.Domain.Access;

/// <summary>The secret of a key: <c>cg_server_</c> or <c>cg_client_</c>, the key's id (12 symbols), <c>_</c>, 32 random
/// symbols (160 bits) and 6 that check all before them. So a scanner finds one that was left lying about, its kind
/// tells how bad that is, and a slip of the hand is known without asking the store.</summary>
/// <remarks>At rest stands SHA-256 of it. A slow hash protects what people choose, by making each guess dear; of 160
/// random bits none is ever guessed, and a fast hash keeps each request cheap.</remarks>
public static class KeySecret
{
    /// <summary>Digits and small letters without i, l, o and u.</summary>
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    private const int IdSymbols = 12;
    private const int RandomSymbols = 32;
    private const int CheckSymbols = 6;
    private const int PrefixLength = 10;
    private const int Length = PrefixLength + IdSymbols + 1 + RandomSymbols + CheckSymbols;

    /// <summary>A new key's id and secret, from the system's cryptographic generator.</summary>
    public static (string Id, string Secret) New(KeyKind kind)
    {
        var id = Random(IdSymbols);
        return (id, Of(kind, id));
    }

    /// <summary>Another secret of the key with this id.</summary>
    public static string Of(KeyKind kind, string id)
    {
        var body = $"{Prefix(kind)}{id}_{Random(RandomSymbols)}";
        return body + Check(body);
    }

    /// <summary>The id in a secret, or null if <paramref name="text"/> is none.</summary>
    public static string? IdOf(string text)
    {
        if (text.Length != Length
            || !(text.StartsWith(Prefix(KeyKind.Server), StringComparison.Ordinal)
                || text.StartsWith(Prefix(KeyKind.Client), StringComparison.Ordinal))
            || text[PrefixLength + IdSymbols] != '_')
        {
            return null;
        }

        return text.AsSpan(Length - CheckSymbols).SequenceEqual(Check(text[..^CheckSymbols]))
            ? text.Substring(PrefixLength, IdSymbols)
            : null;
    }

    /// <summary>What is kept of a secret: SHA-256 in 64 hexadecimal digits.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>True if the hash is that of the secret; takes as long for one as for the other.</summary>
    public static bool Matches(string? hash, string secret) => hash is not null && CryptographicOperations.FixedTimeEquals(
        Encoding.ASCII.GetBytes(hash), Encoding.ASCII.GetBytes(Hash(secret)));

    private static string Prefix(KeyKind kind) => kind == KeyKind.Client ? "cg_client_" : "cg_server_";

    private static string Random(int symbols) => RandomNumberGenerator.GetString(Alphabet, symbols);

    private static string Check(string body)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(body));
        return string.Create(CheckSymbols, hash, static (symbols, bytes) =>
        {
            for (var i = 0; i < symbols.Length; i++)
            {
                symbols[i] = Alphabet[bytes[i] % Alphabet.Length]; // Even: 32 divides 256.
            }
        });
    }
}
