using System.Globalization;
using CouponGrains.Domain;

namespace CouponGrains.Cli;

/// <summary>Instants from the command line: a wrong text is a refusal.</summary>
internal static class Instants
{
    /// <summary>An instant; UTC where it names no offset; null for none.</summary>
    public static DateTimeOffset? Parse(string? text, string option) => text is null ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at
        : throw new RefusedException(
            RefusalCodes.InvalidValue, $"{option} is an instant, as in 2026-11-24T00:00:00Z; '{text}' is not.");
}
