using System.Security.Cryptography;

namespace CouponGrains.Domain.Coupons;

/// <summary>Coupon codes: 14 random symbols of an alphabet of 32 without look-alikes (70 bits) and a check symbol,
/// written in three groups of five. Read without regard to case, hyphens and spaces.</summary>
public static class CouponCode
{
    /// <summary>Digits and capital letters without 0, 1, I and O.</summary>
    public const string Alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    private const int Symbols = 15;

    /// <summary>A new code from the system's cryptographic generator, for example <c>7KQ2M-XW9TD-4HVBR</c>.</summary>
    public static string New()
    {
        Span<char> symbols = stackalloc char[Symbols];
        Span<byte> random = stackalloc byte[Symbols - 1];
        RandomNumberGenerator.Fill(random);
        for (var i = 0; i < random.Length; i++)
        {
            symbols[i] = Alphabet[random[i] % Alphabet.Length]; // Even: 32 divides 256.
        }

        symbols[^1] = CheckSymbol(symbols[..^1]);
        return $"{symbols[..5]}-{symbols[5..10]}-{symbols[10..]}";
    }

    /// <summary>The code in its one written form, or null if <paramref name="text"/> is not a code (a wrong length, a
    /// foreign symbol, or a check symbol that does not fit).</summary>
    public static string? Normalise(string? text)
    {
        if (text is null || text.Length > 64)
        {
            return null;
        }

        Span<char> symbols = stackalloc char[Symbols];
        var count = 0;
        foreach (var c in text)
        {
            if (c is '-' or ' ')
            {
                continue;
            }

            var symbol = char.ToUpperInvariant(c);
            if (count == Symbols || !Alphabet.Contains(symbol))
            {
                return null;
            }

            symbols[count++] = symbol;
        }

        return count == Symbols && symbols[^1] == CheckSymbol(symbols[..^1])
            ? $"{symbols[..5]}-{symbols[5..10]}-{symbols[10..]}"
            : null;
    }

    /// <summary>Luhn's algorithm in base 32: finds every single wrong symbol and nearly every swap of
    /// neighbours.</summary>
    private static char CheckSymbol(ReadOnlySpan<char> symbols)
    {
        var n = Alphabet.Length;
        var sum = 0;
        var factor = 2;
        for (var i = symbols.Length - 1; i >= 0; i--)
        {
            var addend = factor * Alphabet.IndexOf(symbols[i]);
            sum += (addend / n) + (addend % n);
            factor = factor == 2 ? 1 : 2;
        }

        return Alphabet[(n - (sum % n)) % n];
    }
}
