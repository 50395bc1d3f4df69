using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace CouponGrains.Domain.Profiles;

/// <summary>Turns the shop's ids of users into pseudonyms: <c>p_</c>, 32 symbols of HMAC-SHA-256 under the shop's key
/// (160 bits), <c>_</c>, and 6 symbols that check them under the same key. The same user has the same pseudonym always;
/// without the key nobody can tell whose it is, nor make one.</summary>
/// <remarks>A plain hash would not do: the shop's ids can be guessed, and a list of their hashes be made by
/// anybody.</remarks>
public sealed class Pseudonyms
{
    /// <summary>The shortest key, in characters.</summary>
    public const int KeyMin = 32;

    /// <summary>Digits and small letters without i, l, o and u.</summary>
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    private const string Prefix = "p_";
    private const int BodySymbols = 32;
    private const int CheckSymbols = 6;
    private const int Length = 2 + BodySymbols + 1 + CheckSymbols;

    private static readonly SearchValues<char> Symbol = SearchValues.Create(Alphabet);

    private readonly byte[] _key;

    /// <summary>Those under a key of at least <see cref="KeyMin"/> characters. Throws <see cref="RefusedException"/>
    /// with <see cref="RefusalCodes.BadOption"/> for a shorter one, which it does not repeat.</summary>
    public Pseudonyms(string key) => _key = key.Length >= KeyMin
        ? Encoding.UTF8.GetBytes(key)
        : throw new RefusedException(
            RefusalCodes.BadOption, $"The key of pseudonyms must have at least {KeyMin} characters: openssl rand -hex 32.");

    /// <summary>What may be told of the key: the same for the same key, and nothing can be made with it.</summary>
    public string Fingerprint => Convert.ToHexStringLower(Hash('f', "").AsSpan(0, 16));

    /// <summary>The pseudonym of a user; one that is a pseudonym of this key already stays as it is.</summary>
    public UserId Of(UserId user) => Is(user.Value) ? user : new(Make(user.Value));

    /// <summary>True for a pseudonym of this key.</summary>
    public bool Is(string id) => HasShape(id)
        && CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(id[^CheckSymbols..]), Encoding.ASCII.GetBytes(Check(id[..^(CheckSymbols + 1)])));

    /// <summary>True for what looks like a pseudonym, of whatever key.</summary>
    public static bool HasShape(string id) => id.Length == Length && id.StartsWith(Prefix, StringComparison.Ordinal)
        && id[^(CheckSymbols + 1)] == '_'
        && !id.AsSpan(Prefix.Length, BodySymbols).ContainsAnyExcept(Symbol)
        && !id.AsSpan(Length - CheckSymbols).ContainsAnyExcept(Symbol);

    private string Make(string id)
    {
        var body = Prefix + Symbols(Hash('u', id), BodySymbols);
        return $"{body}_{Check(body)}";
    }

    private string Check(string body) => Symbols(Hash('c', body), CheckSymbols);

    /// <summary>A hash for one purpose, so that what is told for one is of no use for another.</summary>
    private byte[] Hash(char purpose, string text) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(purpose + text));

    /// <summary>5 bits of the hash for each symbol.</summary>
    private static string Symbols(byte[] hash, int count) => string.Create(count, hash, static (symbols, bytes) =>
    {
        var (bits, held, next) = (0, 0, 0);
        for (var i = 0; i < symbols.Length; i++)
        {
            if (held < 5)
            {
                (bits, held) = ((bits << 8) | bytes[next++], held + 8);
            }

            held -= 5;
            symbols[i] = Alphabet[(bits >> held) & 31];
            bits &= (1 << held) - 1;
        }
    });
}

/// <summary>Which names the users of a store have.</summary>
public interface IPseudonymStore
{
    /// <summary>Agrees with the store on them: keeps what is given as long as it has no users, and throws
    /// <see cref="RefusedException"/> with <see cref="RefusalCodes.PseudonymsDiffer"/> if its users have
    /// others.</summary>
    /// <param name="fingerprint">Of the key of their pseudonyms; null for users named as the shop names them.</param>
    /// <param name="cancel">Ends it.</param>
    Task Agree(string? fingerprint, CancellationToken cancel);
}

/// <summary>What a store answers to who names users otherwise than it does.</summary>
public static class PseudonymRules
{
    /// <summary>Why users can't be named like this from now on, or null if they can.</summary>
    /// <param name="kept">What the store keeps: a fingerprint, an empty text for users as the shop names them, or null
    /// if nothing was ever agreed on.</param>
    /// <param name="wanted">The same for what is wanted.</param>
    /// <param name="hasUsers">True if the store has any user.</param>
    public static Refusal? Check(string? kept, string wanted, bool hasUsers) => (kept ?? "", wanted) switch
    {
        var (known, asked) when known == asked || !hasUsers => null,
        ("", _) => new(
            RefusalCodes.PseudonymsDiffer,
            "Users are recorded here by the shop's own ids, so that pseudonyms would make others of them: leave --pseudonyms off, "
            + "or begin with an empty store."),
        (_, "") => new(
            RefusalCodes.PseudonymsDiffer, "Users are recorded here by pseudonyms: add --pseudonyms on and the key they were made with."),
        _ => new(
            RefusalCodes.PseudonymsDiffer, "Users are recorded here by pseudonyms of another key: give the key they were made with."),
    };
}
