using CsCheck;

namespace CouponGrains.Domain.Tests;

public sealed class MoneyTests
{
    [Fact]
    public void Sums_and_differences_are_exact() =>
        Gen.Select(Gen.Long[-1_000_000_000, 1_000_000_000], Gen.Long[-1_000_000_000, 1_000_000_000])
        .Sample((a, b) =>
        {
            var (x, y) = (new Money(a, Samples.Usd), new Money(b, Samples.Usd));
            Assert.Equal(a + b, (x + y).Minor);
            Assert.Equal(x, x + y - y);
            Assert.Equal(a < b, x < y);
            Assert.Equal(Math.Min(a, b), Money.Min(x, y).Minor);
        });

    [Fact]
    public void A_share_is_rounded_half_away_from_zero() =>
        Gen.Select(Gen.Long[-1_000_000, 1_000_000], Gen.Int[0, 10_000]).Sample((minor, share) =>
        Assert.Equal(
            (long)Math.Round(minor * (decimal)share / 10_000, MidpointRounding.AwayFromZero),
            new Money(minor, Samples.Usd).Share(share).Minor));

    [Fact]
    public void An_overflow_throws_and_so_does_mixing_currencies()
    {
        var most = new Money(long.MaxValue, Samples.Usd);
        Assert.Throws<OverflowException>(() => most + new Money(1, Samples.Usd));
        Assert.Throws<InvalidOperationException>(() => most + new Money(1, new("EUR")));
        Assert.Throws<InvalidOperationException>(() => most < new Money(1, new("EUR")));
        Assert.Equal(long.MaxValue, most.Share(10_000).Minor);
    }

    [Theory]
    [InlineData(1234, "USD", "12.34 USD")]
    [InlineData(-5, "USD", "-0.05 USD")]
    [InlineData(1234, "JPY", "1234 JPY")]
    [InlineData(1234, "KWD", "1.234 KWD")]
    public void An_amount_is_written_with_the_digits_of_its_currency(long minor, string currency, string text) =>
        Assert.Equal(text, new Money(minor, new(currency)).ToString());

    [Theory]
    [InlineData("usd")]
    [InlineData("US")]
    [InlineData("ÜSD")]
    [InlineData("")]
    public void A_currency_is_three_capital_letters(string code) =>
        Assert.Throws<ArgumentException>(() => new Currency(code));
}
