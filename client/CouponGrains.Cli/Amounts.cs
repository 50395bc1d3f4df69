using System.Globalization;
using CouponGrains.Domain;

namespace CouponGrains.Cli;

/// <summary>Money from the command line, in major units: a wrong text is a refusal.</summary>
internal static class Amounts
{
    public static Currency Currency(string text) => Domain.Currency.IsValid(text)
        ? new(text)
        : throw new RefusedException(RefusalCodes.InvalidValue, $"A currency is three capital letters, as in USD; '{text}' is not.");

    public static Money Money(string text, Currency currency)
    {
        var scale = currency.Digits switch { 0 => 1m, 3 => 1_000m, _ => 100m };
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var major)
            && major < 1e12m && major * scale == decimal.Truncate(major * scale)
                ? new((long)(major * scale), currency)
                : throw new RefusedException(RefusalCodes.InvalidValue, $"An amount of {currency} has {currency.Digits} decimals at the most; '{text}' does not.");
    }
}
