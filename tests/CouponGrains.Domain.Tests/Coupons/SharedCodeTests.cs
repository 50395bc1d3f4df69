using CouponGrains.Domain.Coupons;

namespace CouponGrains.Domain.Tests.Coupons;

public sealed class SharedCodeTests
{
    [Theory]
    [InlineData("WELCOME10", "WELCOME10")]
    [InlineData(" welcome-10 ", "WELCOME-10")]
    [InlineData("abc", "ABC")]
    [InlineData("A2345678901234567890123456789012", "A2345678901234567890123456789012")]
    [InlineData("ab", null)]
    [InlineData("A23456789012345678901234567890123", null)]
    [InlineData("-ABC", null)]
    [InlineData("ABC-", null)]
    [InlineData("A_BC", null)]
    [InlineData("ÄBC", null)]
    [InlineData("7KQ2M-XW9TD-4HVBR", null)] // A coupon's own, mistyped or not.
    [InlineData("7KQ2MXW9TD4HVBS", null)]
    [InlineData("7KQ2MXW9TD4HVB0", "7KQ2MXW9TD4HVB0")] // 0 is no symbol of theirs.
    [InlineData("", null)]
    [InlineData(null, null)]
    public void It_is_read_in_any_case_and_never_looks_like_a_coupons_own(string? text, string? code) =>
        Assert.Equal(code, SharedCodes.Normalise(text));

    [Fact]
    public void No_new_code_of_a_coupon_is_taken_for_a_shared_one()
    {
        for (var i = 0; i < 1_000; i++)
        {
            var code = CouponCode.New();
            Assert.Null(SharedCodes.Normalise(code));
            Assert.Equal(code, SharedCodes.NormaliseAny(code.ToLowerInvariant()));
        }
    }
}
