namespace CouponGrains.Domain;

/// <summary>A currency by its ISO 4217 code: three upper-case ASCII letters.</summary>
/// <param name="Code">The code, for example <c>USD</c> or <c>CNY</c>.</param>
public readonly record struct Currency(string Code)
{
    /// <summary>The code, valid by construction.</summary>
    public string Code { get; } = IsValid(Code)
        ? Code
        : throw new ArgumentException(
            $"A currency is three upper-case letters (ISO 4217), but was '{Code}'.", nameof(Code));

    /// <summary>True if <paramref name="code"/> has the form of an ISO 4217 code.</summary>
    public static bool IsValid(string? code) => code is { Length: 3 } && code.All(char.IsAsciiLetterUpper);

    /// <summary>Digits after the decimal point of the currency's major unit.</summary>
    public int Digits => Code switch
    {
        "JPY" or "KRW" or "VND" or "CLP" or "ISK" or "UGX" or "XAF" or "XOF" or "PYG" => 0,
        "BHD" or "KWD" or "OMR" or "TND" or "JOD" or "IQD" or "LYD" => 3,
        _ => 2,
    };

    /// <inheritdoc/>
    public override string ToString() => Code;
}

/// <summary>An amount of money: a whole number of minor units (cents, fen) of one currency. Sums are checked: an
/// overflow throws, and so does mixing currencies.</summary>
/// <param name="Minor">Minor units; may be negative where a refund or a difference is meant.</param>
/// <param name="Currency">The currency.</param>
public readonly record struct Money(long Minor, Currency Currency) : IComparable<Money>
{
    /// <summary>Nothing, in <paramref name="currency"/>.</summary>
    public static Money Zero(Currency currency) => new(0, currency);

    /// <summary>The sum. Throws if the currencies differ or the sum overflows.</summary>
    public static Money operator +(Money a, Money b) => new(checked(a.Minor + b.In(a.Currency)), a.Currency);

    /// <summary>The difference. Throws if the currencies differ or the difference overflows.</summary>
    public static Money operator -(Money a, Money b) => new(checked(a.Minor - b.In(a.Currency)), a.Currency);

    /// <summary>Less than, within one currency.</summary>
    public static bool operator <(Money a, Money b) => a.CompareTo(b) < 0;

    /// <summary>Greater than, within one currency.</summary>
    public static bool operator >(Money a, Money b) => a.CompareTo(b) > 0;

    /// <summary>At most, within one currency.</summary>
    public static bool operator <=(Money a, Money b) => a.CompareTo(b) <= 0;

    /// <summary>At least, within one currency.</summary>
    public static bool operator >=(Money a, Money b) => a.CompareTo(b) >= 0;

    /// <summary>The smaller of two amounts of one currency.</summary>
    public static Money Min(Money a, Money b) => a <= b ? a : b;

    /// <summary>The order of amounts. Throws if the currencies differ.</summary>
    public int CompareTo(Money other) => Minor.CompareTo(other.In(Currency));

    /// <summary>The amount of <paramref name="basisPoints"/> ten-thousandths, rounded half away from zero to a minor
    /// unit. 10 % of 0.95 is 0.10.</summary>
    public Money Share(int basisPoints)
    {
        var scaled = (Int128)Minor * basisPoints;
        var half = scaled >= 0 ? 5_000 : -5_000;
        return new(checked((long)((scaled + half) / 10_000)), Currency);
    }

    /// <summary>The amount as people write it: <c>12.34 USD</c>.</summary>
    public override string ToString()
    {
        var scale = Currency.Digits switch { 0 => 1m, 3 => 1_000m, _ => 100m };
        return (Minor / scale).ToString("F" + Currency.Digits) + " " + Currency.Code;
    }

    private long In(Currency currency) => Currency == currency
        ? Minor
        : throw new InvalidOperationException($"Amounts of {currency} and {Currency} cannot be combined.");
}
