using CouponGrains.Domain.Coupons;
using CsCheck;

namespace CouponGrains.Domain.Tests.Coupons;

public sealed class CouponCodeTests
{
    private static readonly Gen<string> Codes = Gen.Const(0).Select(_ => CouponCode.New());

    [Fact]
    public void A_new_code_is_read_back_in_any_writing() => Codes.Sample(code =>
    {
        Assert.Matches("^[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}$", code);
        Assert.Equal(code, CouponCode.Normalise(code));
        Assert.Equal(code, CouponCode.Normalise(code.ToLowerInvariant()));
        Assert.Equal(code, CouponCode.Normalise(" " + code.Replace("-", " ", StringComparison.Ordinal)));
        Assert.Equal(code, CouponCode.Normalise(code.Replace("-", "", StringComparison.Ordinal)));
    });

    [Fact]
    public void Every_single_wrong_symbol_is_found()
    {
        for (var n = 0; n < 20; n++)
        {
            var code = CouponCode.New();
            for (var i = 0; i < code.Length; i++)
            {
                foreach (var symbol in CouponCode.Alphabet.Where(s => code[i] != '-' && s != code[i]))
                {
                    Assert.Null(CouponCode.Normalise(code[..i] + symbol + code[(i + 1)..]));
                }
            }
        }
    }

    [Fact]
    public void Nearly_every_swap_of_neighbours_is_found()
    {
        var (swaps, found) = (0, 0);
        for (var n = 0; n < 2_000; n++)
        {
            var code = CouponCode.New().Replace("-", "", StringComparison.Ordinal);
            for (var i = 1; i < code.Length; i++)
            {
                if (code[i] != code[i - 1])
                {
                    swaps++;
                    found += CouponCode.Normalise(code[..(i - 1)] + code[i] + code[i - 1] + code[(i + 1)..]) is null
                        ? 1 : 0;
                }
            }
        }

        Assert.True(found > 0.99 * swaps, $"{found} of {swaps} swaps were found.");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("7KQ2M-XW9TD")]
    [InlineData("0000000000000O1")]
    [InlineData("７KQ2M-XW9TD-4HVBR")]
    public void What_is_no_code_is_not_read(string? text) => Assert.Null(CouponCode.Normalise(text));

    [Fact]
    public void No_text_however_odd_breaks_the_reader() =>
        Gen.String.Sample(text => CouponCode.Normalise(text) is null or { Length: 17 });

    [Fact]
    public void Codes_do_not_repeat() =>
        Assert.Equal(20_000, Enumerable.Range(0, 20_000).Select(_ => CouponCode.New()).Distinct().Count());
}
